namespace Semblance.Tensors;

/// <summary>First values of parameters, written in place and outside the graph. Each returns the same tensor; draws follow <see cref="TorchRandom"/>.</summary>
/// <remarks>Formulas, and the order of draws, as in torch.nn.init: the same seed gives the same numbers.</remarks>
public static class Initialise
{
    /// <summary>The gain for a layer followed by a ReLU: √2.</summary>
    public static readonly double ReluGain = Math.Sqrt(2);

    /// <summary>Every element the same.</summary>
    public static Tensor Constant(Tensor tensor, double value) => Write(tensor, t => t.FillInPlace(value));

    public static Tensor Zeros(Tensor tensor) => Constant(tensor, 0);

    public static Tensor Ones(Tensor tensor) => Constant(tensor, 1);

    /// <summary>Normal distribution.</summary>
    public static Tensor Normal(Tensor tensor, double mean = 0, double std = 1) => Write(tensor, t => t.NormalInPlace(mean, std));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static Tensor Uniform(Tensor tensor, double low = 0, double high = 1) => Write(tensor, t => t.UniformInPlace(low, high));

    /// <summary>Normal distribution cut off at both ends, which are values, not deviations.</summary>
    public static Tensor TruncatedNormal(Tensor tensor, double mean = 0, double std = 1, double low = -2, double high = 2)
    {
        if (low >= high)
        {
            throw new ArgumentException($"the cut from {low} to {high} is empty", nameof(low));
        }

        // Inverse of the distribution: uniform between the two ends' probabilities, mapped back.
        var from = Cumulative((low - mean) / std);
        var to = Cumulative((high - mean) / std);
        return Write(tensor, t => t.UniformInPlace((2 * from) - 1, (2 * to) - 1).ErfinvInPlace().MulInPlace(std * Math.Sqrt(2)).AddInPlace(mean).ClampInPlace(low, high));
    }

    /// <summary>Uniform with variance <c>gain² · 2 / (in + out)</c>. Glorot and Bengio 2010.</summary>
    public static Tensor XavierUniform(Tensor tensor, double gain = 1)
    {
        var (fanIn, fanOut) = Fans(tensor);
        var bound = Math.Sqrt(3) * (gain * Math.Sqrt(2 / (double)(fanIn + fanOut)));
        return Uniform(tensor, -bound, bound);
    }

    /// <summary>Normal with variance <c>gain² · 2 / (in + out)</c>. Glorot and Bengio 2010.</summary>
    public static Tensor XavierNormal(Tensor tensor, double gain = 1)
    {
        var (fanIn, fanOut) = Fans(tensor);
        return Normal(tensor, 0, gain * Math.Sqrt(2 / (double)(fanIn + fanOut)));
    }

    /// <summary>Uniform with variance <c>gain² / fan</c>. He et al. 2015, arXiv 1502.01852.</summary>
    /// <param name="tensor">Two dimensions or more: <c>[Out, In, ...]</c>.</param>
    /// <param name="mode">Which fan.</param>
    /// <param name="gain"><see cref="ReluGain"/> when left out.</param>
    public static Tensor KaimingUniform(Tensor tensor, FanMode mode = FanMode.In, double? gain = null)
    {
        var bound = Math.Sqrt(3) * KaimingDeviation(tensor, mode, gain);
        return Uniform(tensor, -bound, bound);
    }

    /// <summary>Normal with variance <c>gain² / fan</c>. He et al. 2015, arXiv 1502.01852.</summary>
    /// <inheritdoc cref="KaimingUniform"/>
    public static Tensor KaimingNormal(Tensor tensor, FanMode mode = FanMode.In, double? gain = null) => Normal(tensor, 0, KaimingDeviation(tensor, mode, gain));

    /// <summary>PyTorch's first weights of linear layers and convolutions: Kaiming for a leaky ReLU of slope √5, which is uniform in ±1/√fan.</summary>
    internal static Tensor LinearWeight(Tensor tensor) => KaimingUniform(tensor, FanMode.In, Math.Sqrt(2.0 / (1 + Math.Pow(Math.Sqrt(5), 2))));

    /// <summary>PyTorch's first bias of linear layers and convolutions: uniform in ±1/√fan.</summary>
    internal static Tensor LinearBias(Tensor tensor, long fanIn)
    {
        var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        return Uniform(tensor, -bound, bound);
    }

    private static double KaimingDeviation(Tensor tensor, FanMode mode, double? gain)
    {
        var (fanIn, fanOut) = Fans(tensor);
        return (gain ?? ReluGain) / Math.Sqrt(mode == FanMode.In ? fanIn : fanOut);
    }

    private static (long In, long Out) Fans(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var shape = tensor.Shape;
        if (shape.Length < 2)
        {
            throw new ArgumentException($"a tensor {tensor} has no inputs and outputs, expected two dimensions or more", nameof(tensor));
        }

        var area = shape[2..].Aggregate(1L, (product, size) => product * size);
        return (shape[1] * area, shape[0] * area);
    }

    /// <summary>The normal distribution function; .NET has no erf of its own.</summary>
    private static double Cumulative(double x)
    {
        using var argument = Tensor.Scalar(x / Math.Sqrt(2), ScalarType.Float64);
        using var erf = argument.Erf();
        return (1 + erf.Item<double>()) / 2;
    }

    private static Tensor Write(Tensor tensor, Action<Tensor> write)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var noGrad = Autograd.NoGrad();
        write(tensor);
        return tensor;
    }
}
