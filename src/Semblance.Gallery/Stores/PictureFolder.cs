using Semblance.Core;

namespace Semblance.Gallery.Stores;

/// <summary>Pictures as files named by the hash of their content. A file is there before the row that names it, and goes after it.</summary>
internal sealed class PictureFolder(string root)
{
    public void Write(string hash, ReadOnlyMemory<byte> content)
    {
        var path = PathOf(hash);
        if (!File.Exists(path))
        {
            AtomicFile.WriteBytes(path, content);
        }
    }

    public byte[]? Read(string hash)
    {
        var path = PathOf(hash);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    public void Delete(string hash) => File.Delete(PathOf(hash));

    /// <summary>Deletes every file but these, half written ones too.</summary>
    /// <returns>How many were deleted.</returns>
    public int DeleteAllBut(IReadOnlySet<string> hashes)
    {
        var deleted = 0;
        foreach (var path in Directory.Exists(root) ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories) : [])
        {
            if (!hashes.Contains(Path.GetFileName(path)))
            {
                File.Delete(path);
                deleted++;
            }
        }

        return deleted;
    }

    // The hash is ours, never a caller's word: callers' hashes are looked up in the database first.
    private string PathOf(string hash) => Path.Combine(root, hash[..2], hash);
}
