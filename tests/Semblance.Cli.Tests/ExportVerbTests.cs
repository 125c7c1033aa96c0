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
}
