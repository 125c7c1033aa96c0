using Semblance.Tensors.Layers;

namespace Semblance.Tensors.Tests.Layers;

// Seeds draws that other tests would disturb.
[Collection(nameof(GoldenLayerTests))]
[CollectionDefinition(nameof(GoldenLayerTests), DisableParallelization = true)]
public sealed class GoldenLayerTests
{
    private static readonly Dictionary<string, (Func<Layer> Make, bool IsTraining)> Layers = new()
    {
        ["linear"] = (() => new Linear(7, 5), true),
        ["linear-without-bias"] = (() => new Linear(7, 5, bias: false), true),
        ["conv2d"] = (() => new Conv2d(3, 6, (3, 2), stride: (2, 1), padding: (1, 0)), true),
        ["conv2d-groups"] = (() => new Conv2d(4, 8, 3, padding: 2, dilation: 2, groups: 2, bias: false), true),
        ["batch-norm-1d-train"] = (() => new BatchNorm1d(5), true),
        ["batch-norm-1d-eval"] = (() => new BatchNorm1d(5), false),
        ["batch-norm-1d-sequence"] = (() => new BatchNorm1d(5, epsilon: 1e-3, momentum: 0.3), true),
        ["batch-norm-2d-train"] = (() => new BatchNorm2d(4), true),
        ["batch-norm-2d-eval"] = (() => new BatchNorm2d(4), false),
        ["layer-norm"] = (() => new LayerNorm(12, epsilon: 1e-6), true),
        ["embedding"] = (() => new EmbeddingTable(9, 4, paddingIndex: 0), true),
        ["max-pool-2d"] = (() => new MaxPool2d(3, stride: 2, padding: 1), true),
        ["average-pool-2d"] = (() => new AvgPool2d((2, 3), stride: (2, 1)), true),
        ["adaptive-average-pool-2d"] = (() => new AdaptiveAvgPool2d((3, 2)), true),
        ["adaptive-average-pool-2d-one"] = (() => new AdaptiveAvgPool2d(1), true),
        ["relu"] = (() => new Relu(), true),
        ["gelu"] = (() => new Gelu(), true),
        ["tanh"] = (() => new Tanh(), true),
        ["sigmoid"] = (() => new Sigmoid(), true),
        ["dropout-eval"] = (() => new Dropout(0.4), false),
        ["sequential"] = (
            () => new Sequential(
                new Conv2d(3, 4, 3, padding: 1, bias: false), new BatchNorm2d(4), new Relu(), new MaxPool2d(2), new AdaptiveAvgPool2d(1), new Flatten(), new Linear(4, 2)),
            true),
    };

    public static TheoryData<string> LayerNames => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void ALayerComputesAndDerivesAsPyTorchDoes(string name)
    {
        using var golden = new GoldenCase(name);
        using var layer = Layers[name].Make();
        layer.Train(Layers[name].IsTraining);
        golden.Check(layer, inputs => new() { ["y"] = layer.Forward(inputs["x"]) });
    }

    [Fact]
    public void AttentionLeavesPaddingOutAndShowsItsWeights()
    {
        using var golden = new GoldenCase("attention");
        using var attention = new MultiheadAttention(8, 2);
        golden.Check(attention, inputs =>
        {
            var (y, weights) = attention.ForwardWithWeights(inputs["x"], inputs["x"], inputs["x"], inputs["mask"]);
            return new() { ["y"] = y, ["weights"] = weights };
        });
    }

    [Fact]
    public void AttentionLooksAtAnotherSequence()
    {
        using var golden = new GoldenCase("attention-cross");
        using var attention = new MultiheadAttention(8, 4, bias: false);
        golden.Check(attention, inputs => new() { ["y"] = attention.Forward(inputs["query"], inputs["memory"], inputs["memory"]) });
    }

    [Fact]
    public void AttentionJoinsBothMasksWithThreeDifferentSequences()
    {
        using var golden = new GoldenCase("attention-masked");
        using var attention = new MultiheadAttention(8, 2);
        golden.Check(attention, inputs => new() { ["y"] = attention.Forward(inputs["x"], inputs["memory"], inputs["x"], inputs["mask"], inputs["attention"]) });
    }

    [Theory]
    [InlineData("encoder-post-norm", false, Activation.Relu)]
    [InlineData("encoder-pre-norm", true, Activation.Gelu)]
    public void ABlockNormalisesBeforeOrAfter(string name, bool normFirst, Activation activation)
    {
        using var golden = new GoldenCase(name);
        using var block = new TransformerEncoderLayer(8, 2, 16, dropout: 0, activation, normFirst);
        golden.Check(block, inputs => new() { ["y"] = block.Forward(inputs["x"], inputs["mask"]) });
    }

