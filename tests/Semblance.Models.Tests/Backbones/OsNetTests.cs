using Semblance.Models.Backbones;
using Semblance.Tensors;

namespace Semblance.Models.Tests.Backbones;

public sealed class OsNetTests
{
    private static readonly OsNetOptions Narrow = new() { Channels = [4, 64, 64, 64], Blocks = [2, 1, 1], FeatureWidth = 8, Classes = 5 };

    [Fact]
    public void MatchesTheReference()
    {
        using var golden = new BackboneGolden("osnet");
        using var network = golden.Load(new OsNet(Narrow));
        golden.Matches("output.map", network.Forward(golden["input.images"]));
        golden.Matches("output.feature", network.Feature(golden["input.images"]));
        golden.Matches("output.logits", network.Classify(golden["input.images"]));
    }

    /// <summary>The counts of the published x1.0: 2.17 million up to the feature, 1.9 million up to the feature map.</summary>
    [Fact]
    public void TheDefaultIsOsNetX1WithItsPublishedSizeAndNames()
    {
        using var network = new OsNet();
        Assert.Equal(2_169_508, network.Parameters().Sum(parameter => parameter.ElementCount));
        Assert.Equal(1_905_828, network.NamedParameters().Where(pair => !pair.Name.StartsWith("fc.", StringComparison.Ordinal)).Sum(pair => pair.Tensor.ElementCount));
        var state = network.StateDict();
        Assert.All(
            [
                "conv1.conv.weight", "conv2.0.conv1.bn.running_mean", "conv2.0.conv2a.conv2.weight", "conv2.0.conv2d.3.bn.weight", "conv2.0.gate.fc1.bias", "conv2.0.downsample.conv.weight",
                "conv2.2.0.conv.weight", "conv4.1.conv3.bn.bias", "conv5.bn.num_batches_tracked", "fc.0.weight", "fc.1.running_var",
            ],
            name => Assert.Contains(name, state.Keys));
    }

    [Fact]
    public void EveryParameterGetsAGradient()
    {
        using var scope = new TensorScope();
        using var network = new OsNet(Narrow);
        network.Classify(Tensor.Randn([4, 3, 64, 32])).Square().Sum().Backward();
        Assert.All(network.NamedParameters(), pair => Assert.True(pair.Tensor.Grad is not null, pair.Name));
    }

    [Fact]
    public void WithoutALastLinearLayerTheFeatureIsTheMeanOfTheMap()
    {
        using var scope = new TensorScope();
        using var network = new OsNet(Narrow with { FeatureWidth = 0, Classes = 0 });
        network.Eval();
        var images = Tensor.Randn([2, 3, 64, 32]);
        Examples.AssertClose(network.Forward(images).Mean([2, 3]), network.Feature(images));
        Assert.Throws<InvalidOperationException>(() => network.Classify(images));
    }

    [Fact]
    public void UnsoundOptionsAreRefusedAllAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => new OsNet(new OsNetOptions { Channels = [64, 100, 384, 512], Blocks = [0, 1, 2], FeatureWidth = 0, Classes = 3 }));
        Assert.All(["[64, 100, 384, 512]", "[0, 1, 2]", "Classes is 3 but FeatureWidth 0"], part => Assert.Contains(part, error.Message));
    }
}
