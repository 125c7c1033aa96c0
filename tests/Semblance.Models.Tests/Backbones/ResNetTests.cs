using Semblance.Models.Backbones;
using Semblance.Tensors;

namespace Semblance.Models.Tests.Backbones;

public sealed class ResNetTests
{
    private static readonly ResNetOptions Narrow = new() { Width = 2, Blocks = [1, 2, 1, 1], Classes = 5 };

    [Fact]
    public void NobodyEditedTheGoldenFiles() => Golden.AssertUntouched("backbones");

    [Fact]
    public void MatchesTorchvision()
    {
        using var golden = new BackboneGolden("resnet");
        using var network = golden.Load(new ResNet(Narrow));
        golden.Matches("output.map", network.Forward(golden["input.images"]));
        golden.Matches("output.logits", network.Classify(golden["input.images"]));
    }

    [Fact]
    public void ALastStrideOfOneKeepsTheResolutionOfTheThirdStage()
    {
        using var golden = new BackboneGolden("resnet");
        using var network = golden.Load(new ResNet(Narrow with { LastStride = 1, Classes = 0 }), name => !name.StartsWith("fc.", StringComparison.Ordinal));
        golden.Matches("output.map_last_stride_1", network.Forward(golden["input.images"]));
        Assert.Throws<InvalidOperationException>(() => network.Classify(golden["input.images"]));
    }

    [Fact]
    public void TheDefaultIsResNet50WithItsPublishedSizeAndNames()
    {
        using var network = new ResNet();
        Assert.Equal(25_557_032, network.Parameters().Sum(parameter => parameter.ElementCount));
        Assert.Equal(2048, network.OutputWidth);
        Assert.Equal([256, 64, 1, 1], network.StateDict()["layer1.0.downsample.0.weight"].Shape);
        Assert.Equal([512, 512, 3, 3], network.StateDict()["layer4.2.conv2.weight"].Shape);
    }

    [Fact]
    public void EveryParameterGetsAGradientAndAPassLeavesNothingBehind()
    {
        using var scope = new TensorScope();
        using var network = new ResNet(Narrow);
        var images = Tensor.Randn([2, 3, 64, 32]);
        network.Classify(images).Square().Sum().Backward();
        Assert.All(network.NamedParameters(), pair => Assert.True(pair.Tensor.Grad is not null, pair.Name));
        TensorDiagnostics.AssertNoneLeft(() => network.Forward(images).Dispose());
    }

    [Fact]
    public void TheTraceNamesEveryStage()
    {
        using var scope = new TensorScope();
        using var network = new ResNet(Narrow);
        var trace = new Trace();
        network.Forward(Tensor.Randn([1, 3, 64, 32]), trace);
        Assert.Equal(["stem", "layer1", "layer2", "layer3", "layer4"], trace.Names);
    }

    [Fact]
    public void UnsoundOptionsAreRefusedAllAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => new ResNet(new ResNetOptions { Blocks = [3, 4], Width = 0, LastStride = 3, Classes = -1 }));
        Assert.All(["[3, 4]", "Width is 0", "LastStride is 3", "Classes is -1"], part => Assert.Contains(part, error.Message));
    }
}
