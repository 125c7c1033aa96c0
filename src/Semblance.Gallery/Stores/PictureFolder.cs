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

    /// <summary>Every hash that has a file, and every file that a killed process left half written.</summary>
    public (IEnumerable<string> Hashes, IEnumerable<string> Remains) List()
    {
        if (!Directory.Exists(root))
        {
            return ([], []);
        }

        var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).ToArray();
        return (files.Select(Path.GetFileName).OfType<string>().Where(name => name.Length == 64), files.Where(path => Path.GetFileName(path).Length != 64));
    }

    // The hash is ours, never a caller's word: callers' hashes are looked up in the database first.
    private string PathOf(string hash) => Path.Combine(root, hash[..2], hash);
}
