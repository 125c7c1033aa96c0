using static Semblance.Tensors.Tests.Numbers;

namespace Semblance.Tensors.Tests;

public sealed class AutogradTests
{
    private static readonly double[] Points = [0.3, -1.2, 2.1, 0.7, -0.4, 1.9];

    public static TheoryData<string, Func<Tensor, Tensor>> Functions => new()
    {
        { "polynomial", x => (x.Pow(3) - (2 * x) + 1).Sum() },
        { "softmax", x => x.Softmax(-1).Pow(2).Sum() },
        { "log-softmax", x => x.LogSoftmax(0)[0].Sum() },
        { "log-sum-exp", x => x.LogSumExp(1).Sum() },
        { "gelu", x => x.Gelu().Sum() },
        { "layer norm", x => x.LayerNorm(Tensor.From([1.0, 2, 3]), Tensor.From([0.0, 1, 0])).Pow(2).Sum() },
        { "normalise", x => (x.Normalize(dim: 1) * Tensor.From([1.0, 2, 3])).Sum() },
        { "matrix product", x => x.MatMul(x.Transpose(0, 1)).Exp().Mean() },
        { "linear", x => x.Linear(Tensor.From([1.0, -2, 0.5], 1, 3), Tensor.From([0.1])).Tanh().Sum() },
        { "cross-entropy", x => x.CrossEntropy(Tensor.From([2L, 0L]), labelSmoothing: 0.1) },
        { "distance", x => x.Cdist(Tensor.From([0.0, 0, 0, 1, 1, 1], 2, 3)).Sum() },
        { "division", x => (1 / x).Sum() + (x / 3).Sum() },
        { "sigmoid and softplus", x => (x.Sigmoid() * x.Softplus()).Sum() },
        { "norms and deviations", x => x.Norm() + x.Std() + x.Var(1).Sum() + x.Norm(1, 0).Sum() },
        { "bicubic", x => x.Reshape(1, 1, 2, 3).Interpolate(5, 4, InterpolationMode.Bicubic).Pow(2).Sum() },
    };

    [Theory]
    [MemberData(nameof(Functions), DisableDiscoveryEnumeration = true)]
    public void GradientsAgreeWithDifferences(string name, Func<Tensor, Tensor> function)
    {
        Assert.NotEmpty(name);
        AssertGradient(function, Points, [2, 3]);
    }

    [Fact]
    public void BackwardAddsToTheGradientsOfLeaves()
    {
        using var scope = new TensorScope();
        var weight = Tensor.From([2f, 3f]);
        Assert.Null(weight.Grad);
        weight.RequiresGrad = true;
        (weight * weight).Sum().Backward();
        AssertClose(weight.Grad!, [4, 6]);
        weight.Sum().Backward();
        AssertClose(weight.Grad!, [5, 7]);
        weight.Grad = null;
        Assert.Null(weight.Grad);
        weight.Grad = Tensor.From([1f, 2f]);
        AssertClose(weight.Grad!, [1, 2]);
    }

