using System.IO.Enumeration;
using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>A file of an image folder.</summary>
/// <param name="Name">In exactly the case found on disk.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct ListedFile(string Name, long Bytes);

/// <summary>What lies in one image folder, in ordinal order: the pictures, and what does not belong there.</summary>
internal sealed class FolderListing
{
    private static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png", ".bmp", ".webp"];
    private static readonly string[] Silent = [".txt", ".mat", ".json", ".zip", ".tar", ".gz", ".tgz", ".rar", ".7z", ".csv"];
    private static readonly string[] SilentNames = ["Thumbs.db", "desktop.ini", ".DS_Store"];

    private FolderListing(List<ListedFile> pictures, List<ListedFile> unexpected, int folders)
    {
        (Pictures, Unexpected, Folders) = (pictures, unexpected, folders);
    }

    public IReadOnlyList<ListedFile> Pictures { get; }

    /// <summary>Neither picture nor one of the files that are passed over in silence.</summary>
    public IReadOnlyList<ListedFile> Unexpected { get; }

    public int Folders { get; }

    /// <summary>Lists a folder, not what is below it.</summary>
    public static FolderListing Of(string folder)
    {
        List<ListedFile> pictures = [];
        List<ListedFile> unexpected = [];
        var folders = 0;
        var entries = new FileSystemEnumerable<(string Name, long Bytes, bool Folder)>(
            folder, (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory ? 0 : entry.Length, entry.IsDirectory), new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false });
        foreach (var (name, bytes, isFolder) in Listed(folder, entries))
        {
            if (isFolder)
            {
                folders++;
            }
            else if (IsPicture(name))
            {
                pictures.Add(new ListedFile(name, bytes));
            }
            else if (!IsSilent(name))
            {
                unexpected.Add(new ListedFile(name, bytes));
            }
        }

        pictures.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        unexpected.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new FolderListing(pictures, unexpected, folders);
    }

    /// <summary>Whether this user may see what is in a folder.</summary>
    public static bool MayBeListed(string folder)
    {
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
            entries.MoveNext();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A folder that may not be read is not an empty one.
    private static List<T> Listed<T>(string folder, IEnumerable<T> entries)
    {
        try
        {
            return [.. entries];
        }
        catch (UnauthorizedAccessException error)
        {
            throw new SemblanceFormatException(folder, "this user may not read the folder", inner: error);
        }
    }

    /// <summary>True for the endings of pictures that are read; a file whose name begins with "._" is a Macintosh's shadow of another.</summary>
    public static bool IsPicture(string name) => !name.StartsWith("._", StringComparison.Ordinal) && Array.Exists(PictureEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static bool IsSilent(string name) =>
        name.StartsWith("._", StringComparison.Ordinal)
        || SilentNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Array.Exists(Silent, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>A folder in a few words, for messages: what is in it, or that it is not there.</summary>
    public static string Describe(string folder)
    {
        if (File.Exists(folder))
        {
            return "a file";
        }

        if (!Directory.Exists(folder))
        {
            return "no such folder";
        }

        var names = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path) + (Directory.Exists(path) ? "/" : "")).Order(StringComparer.Ordinal).Take(7).ToArray();
        return names.Length == 0 ? "an empty folder" : string.Join(", ", names.Take(6)) + (names.Length > 6 ? ", ..." : "");
    }
}
