namespace Semblance.Bench;

/// <summary>A folder for what passes between us and a peer; gone when disposed.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("semblance-bench-");

    public string Folder => _folder.FullName;

    public string At(string name) => Path.Combine(Folder, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
