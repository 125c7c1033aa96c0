using static Semblance.Tensors.Tests.Numbers;

namespace Semblance.Tensors.Tests;

/// <summary>Operators against values worked out by hand or by a plain loop.</summary>
public sealed class FunctionTests
{
    private static Tensor Grid => Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 3);

    [Fact]
    public void ArithmeticBroadcastsAndKeepsWholeNumbersWhole()
    {
        using var scope = new TensorScope();
        var x = Grid;
        AssertClose(x + x, [2, 4, 6, 8, 10, 12]);
        AssertClose(x - Tensor.From([1f, 2f, 3f]), [0, 0, 0, 3, 3, 3]);
        AssertClose(1 - x, [0, -1, -2, -3, -4, -5]);
        AssertClose(2 * x / 4, [0.5, 1, 1.5, 2, 2.5, 3]);
        AssertClose(6 / x, [6, 3, 2, 1.5, 1.2, 1]);
        AssertClose(-x * x, [-1, -4, -9, -16, -25, -36]);
        Assert.Equal(ScalarType.Int64, (Tensor.Arange(3) + 1).Dtype);
        Assert.Equal(ScalarType.Float32, (Tensor.Arange(3) * 0.5).Dtype);
        AssertClose(Tensor.From([7L, -7L]).FloorDivide(2), [3, -4]);
        AssertClose(Tensor.From([7L, -7L]).Remainder(4), [3, 1]);
        AssertClose(x.Lerp(x * 3, 0.5), [2, 4, 6, 8, 10, 12]);
    }

    [Fact]
    public void FunctionsOfOneElementAgreeWithMath()
    {
        using var scope = new TensorScope();
        double[] points = [0.25, 1, 2.5];
        var x = Tensor.From(points);
        Check(x.Sqrt(), Math.Sqrt);
        Check(x.Rsqrt(), v => 1 / Math.Sqrt(v));
        Check(x.Exp(), Math.Exp);
        Check(x.Log(), Math.Log);
        Check(x.Log1p(), v => Math.Log(1 + v));
        Check(x.Expm1(), v => Math.Exp(v) - 1);
        Check((-x).Abs(), v => v);
        Check(x.Sin(), Math.Sin);
        Check(x.Cos(), Math.Cos);
        Check(x.Tanh(), Math.Tanh);
        Check(x.Sigmoid(), v => 1 / (1 + Math.Exp(-v)));
        Check(x.LogSigmoid(), v => -Math.Log(1 + Math.Exp(-v)));
        Check(x.Softplus(), v => Math.Log(1 + Math.Exp(v)));
        Check(x.Pow(3), v => v * v * v);
        Check(x.Square(), v => v * v);
        Check(x.Reciprocal(), v => 1 / v);
        Check((x - 1).Relu(), v => Math.Max(v - 1, 0));
        Check((x - 1).LeakyRelu(0.1), v => v < 1 ? 0.1 * (v - 1) : v - 1);
        Check(x.Clamp(0.5, 2.0), v => Math.Clamp(v, 0.5, 2));
        Check(x.ClampMin(1), v => Math.Max(v, 1));
        Check(x.ClampMax(1), v => Math.Min(v, 1));
        Check(x.Gelu(), v => v * 0.5 * (1 + Erf(v / Math.Sqrt(2))), 2e-7);
        Check(x.Floor() + x.Ceil() + x.Round() + x.Sign(), v => Math.Floor(v) + Math.Ceiling(v) + Math.Round(v) + 1);

        void Check(Tensor actual, Func<double, double> expected, double tolerance = 1e-12) => AssertClose(actual, [.. points.Select(expected)], tolerance);

        // Abramowitz and Stegun 7.1.26, good to 1.5e-7.
        static double Erf(double v)
        {
            var t = 1 / (1 + (0.3275911 * v));
            return 1 - ((((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t) * Math.Exp(-v * v));
        }
    }

    [Fact]
    public void ReductionsRunOverAllOrSomeDimensions()
    {
        using var scope = new TensorScope();
        var x = Grid;
        AssertClose(x.Sum(), [21]);
        AssertClose(x.Sum(0), [5, 7, 9]);
        AssertClose(x.Sum([0, 1], keepDim: true), [21]);
        AssertShape(x.Sum(-1, keepDim: true), 2, 1);
        AssertClose(x.Mean(), [3.5]);
        AssertClose(x.Mean(1), [2, 5]);
        AssertClose(x.Var(), [3.5]);
        AssertClose(x.Var(unbiased: false), [17.5 / 6], 1e-5);
        AssertClose(x.Std(1), [1, 1]);
        AssertClose(x.Std(1, unbiased: false), [Math.Sqrt(2.0 / 3), Math.Sqrt(2.0 / 3)], 1e-6);
        AssertClose(x.Max(), [6]);
        AssertClose(x.Min(), [1]);
        AssertClose(x.Amax(0), [4, 5, 6]);
        AssertClose(x.Amin(1), [1, 4]);
        AssertClose(x.Argmax(), [5]);
        AssertClose(x.Argmax(1), [2, 2]);
        AssertClose(x.Argmin(0), [0, 0, 0]);
        AssertClose(x.Max(1).Values, [3, 6]);
        AssertClose(x.Min(0).Indices, [0, 0, 0]);
        AssertClose(x.Cumsum(1), [1, 3, 6, 4, 9, 15]);
        AssertClose(x.Norm(), [Math.Sqrt(91)], 1e-5);
        AssertClose(x.Norm(1, 1), [6, 15]);
        AssertClose(x.LogSumExp(1), [3 + Math.Log(1 + Math.Exp(-1) + Math.Exp(-2)), 6 + Math.Log(1 + Math.Exp(-1) + Math.Exp(-2))], 1e-6);
        AssertClose(x.TopK(2).Values, [3, 2, 6, 5]);
        AssertClose(x.TopK(1, largest: false).Indices, [0, 0]);
        AssertClose(Tensor.From([2f, 1f, 2f, 1f]).Sort(descending: true).Indices, [0, 2, 1, 3]);
        AssertClose(Tensor.From([2f, 1f, 2f, 1f]).Argsort(), [1, 3, 0, 2]);
        AssertClose(x.Gt(2).Any(1), [1, 1]);
        AssertClose(x.Gt(2).All(1), [0, 1]);
        Assert.True(x.Gt(5).Any().Item<bool>());
        Assert.False(x.Gt(5).All().Item<bool>());
    }

    [Fact]
    public void ComparisonsGiveMasks()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2f, 3f]);
        var y = Tensor.From([3f, 2f, 1f]);
        Assert.Equal([false, true, false], x.Eq(y).ToArray<bool>());
        Assert.Equal([true, false, true], x.Ne(y).ToArray<bool>());
        Assert.Equal([true, false, false], x.Lt(y).ToArray<bool>());
        Assert.Equal([true, true, false], x.Le(2).ToArray<bool>());
        Assert.Equal([false, false, true], x.Gt(y).ToArray<bool>());
        Assert.Equal([false, true, true], x.Ge(y).ToArray<bool>());
        Assert.Equal([false, true, false], x.Le(2).LogicalAnd(x.Ge(2)).ToArray<bool>());
        Assert.Equal([true, false, true], x.Lt(2).LogicalOr(x.Gt(2)).ToArray<bool>());
        Assert.Equal([true, false, true], x.Eq(2).LogicalNot().ToArray<bool>());
        AssertClose(x.Maximum(y), [3, 2, 3]);
        AssertClose(Tensor.Minimum(x, y), [1, 2, 1]);
        Assert.True(x.IsFinite());
        Assert.False((x / 0).IsFinite());
        Assert.False((0 * (x / 0)).IsFinite());
        Assert.Equal([true], Tensor.From([float.NaN]).IsNaN().ToArray<bool>());
    }

    [Fact]
    public void ShapesChangeWithoutChangingElements()
    {
        using var scope = new TensorScope();
        var x = Grid;
        AssertShape(x.Reshape(3, -1), 3, 2);
        AssertShape(x.View(6), 6);
        AssertClose(x.Transpose(0, 1), [1, 4, 2, 5, 3, 6]);
        AssertClose(x.T(), [1, 4, 2, 5, 3, 6]);
        AssertShape(Tensor.Zeros([2, 3, 4]).Permute(2, 0, 1), 4, 2, 3);
        AssertShape(x.Unsqueeze(1), 2, 1, 3);
        AssertShape(x.Unsqueeze(1).Squeeze(1), 2, 3);
        AssertShape(Tensor.Zeros([1, 2, 1]).Squeeze(), 2);
        AssertShape(Tensor.Zeros([2, 3, 4]).Flatten(1), 2, 12);
        AssertShape(Tensor.Zeros([1, 3]).Expand(4, -1), 4, 3);
        AssertClose(Tensor.From([1f, 2f]).Repeat(2, 2), [1, 2, 1, 2, 1, 2, 1, 2]);
        AssertClose(Tensor.From([1f, 2f]).RepeatInterleave(2), [1, 1, 2, 2]);
        AssertClose(x.Roll([1], [1]), [3, 1, 2, 6, 4, 5]);
        AssertClose(x.Flip(1), [3, 2, 1, 6, 5, 4]);
        AssertClose(x.Narrow(1, 1, 2), [2, 3, 5, 6]);
        AssertClose(x.Select(0, 1), [4, 5, 6]);
        AssertClose(Tensor.Cat([x, x], 1)[0], [1, 2, 3, 1, 2, 3]);
        AssertShape(Tensor.Stack([x, x, x], 1), 2, 3, 3);
        Assert.Equal([2L, 1L], x.Split(2, 1).Select(part => part.Size(1)));
        Assert.Equal([1L, 2L], x.Split([1, 2], 1).Select(part => part.Size(1)));
        Assert.Equal(2, x.Chunk(2).Length);
        AssertClose(x.Unbind(1)[2], [3, 6]);
        AssertClose(x.Tril(), [1, 0, 0, 4, 5, 0]);
        AssertClose(x.Triu(1), [0, 2, 3, 0, 0, 6]);
        AssertClose(x.Diagonal(), [1, 5]);
        AssertClose(Tensor.From([1f]).Pad([1, 2], 9), [9, 1, 9, 9]);
        AssertClose(Tensor.Arange(4).Unfold(0, 2, 1), [0, 1, 1, 2, 2, 3]);
    }

    [Fact]
    public void ProductsAgreeWithThePlainLoop()
    {
        using var scope = new TensorScope();
        var a = Grid;
        var b = Tensor.From([1f, 0f, -1f, 2f, 0.5f, 1f], 3, 2);
        double[] product = [0.5, 7, 2, 16];
        AssertClose(a.MatMul(b), product);
        AssertClose(a.Linear(b.T(), Tensor.From([1f, -1f])), [1.5, 6, 3, 15]);
        AssertClose(a.Unsqueeze(0).Bmm(b.Unsqueeze(0)), product);
        AssertClose(Tensor.Ones([2, 2]).Addmm(a, b, beta: 2, alpha: 1), [2.5, 9, 4, 18]);
        AssertClose(Tensor.Ones([1, 2, 2]).Baddbmm(a.Unsqueeze(0), b.Unsqueeze(0), beta: 0), product);
        AssertClose(Tensor.From([1f, 2f]).Dot(Tensor.From([3f, 4f])), [11]);
        AssertClose(a.Cdist(Tensor.Zeros([1, 3])), [Math.Sqrt(14), Math.Sqrt(77)], 1e-5);
        AssertClose(a.CosineSimilarity(a * 2), [1, 1]);
        AssertClose(a.Normalize(), [.. new[] { 1, 2, 3 }.Select(v => v / Math.Sqrt(14)), .. new[] { 4, 5, 6 }.Select(v => v / Math.Sqrt(77))]);
        AssertClose(Tensor.Zeros([1, 2]).Normalize(), [0, 0]);
    }

    [Fact]
    public void SoftmaxAndLossesAgreeWithTheirFormulas()
    {
        using var scope = new TensorScope();
        var logits = Tensor.From([1.0, 2, 3, 0, 0, 0], 2, 3);
        var sum = Math.Exp(-2) + Math.Exp(-1) + 1;
        double[] logs = [-2 - Math.Log(sum), -1 - Math.Log(sum), -Math.Log(sum), -Math.Log(3), -Math.Log(3), -Math.Log(3)];
        AssertClose(logits.LogSoftmax(1), logs, 1e-12);
        AssertClose(logits.Softmax(1), [.. logs.Select(Math.Exp)], 1e-12);
        var classes = Tensor.From([2L, 0L]);
        AssertClose(logits.CrossEntropy(classes), [-(logs[2] + logs[3]) / 2], 1e-12);
        AssertClose(logits.CrossEntropy(classes, reduction: Reduction.None), [-logs[2], -logs[3]], 1e-12);
        AssertClose(logits.CrossEntropy(Tensor.From([2L, -100L])), [-logs[2]], 1e-12);
        AssertClose(logits.CrossEntropy(classes, labelSmoothing: 0.3), [(-0.7 * (logs[2] + logs[3]) / 2) - (0.1 * logs.Sum() / 2)], 1e-12);
        AssertClose(logits.LogSoftmax(1).NllLoss(classes, reduction: Reduction.Sum), [-(logs[2] + logs[3])], 1e-12);
        var target = Tensor.Ones([2, 3], ScalarType.Float64);
        AssertClose(logits.L1Loss(target), [1], 1e-12);
        AssertClose(logits.MseLoss(target), [8.0 / 6], 1e-12);
        AssertClose(logits.SmoothL1Loss(target, reduction: Reduction.Sum), [0 + 0.5 + 1.5 + 0.5 + 0.5 + 0.5], 1e-12);
        AssertClose(Tensor.From([2.0]).BinaryCrossEntropyWithLogits(Tensor.From([1.0])), [Math.Log(1 + Math.Exp(-2))], 1e-12);
        AssertClose(Tensor.From([Math.Log(0.5)]).KlDiv(Tensor.From([0.25]), reduction: Reduction.Sum), [0.25 * Math.Log(0.5)], 1e-12);
    }

    [Fact]
    public void NormalisationLeavesMeanZeroAndVarianceOne()
    {
        using var scope = new TensorScope();
        var x = Tensor.Randn([4, 3, 5, 5], ScalarType.Float64);
        var layer = (x * 3 + 1).LayerNorm([5L, 5], 0);
        AssertClose(layer.Mean([2, 3]), new double[12], 1e-10);
        AssertClose(layer.Var([2, 3], unbiased: false), [.. Enumerable.Repeat(1.0, 12)], 1e-10);
        var mean = Tensor.Zeros([3], ScalarType.Float64);
        var variance = Tensor.Ones([3], ScalarType.Float64);
        var batch = (x * 3 + 1).BatchNorm(null, null, mean, variance, train: true, momentum: 1, epsilon: 0);
        AssertClose(batch.Mean([0, 2, 3]), new double[3], 1e-10);
        AssertClose(mean, (x * 3 + 1).Mean([0, 2, 3]).ToArray<double>(), 1e-10);
        AssertClose(variance, (x * 3 + 1).Var([0, 2, 3]).ToArray<double>(), 1e-10);
        AssertClose((x * 3 + 1).BatchNorm(null, null, mean, variance, train: false).Mean(), [0], 1e-4);
    }

    [Fact]
    public void PicturesAreConvolvedPooledAndResized()
    {
        using var scope = new TensorScope();
        var x = Tensor.Arange(16, ScalarType.Float32).Reshape(1, 1, 4, 4);
        var box = Tensor.Ones([1, 1, 2, 2]);
        AssertClose(x.Conv2d(box, stride: [2]), [10, 18, 42, 50]);
        AssertShape(x.Conv2d(box, Tensor.From([1f]), padding: [1, 0]), 1, 1, 5, 3);
        AssertClose(Tensor.Ones([1, 1, 1, 1]).ConvTranspose2d(box), [1, 1, 1, 1]);
        AssertClose(x.MaxPool2d([2]), [5, 7, 13, 15]);
        AssertClose(x.AvgPool2d([2]), [2.5, 4.5, 10.5, 12.5]);
        AssertClose(x.AdaptiveAvgPool2d(1, 1), [7.5]);
        AssertClose(x.AdaptiveMaxPool2d(1, 2), [13, 15]);
        AssertClose(x.Interpolate(2, 2, InterpolationMode.Area), [2.5, 4.5, 10.5, 12.5]);
        AssertClose(x.Interpolate(2, 2), [2.5, 4.5, 10.5, 12.5]);
        AssertClose(x.Interpolate(2, 2, InterpolationMode.Nearest), [0, 2, 8, 10]);
        AssertClose(x.Interpolate(2, 2, alignCorners: true), [0, 3, 12, 15]);
        AssertClose(x.Interpolate(4, 4, InterpolationMode.Bicubic), x.ToArray<double>(), 1e-5);
        AssertShape(x.Unfold([2, 2], [2, 2]), 1, 4, 4);
        AssertClose(x.Unfold([2, 2], [2, 2])[0, .., 0], [0, 1, 4, 5]);
    }

    [Fact]
    public void TablesAreLookedUp()
    {
        using var scope = new TensorScope();
        AssertClose(Tensor.Arange(6, ScalarType.Float32).Reshape(3, 2).EmbeddingLookup(Tensor.From([2L, 0L])), [4, 5, 0, 1]);
        AssertClose(Tensor.From([2L, 0L]).OneHot(3), [0, 0, 1, 1, 0, 0]);
    }

    [Fact]
    public void InPlaceFunctionsChangeTheirOwnTensor()
    {
        using var x = Tensor.From([1f, 4f]);
        using var y = Tensor.From([2f, 2f]);
        Assert.Same(x, x.AddInPlace(y));
        AssertClose(x, [3, 6]);
        AssertClose(x.AddInPlace(y, -0.5), [2, 5]);
        AssertClose(x.AddInPlace(1).SubInPlace(y), [1, 4]);
        AssertClose(x.MulInPlace(y).MulInPlace(0.5).DivInPlace(y).DivInPlace(0.25), [2, 8]);
        AssertClose(x.AddcmulInPlace(y, y, 0.5).AddcdivInPlace(y, y, -2), [2, 8]);
        AssertClose(x.LerpInPlace(y, 0.5), [2, 5]);
        AssertClose(x.ClampInPlace(0, 4).SqrtInPlace(), [Math.Sqrt(2), 2]);
        using var mask = x.Gt(1.5);
        AssertClose(x.MaskedFillInPlace(mask, 0), [Math.Sqrt(2), 0]);
        AssertClose(x.FillInPlace(3), [3, 3]);
        AssertClose(x.ZeroInPlace(), [0, 0]);
    }
}
