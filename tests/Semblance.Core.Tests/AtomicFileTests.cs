using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Semblance.Core.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private const string ChildVariable = "SEMBLANCE_TEST_WRITE_AND_WAIT";

    private readonly TemporaryFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Root, "deep", "file.txt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AWriteMakesFoldersAndReplacesTheFile()
    {
        AtomicFile.WriteText(FilePath, "a long first text");
        AtomicFile.WriteText(FilePath, "zwölf");
        Assert.Equal("zwölf"u8.ToArray(), File.ReadAllBytes(FilePath));
        AtomicFile.WriteBytes(FilePath, new byte[] { 1, 2 });
        Assert.Equal([1, 2], File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        AtomicFile.WriteText(FilePath, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(FilePath, stream =>
        {
            stream.Write("half of the n"u8);
            throw new IOException("no space left");
        }));
        Assert.Equal("old", File.ReadAllText(FilePath));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public async Task AKilledWriteLeavesTheOldFile()
    {
        AtomicFile.WriteText(FilePath, "old");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[ChildVariable] = FilePath;
        using var child = Process.Start(start)!;
        Assert.Equal("half written", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("old", File.ReadAllText(FilePath));

        AtomicFile.WriteText(FilePath, "new");
        Assert.Equal("new", File.ReadAllText(FilePath));
    }

    /// <summary>The child of <see cref="AKilledWriteLeavesTheOldFile"/>: this program again, stopped in the middle of a write until it is killed.</summary>
    [ModuleInitializer]
    internal static void WriteAndWait()
    {
        if (Environment.GetEnvironmentVariable(ChildVariable) is { } path)
        {
            AtomicFile.Write(path, stream =>
            {
                stream.Write("half of the n"u8);
                stream.Flush(flushToDisk: true);
                Console.WriteLine("half written");
                Thread.Sleep(Timeout.Infinite);
            });
        }
    }
}
