using System.Text;
using Semblance.Tensors;

namespace Semblance.Cli.Tests;

public sealed class ImportVerbTests : IDisposable
{
    private static readonly string Irra = Golden.File("checkpoints/irra.pth");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ACheckpointIsSeenRenamedAndWrittenIntoAFolder()
    {
        var said = SemblanceProgram.Run("import", Irra, "--out", Path.Combine(_folder.Root, "weights"), "--height", "24", "--width", "16", "--json").Json();

        Assert.Equal("irra", said.GetProperty("map").GetString());
        Assert.Contains("MIT", said.GetProperty("licence").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, said.GetProperty("missing").GetArrayLength());
        Assert.Equal("model.odd", Assert.Single(said.GetProperty("unexpected").EnumerateArray()).GetString());
        Assert.Contains("model.classifier.bias", said.GetProperty("ignored").EnumerateArray().Select(name => name.GetString()));
        var file = Path.Combine(_folder.Root, "weights", "irra.safetensors");
        Assert.Equal(file, said.GetProperty("file").GetString());
        using var written = Safetensors.Open(file);
        Assert.Contains("visual.conv1.weight", written.Names);
        Assert.Equal("24", written.Metadata["height"]);
    }

    [Fact]
    public void APersonReadsWhatBecameOfEveryTensor()
    {
        var output = SemblanceProgram.Run("import", Irra, "--as", "irra", "--out", _folder.File("clip.safetensors"), "--height", "24", "--width", "16").Done().Output;

        Assert.Matches(@"clip\.safetensors: irra, \d+ tensors loaded\n", output);
        Assert.Contains("1 unexpected: model.odd", output, StringComparison.Ordinal);
        Assert.Contains("ignored by design: ", output, StringComparison.Ordinal);
        Assert.Contains("licence, as such weights usually are: MIT", output, StringComparison.Ordinal);
    }

    [Fact]
    public void APickleThatWouldRunSomethingIsRefusedByTheNameOfIt()
    {
        var path = _folder.File("evil.pth");
        File.WriteAllBytes(path, [0x80, 2, .. Encoding.ASCII.GetBytes("cos\nsystem\nX\u0004\0\0\0true"), 0x85, (byte)'R', (byte)'.']);

        SemblanceProgram.Run("import", path, "--as", "osnet", "--out", _folder.Root).Refused(3, path, "\"os.system\"", "would run code", "torch.save");
        Assert.Single(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void WeightsOfNoKnownKindAreRefusedWithTheKindsThatAre() =>
        SemblanceProgram.Run("import", Golden.File("checkpoints/zip.pth"), "--out", _folder.Root).Refused(3, "names of no kind that is known", "osnet", "state_dict.float");

    [Fact]
    public void OffersTheKindThatWasMeant() => SemblanceProgram.Run("import", Irra, "--as", "ira", "--out", _folder.Root).Refused(2, "no weights are called \"ira\"", "did you mean \"irra\"");

    [Fact]
    public void SaysWhichSizeItNeeds() => SemblanceProgram.Run("import", Irra, "--height", "24", "--out", _folder.Root).Refused(2, "give both");

    [Fact]
    public void NamesAFileThatIsNotThere() => SemblanceProgram.Run("import", Path.Combine(_folder.Root, "none.pth"), "--out", _folder.Root).Refused(2, "none.pth");

    [Fact]
    public void RefusesToWriteOverWhatItReads()
    {
        var path = _folder.File("same.safetensors");
        File.Copy(Irra, path);
        SemblanceProgram.Run("import", path, "--height", "24", "--width", "16", "--out", path).Refused(2, "--out is the file that is read");
    }
}