    [Fact]
    public void BackwardTakesAGradientForWhatIsNoScalar()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2f]);
        x.RequiresGrad = true;
        Assert.Contains("backward", Assert.Throws<TorchException>(() => (x * 2).Backward()).Message, StringComparison.Ordinal);
        (x * 2).Backward(Tensor.From([1f, 10f]));
        AssertClose(x.Grad!, [2, 20]);
    }

    [Fact]
    public void ASecondDerivativeIsTheDerivativeOfTheFirst()
    {
        using var scope = new TensorScope();
        var x = Tensor.Scalar(2.0, ScalarType.Float64);
        x.RequiresGrad = true;
        var first = Autograd.Grad(x.Pow(3), [x], createGraph: true)[0];
        AssertClose(Autograd.Grad(first, [x])[0], [12]);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void AnInputThatDoesNotMatterGetsZeros()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([2]);
        var y = Tensor.Ones([3]);
        x.RequiresGrad = y.RequiresGrad = true;
        AssertClose(Autograd.Grad(x.Sum(), [x, y])[1], [0, 0, 0]);
    }

    [Fact]
    public void NothingIsRecordedWithoutGrad()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([2]);
        x.RequiresGrad = true;
        using (Autograd.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
            using (Autograd.EnableGrad())
            {
                Assert.True((x * 2).RequiresGrad);
            }

            Assert.False(Autograd.IsEnabled);
        }

        Assert.True((x * 2).RequiresGrad);
        Assert.False((x * 2).Detach().RequiresGrad);
        Assert.True(x.IsLeaf);
        Assert.False((x * 2).IsLeaf);
    }

    [Fact]
    public void OnlyRealNumbersAndLeavesChangeWhetherTheyAreRecorded()
    {
        using var scope = new TensorScope();
        var whole = Tensor.Arange(3);
        Assert.Throws<TorchException>(() => whole.RequiresGrad = true);
        var x = Tensor.Ones([1]);
        x.RequiresGrad = true;
        var y = x * 2;
        Assert.Throws<TorchException>(() => y.RequiresGrad = false);
    }

    [Fact]
    public void AParameterIsOverwrittenOutsideTheGraph()
    {
        using var scope = new TensorScope();
        var weight = Tensor.Ones([2]);
        weight.RequiresGrad = true;
        weight.CopyFrom(Tensor.From([5.0, 6.0]));
        AssertClose(weight, [5, 6]);
        Assert.True(weight is { RequiresGrad: true, IsLeaf: true });
        Assert.Throws<TorchException>(() => weight.AddInPlace(1));
    }

    [Fact]
    public void AHookReplacesTheGradient()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, -1f]);
        x.RequiresGrad = true;
        var y = x * 3;
        y.RegisterHook(gradient => gradient * 10);
        y.Sum().Backward();
        AssertClose(x.Grad!, [30, 30]);
        Tensor? seen = null;
        var z = x * 3;
        z.RegisterHook(gradient =>
        {
            seen = TensorScope.Release(gradient.Clone());
            return null;
        });
        x.Grad = null;
        z.Sum().Backward();
        AssertClose(x.Grad!, [3, 3]);
        AssertClose(seen!, [1, 1]);
        seen!.Dispose();
    }

    [Fact]
    public void AnExceptionInAHookComesOutOfTheBackwardPass()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([1]);
        x.RequiresGrad = true;
        var y = x * 2;
        y.RegisterHook(_ => throw new FormatException("from the hook"));
        Assert.Equal("from the hook", Assert.Throws<FormatException>(() => y.Sum().Backward()).Message);
        Assert.Throws<TorchException>(() => Tensor.Ones([1]).Backward());
    }

    [Fact]
    public void GuidedBackpropagationPassesOnlyPositiveGradientsAtPositiveInputs()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([2.0, 2.0, -0.5, -0.5]);
        x.RequiresGrad = true;
        var incoming = Tensor.From([1.0, -1.0, 1.0, -1.0]);
        var plain = Autograd.Grad(x.Gelu(), [x], incoming)[0].ToArray<double>();
        using (GuidedBackpropagation.On())
        {
            var output = x.Gelu();
            using (GuidedBackpropagation.On())
            {
            }

            Assert.True(GuidedBackpropagation.IsOn);
            AssertClose(Autograd.Grad(output, [x], incoming)[0], [plain[0], 0, 0, 0]);
        }

        Assert.False(GuidedBackpropagation.IsOn);
        Assert.NotEqual(0, plain[1]);
        AssertClose(Autograd.Grad(x.Gelu(), [x], incoming)[0], plain);
    }

    [Fact]
    public void AGuidedPassLeavesNoTensorBehind() => TensorDiagnostics.AssertNoneLeft(() =>
    {
        using var scope = new TensorScope();
        var x = Tensor.From([2.0, -1.0]);
        x.RequiresGrad = true;
        using (GuidedBackpropagation.On())
        {
            x.Gelu().Relu().Sum().Backward();
        }

        Assert.True(x.Grad!.ToArray<double>()[0] > 1);
        Assert.Equal(0, x.Grad!.ToArray<double>()[1]);
    });
}