    [Fact]
    public void BlocksStackAndEndInANormalisation()
    {
        using var golden = new GoldenCase("encoder-stack");
        using var encoder = new TransformerEncoder(
            Enumerable.Range(0, 2).Select(_ => new TransformerEncoderLayer(8, 2, 16, dropout: 0, Activation.Gelu, normFirst: true)), new LayerNorm(8));
        golden.Check(encoder, inputs => new() { ["y"] = encoder.Forward(inputs["x"]) });
    }

    [Fact]
    public void LossesAndFunctionsAgreeWithPyTorch()
    {
        Check("cross-entropy", x => ("loss", x["logits"].CrossEntropy(x["target"])));
        Check("cross-entropy-smooth", x => ("loss", x["logits"].CrossEntropy(x["target"], labelSmoothing: 0.1)));
        Check("cross-entropy-ignore", x => ("loss", x["logits"].CrossEntropy(x["target"], ignoreIndex: 3)));
        Check("l1", x => ("loss", x["x"].L1Loss(x["y"])));
        Check("mse", x => ("loss", x["x"].MseLoss(x["y"])));
        Check("kl", x => ("loss", x["x"].LogSoftmax(-1).KlDiv(x["y"].Softmax(-1), reduction: Reduction.Sum) / x["x"].Size(0)));
        Check("normalize", x => ("y", x["x"].Normalize(dim: -1)));
        Check("softmax", x => ("softmax", x["x"].Softmax(1)), x => ("log", x["x"].LogSoftmax(-1)), x => ("sum", x["x"].LogSumExp(0)));

        static void Check(string name, params Func<Dictionary<string, Tensor>, (string Key, Tensor Value)>[] forward)
        {
            using var golden = new GoldenCase(name);
            golden.Check(null, inputs => forward.Select(f => f(inputs)).ToDictionary(pair => pair.Key, pair => pair.Value));
        }
    }

    [Theory]
    [InlineData("larger")]
    [InlineData("smaller")]
    [InlineData("same")]
    public void APositionTableIsResizedByBicubicInterpolation(string name)
    {
        using var golden = new GoldenCase($"bicubic-{name}");
        var (height, width) = (long.Parse(golden.Metadata["height"]), long.Parse(golden.Metadata["width"]));
        golden.Check(null, inputs => new() { ["y"] = inputs["x"].Interpolate(height, width, InterpolationMode.Bicubic) });
        if (name == "same")
        {
            using var scope = new TensorScope();
            Assert.Equal(golden["input.x"].ToArray<float>(), golden["input.x"].Interpolate(height, width, InterpolationMode.Bicubic).ToArray<float>());
        }
    }

    [Fact]
    public void TheSameSeedGivesPyTorchsFirstValues()
    {
        using var golden = new GoldenCase("initialise");
        using var scope = new TensorScope();
        Module("linear", () => new Linear(7, 5));
        Module("conv2d", () => new Conv2d(4, 6, 3, groups: 2));
        Module("batch-norm-2d", () => new BatchNorm2d(3));
        Module("layer-norm", () => new LayerNorm(3));
        Module("embedding", () => new EmbeddingTable(5, 3, paddingIndex: 2));
        Module("attention", () => new MultiheadAttention(8, 2));
        Module("encoder", () => new TransformerEncoderLayer(8, 2, 12));
        Drawn("normal", t => Initialise.Normal(t, 0.5, 2.0));
        Drawn("uniform", t => Initialise.Uniform(t, -0.5, 2.0));
        Drawn("truncated-normal", t => Initialise.TruncatedNormal(t, 0.1, 1.5, -2, 2));
        Drawn("xavier-uniform", t => Initialise.XavierUniform(t, 1.5));
        Drawn("xavier-normal", t => Initialise.XavierNormal(t));
        Drawn("kaiming-uniform", t => Initialise.KaimingUniform(t));
        Drawn("kaiming-normal-out", t => Initialise.KaimingNormal(t, FanMode.Out));

        void Module(string name, Func<Module> make)
        {
            TorchRandom.Seed(20240607);
            using var module = make();
            var expected = golden.Under($"{name}.");
            var state = module.StateDict();
            Assert.Equal(expected.Keys.Order(), state.Keys.Order());
            Assert.All(state, pair => Assert.Equal(expected[pair.Key].ToArray<double>(), pair.Value.ToArray<double>()));
        }

        void Drawn(string name, Action<Tensor> draw)
        {
            TorchRandom.Seed(20240607);
            var tensor = Tensor.Empty(golden[name].Shape);
            draw(tensor);
            golden.AssertClose(name, tensor, relative: 5e-7, absolute: 0);
        }
    }

    [Fact]
    public void NobodyEditedTheGoldenFiles() => Golden.AssertUntouched("layers");
}
