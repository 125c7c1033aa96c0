using Semblance.Core;
using Semblance.Models.Backbones;
using Semblance.Models.Weights;
using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Tests.Weights;

/// <summary>Golden state dicts under the wrappings in which public checkpoints come; what is written must fill a network of ours, strictly.</summary>
public sealed class WeightImportTests : IDisposable
{
    private readonly TensorScope _scope = new();
    private readonly TemporaryFolder _folder = new();

    private string Source => _folder.File("public.safetensors");

    private string Output => _folder.File("ours.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("osnet", "osnet", "")]
    [InlineData("osnet", "osnet", "state_dict.module.")]
    [InlineData("resnet", "resnet50", "module.")]
    [InlineData("vit", "vit-b16", "model.base.")]
    [InlineData("bert", "bert-base", "bert.")]
    [InlineData("clip", "clip-vit-b16", "")]
    [InlineData("clip", "irra", "model.base_model.")]
    public void PublicNamesAreSeenAndFillTheNetwork(string golden, string key, string prefix)
    {
        var weights = Golden(golden);
        Write(weights, prefix);

        using (var file = WeightsFile.Open(Source))
        {
            Assert.Equal(key, WeightMap.Guess(file.Names)?.Key);
        }

        // The golden tables belong to grids that are no squares.
        var size = golden switch { "vit" => new ImportSize(26, 14, 6), "clip" => new ImportSize(24, 16), _ => null };
        var report = WeightImport.Run(WeightMap.Parse(key), Source, Output, size);

        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Empty(report.Resized);
        using Module network = golden switch
        {
            "osnet" => new OsNet(new OsNetOptions { Channels = [4, 64, 64, 64], Blocks = [2, 1, 1], FeatureWidth = 8 }),
            "resnet" => new ResNet(new ResNetOptions { Width = 2, Blocks = [1, 2, 1, 1], LastStride = 1, Classes = 0 }),
            "vit" => new Vit(new VitOptions { Height = 26, Width = 14, Patch = 8, Stride = 6, HiddenWidth = 16, Heads = 2, Layers = 2, MlpWidth = 24 }),
            "bert" => new Bert(new BertOptions { VocabularySize = 20, Positions = 9, HiddenWidth = 16, Heads = 4, Layers = 2, MlpWidth = 24 }),
            _ => new Clip(new ClipOptions
            {
                Height = 24,
                Width = 16,
                Patch = 8,
                Stride = 8,
                ImageWidth = 16,
                ImageLayers = 2,
                ImageHeads = 2,
                VocabularySize = 30,
                TextLength = 7,
                TextWidth = 8,
                TextLayers = 2,
                TextHeads = 2,
                EmbeddingWidth = 6,
            }),
        };
        var imported = Safetensors.Load(Output);
        network.LoadStateDict(imported);
        Assert.All(imported, pair => Examples.AssertClose(weights[pair.Key], pair.Value, 0, pair.Key));
        Assert.Equal(weights.Keys.Except(imported.Keys).Select(name => prefix + name), report.Ignored);
    }

    [Fact]
    public void ACheckpointOfIrraIsReadWithItsHeadsLeftOutAndItsTrainingStateToo()
    {
        using var file = WeightsFile.Open(Semblance.Golden.File("checkpoints/irra.pth"));
        Assert.Equal("irra", WeightMap.Guess(file.Names)?.Key);

        var report = WeightImport.Run(WeightMap.Parse("irra"), Semblance.Golden.File("checkpoints/irra.pth"), Output, new ImportSize(24, 16));

        Assert.Equal(
            ["model.classifier.bias", "model.classifier.weight", "model.cross_attn.in_proj_weight", "model.ln_post.weight", "optimizer.state.0.exp_avg", "optimizer.state.0.exp_avg_sq"],
            report.Ignored.Where(name => !name.EndsWith(".step", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(["model.odd"], report.Unexpected);
        using var written = Safetensors.Open(Output);
        Assert.Equal("irra", written.Metadata["map"]);
        Assert.StartsWith("irra.pth: IRRA", written.Metadata["source"], StringComparison.Ordinal);
        Assert.Equal(64, written.Metadata["sha256"].Length);
        Assert.Contains("MIT", written.Metadata["licence"], StringComparison.Ordinal);
        Assert.Equal(("24", "16", "8", "8"), (written.Metadata["height"], written.Metadata["width"], written.Metadata["patch"], written.Metadata["stride"]));
        Examples.AssertClose(Golden("clip")["visual.proj"], written.Load("visual.proj").To(ScalarType.Float32), 2e-3);
    }

    [Fact]
    public void ASquarePositionTableIsResizedToThePictures()
    {
        var weights = Golden("vit");
        weights["pos_embed"] = Tensor.Randn([1, 1 + (4 * 4), 16]);
        Write(weights);

        var report = WeightImport.Run(WeightMap.Parse("vit-b16"), Source, Output, new ImportSize(48, 24, 8));

        Assert.Equal(["pos_embed"], report.Resized);
        using var written = Safetensors.Open(Output);
        Examples.AssertClose(PositionTable.Resize(weights["pos_embed"], (4, 4), (6, 3)), written.Load("pos_embed"));
        Assert.Empty(WeightImport.Run(WeightMap.Parse("vit-b16"), Source, Output).Resized);
    }

    [Fact]
    public void APositionTableThatIsNoSquareNeedsTheSizeItWasTrainedAt()
    {
        Write(Golden("vit"));
        Assert.Contains("8 positions are no square", Assert.Throws<ArgumentException>(() => WeightImport.Run(WeightMap.Parse("vit-b16"), Source, Output)).Message);
        Assert.Contains(
            "neither a square nor those of", Assert.Throws<SemblanceFormatException>(() => WeightImport.Run(WeightMap.Parse("vit-b16"), Source, Output, new ImportSize(64, 32))).Message);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void EveryMissingMisshapenAndUnexpectedTensorIsNamedAndNothingWritten()
    {
        var weights = Golden("osnet");
        weights.Remove("conv5.bn.weight");
        weights["conv1.bn.bias"] = Tensor.Zeros([3]);
        weights["conv9.weight"] = Tensor.Zeros([1]);
        Write(weights);

        var error = Assert.Throws<SemblanceFormatException>(() => WeightImport.Run(WeightMap.Parse("osnet"), Source, Output));

        Assert.All(["1 tensors are missing (conv5.bn.weight)", "conv1.bn.bias is [3], expected [4]", "1 are unexpected (conv9.weight)"], part => Assert.Contains(part, error.Message));
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void CountersThatOldCheckpointsLackStartAtZero()
    {
        var weights = Golden("resnet").Where(pair => !pair.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary();
        Write(weights);

        var report = WeightImport.Run(WeightMap.Parse("resnet50"), Source, Output);

        Assert.All(report.Missing, name => Assert.EndsWith("num_batches_tracked", name));
        Assert.NotEmpty(report.Missing);
        using var network = new ResNet(new ResNetOptions { Width = 2, Blocks = [1, 2, 1, 1], Classes = 0 });
        network.LoadStateDict(Safetensors.Load(Output));
    }

    [Fact]
    public void TheOldNamesOfBertsNormalisationsAreUnderstood()
    {
        var weights = Golden("bert").ToDictionary(pair => pair.Key.Replace("LayerNorm.weight", "LayerNorm.gamma").Replace("LayerNorm.bias", "LayerNorm.beta"), pair => pair.Value);
        weights["pooler.dense.bias"] = Tensor.Zeros([16]);
        weights["embeddings.position_ids"] = Tensor.Zeros([1, 9], ScalarType.Int64);
        Write(weights, "bert.", ("cls.predictions.bias", Tensor.Zeros([20])));

        var report = WeightImport.Run(WeightMap.Parse("bert-base"), Source, Output);

        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Equal(["bert.embeddings.position_ids", "bert.pooler.dense.bias", "cls.predictions.bias"], report.Ignored.Order(StringComparer.Ordinal));
        Examples.AssertClose(weights["encoder.layer.1.output.LayerNorm.gamma"], Safetensors.Load(Output)["encoder.layer.1.output.LayerNorm.weight"], 0);
    }

    [Fact]
    public void WeightsOfAnotherKindAreRefusedWithTheKindTheyLookLike()
    {
        Write(Golden("osnet"));
        Assert.Contains(": they look like osnet", Assert.Throws<SemblanceFormatException>(() => WeightImport.Run(WeightMap.Parse("bert-base"), Source, Output)).Message);
        Write(new() { ["odd"] = Tensor.Zeros([1]) });
        Assert.Contains("(it has odd)", Assert.Throws<SemblanceFormatException>(() => WeightImport.Run(WeightMap.Parse("osnet"), Source, Output)).Message);
    }

    [Fact]
    public void ASizeThatSaysNothingOrTooLittleIsRefused()
    {
        Write(Golden("osnet"));
        Assert.Contains("reads pictures of any size", Assert.Throws<ArgumentException>(() => WeightImport.Run(WeightMap.Parse("osnet"), Source, Output, new ImportSize(256, 128))).Message);
        Assert.Contains("give both", Assert.Throws<ArgumentException>(() => WeightImport.Run(WeightMap.Parse("osnet"), Source, Output, new ImportSize(Height: 256))).Message);
        Assert.Contains("did you mean \"osnet\"?", Assert.Throws<ArgumentException>(() => WeightMap.Parse("ostnet")).Message);
    }

    [Fact]
    public void FlavaBecomesOursAndIsReadAgainByItsOwnImporter()
    {
        var options = Examples.Options with { Stride = Examples.Options.Patch };
        using var model = new Mmet(options);
        var flava = model.StateDict().SelectMany(pair => FlavaWeightsTests.Flava(pair.Key, pair.Value)).ToDictionary(pair => pair.Name, pair => pair.Values);
        Safetensors.Write(Source, flava);

        var report = WeightImport.Run(WeightMap.Parse("flava"), Source, Output, new ImportSize(options.Height, options.Width, options.Stride));

        Assert.Empty(report.Unexpected);
        Assert.Empty(report.Missing);
        TorchRandom.Seed(5);
        using var fresh = new Mmet(options);
        Assert.Empty(FlavaWeights.Import(fresh, Output).Missing);
        Assert.All(model.StateDict(), pair => Examples.AssertClose(pair.Value, fresh.StateDict()[pair.Key], 0, pair.Key));
    }

    private static Dictionary<string, Tensor> Golden(string name)
    {
        using var file = Safetensors.Open(Semblance.Golden.File($"backbones/{name}.safetensors"));
        return file.Names.Where(key => key.StartsWith("weight.", StringComparison.Ordinal)).ToDictionary(key => key["weight.".Length..], key => file.Load(key));
    }

    private void Write(Dictionary<string, Tensor> weights, string prefix = "", params (string Name, Tensor Tensor)[] more) => Safetensors.Write(
        Source, weights.Select(pair => (Name: prefix + pair.Key, Tensor: pair.Value)).Concat(more).ToDictionary(pair => pair.Name, pair => pair.Tensor));
}
