namespace Semblance.Data.Reading;

/// <summary>Looks up files by listing each folder once, which is quicker than asking for every file, and tells names that differ in case only.</summary>
internal sealed class FilesOnDisk(string root)
{
    private readonly Dictionary<string, Dictionary<string, long>> _folders = new(StringComparer.Ordinal);

    /// <summary>The length of a file, or null when there is none of exactly this name.</summary>
    public long? Length(string relative) => Folder(FolderOf(relative)).TryGetValue(NameOf(relative), out var bytes) ? bytes : null;

    /// <summary>The name on the disk of a file that is there in other letters, capital or small.</summary>
    public string? OtherCase(string relative)
    {
        var files = Folder(FolderOf(relative));
        return files.ContainsKey(NameOf(relative)) ? null : files.Keys.FirstOrDefault(name => name.Equals(NameOf(relative), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The paths of all pictures in these folders.</summary>
    public IEnumerable<string> Pictures(IEnumerable<string> folders) => folders.SelectMany(folder => Folder(folder).Keys.Select(name => $"{folder}/{name}"));

    private static string FolderOf(string relative) => relative[..Math.Max(relative.LastIndexOf('/'), 0)];

    private static string NameOf(string relative) => relative[(relative.LastIndexOf('/') + 1)..];

    private Dictionary<string, long> Folder(string relative)
    {
        if (!_folders.TryGetValue(relative, out var files))
        {
            var path = Path.Combine(root, relative);
            files = Directory.Exists(path) ? FolderListing.Of(path).Pictures.ToDictionary(file => file.Name, file => file.Bytes, StringComparer.Ordinal) : [];
            _folders[relative] = files;
        }

        return files;
    }
}
