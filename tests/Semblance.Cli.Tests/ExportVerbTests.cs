using Semblance.Models;
using Semblance.Training;

namespace Semblance.Cli.Tests;

public sealed class ExportVerbTests(Workshop workshop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 1e-6)]
    [InlineData(true, 5e-3)]
    public void TheExportedModelEmbedsAsTheRunDoes(bool half, double tolerance)
    {
        var folder = Path.Combine(_folder.Root, "encoder");

        var said = SemblanceProgram.Run(["export", workshop.Run, "--out", folder, "--licence", "made up", "--json", .. half ? ["--half"] : Array.Empty<string>()]).Json();

        using var run = TrainedModel.Open(workshop.Run);
        using var exported = TrainedModel.Open(folder);
        Assert.Equal(exported.Fingerprint.Hex, said.GetProperty("fingerprint").GetString());
        Assert.Contains("made up", File.ReadAllText(Path.Combine(folder, "model.json")), StringComparison.Ordinal);
        string[] texts = ["a woman in a red coat"];
        Assert.Equal(run.EncodeTexts(texts, EmbeddingSpace.Joint)[0], exported.EncodeTexts(texts, EmbeddingSpace.Joint)[0], (a, b) => Math.Abs(a - b) < tolerance);
        var (whole, bare) = (new FileInfo(Path.Combine(workshop.Run, "model", "model.safetensors")).Length, new FileInfo(Path.Combine(folder, "model.safetensors")).Length);
        Assert.InRange(bare, 1, half ? (whole / 2) + 10_000 : whole - 1);
    }

    [Fact]
    public void OnnxGraphsBearTheRunsFingerprint()
    {
        var folder = Path.Combine(_folder.Root, "graphs");

        var said = SemblanceProgram.Run("export", workshop.Run, "--format", "onnx", "--out", folder, "--licence", "made up", "--json").Json();

        using var run = TrainedModel.Open(workshop.Run);
        Assert.Equal(run.Fingerprint.Hex, said.GetProperty("fingerprint").GetString());
        Assert.Equal(["image.onnx", "onnx.json", "text.onnx", "vocabulary.txt"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("made up", File.ReadAllText(Path.Combine(folder, "onnx.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void AnExportedModelKeepsItsLicenceWhenItIsExportedAgain()
    {
        var (first, second) = (Path.Combine(_folder.Root, "first"), Path.Combine(_folder.Root, "second"));
        SemblanceProgram.Run("export", workshop.Run, "--out", first, "--licence", "made up").Done();
        SemblanceProgram.Run("export", first, "--format", "onnx", "--out", second).Done();
        Assert.Contains("\"licence\": \"made up\"", File.ReadAllText(Path.Combine(second, "onnx.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void SaysWhatFormatsThereAreAndThatOnnxIsNotHalved()
    {
        var folder = Path.Combine(_folder.Root, "none");
        SemblanceProgram.Run("export", workshop.Run, "--format", "onx", "--out", folder).Refused(2, "no --format \"onx\"", "did you mean \"onnx\"");
        SemblanceProgram.Run("export", workshop.Run, "--format", "onnx", "--half", "--out", folder).Refused(2, "--half is for safetensors");
        Assert.False(Directory.Exists(folder));
    }
}
