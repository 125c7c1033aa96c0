using Semblance.Tensors.Optimisers;

namespace Semblance.Tensors.Tests.Optimisers;

public sealed class LossScalingTests
{
    [Fact]
    public void TheFactorHalvesAtAnOverflowAndDoublesAfterManyGoodSteps()
    {
        var scaling = new LossScaling { GrowthInterval = 3 };
        scaling.Note(finite: false);
        Assert.Equal(32768, scaling.Factor);
        scaling.Note(finite: true);
        scaling.Note(finite: true);
        Assert.Equal((32768.0, 2), (scaling.Factor, scaling.GoodSteps));
        scaling.Note(finite: true);
        Assert.Equal((65536.0, 0), (scaling.Factor, scaling.GoodSteps));
    }

    [Fact]
    public void GradientsComeBackToTheirOwnSize()
    {
        using var scope = new TensorScope();
        var parameter = Tensor.From<float>([1, 2], 2);
        parameter.RequiresGrad = true;
        var unused = Tensor.From<float>([3], 1);
        unused.RequiresGrad = true;
        var scaling = new LossScaling();
        ((parameter * parameter).Sum() * scaling.Factor).Backward();
        scaling.Unscale([parameter, unused]);
        Assert.Equal([2f, 4f], parameter.Grad!.ToArray<float>());
        Assert.Null(unused.Grad);
    }

    [Fact]
    public void OverflowsWithoutEnlargementAreAnError()
    {
        var scaling = new LossScaling();
        scaling.Restore(1, 4);
        Assert.Equal(4, scaling.GoodSteps);
        var error = Assert.Throws<ArithmeticException>(() => scaling.Note(finite: false));
        Assert.Contains("train in bfloat16", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => scaling.Restore(0, 0));
    }
}
