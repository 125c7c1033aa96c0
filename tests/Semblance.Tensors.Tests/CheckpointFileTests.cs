using Semblance.Core;

namespace Semblance.Tensors.Tests;

/// <summary>Checkpoints that PyTorch wrote (tests/golden/make_checkpoints.py) give the tensors that PyTorch put in.</summary>
public sealed class CheckpointFileTests
{
    [Fact]
    public void NobodyEditedTheGoldenFiles() => Golden.AssertUntouched("checkpoints");

    [Theory]
    [InlineData("zip.pth", "")]
    [InlineData("legacy.pth", "")]
    [InlineData("protocol4.pth", "")]
    [InlineData("script.pt", "script.")]
    public void EveryFormatGivesWhatWasSaved(string name, string prefix)
    {
        using var scope = new TensorScope();
        using var file = WeightsFile.Open(Golden.File($"checkpoints/{name}"));
        using var expected = Safetensors.Open(Golden.File("checkpoints/expected.safetensors"));
        var wanted = expected.Names.Select(key => key["output.".Length..]).Where(key => prefix.Length > 0 == key.StartsWith("script.", StringComparison.Ordinal)).ToArray();

        Assert.IsType<CheckpointFile>(file);
        Assert.Equal(wanted.Select(key => key[prefix.Length..]).Order(StringComparer.Ordinal), file.Names.Order(StringComparer.Ordinal));
        Assert.All(wanted, key =>
        {
            var (was, found) = (expected.Load($"output.{key}"), file.Load(key[prefix.Length..]));
            Assert.Equal(was.Shape, found.Shape);
            Assert.Equal(was.ToArray<float>(), found.ToArray<float>());
        });
    }

    [Fact]
    public void ElementTypesStayAsTheyWere()
    {
        using var file = WeightsFile.Open(Golden.File("checkpoints/zip.pth"));
        Assert.Equal(
            [ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool],
            new[] { "float", "double", "half", "brain", "long", "int", "short", "char", "byte", "bool" }.Select(name => file.Dtype($"state_dict.{name}")));
        using var whole = file.Load("state_dict.long");
        Assert.Equal([-(1L << 40), 3], whole.ToArray<long>());
    }

    [Fact]
    public void ASafetensorsFileIsKnownByItsContentEvenWhereItsLengthLooksLikeAPickle()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("weights.pth");
        using var tensor = Tensor.Ones([2]);
        for (var words = 0; words < 64; words++)
        {
            Safetensors.Write(path, new Dictionary<string, Tensor> { ["weight"] = tensor }, new Dictionary<string, string> { ["note"] = new string('x', words * 8) });
            using var file = WeightsFile.Open(path);
            Assert.IsType<SafetensorsFile>(file);
        }
    }

    [Fact]
    public void AnythingElseIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("weights.pth"), "no weights at all");
        Assert.Throws<SemblanceFormatException>(() => WeightsFile.Open(folder.File("weights.pth")));
        File.WriteAllBytes(folder.File("weights.pth"), []);
        Assert.Throws<SemblanceFormatException>(() => WeightsFile.Open(folder.File("weights.pth")));
        Assert.Throws<FileNotFoundException>(() => WeightsFile.Open(folder.File("none.pth")));
    }

    [Fact]
    public void LoadingLeavesNothingBehind()
    {
        using var file = WeightsFile.Open(Golden.File("checkpoints/zip.pth"));
        TensorDiagnostics.AssertNoneLeft(() => file.Load("state_dict.transposed").Dispose());
        Assert.Contains("did you mean \"state_dict.float\"?", Assert.Throws<SemblanceFormatException>(() => file.Load("state_dict.flaot")).Message);
    }
}
