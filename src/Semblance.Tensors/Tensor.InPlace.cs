using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>What changes the tensor itself. Each returns this same tensor.</content>
public sealed partial class Tensor
{
    /// <summary>Overwrites the elements (converted, broadcast) outside the graph: also those of a parameter.</summary>
    public void CopyFrom(Tensor source)
    {
        using var grad = Autograd.NoGrad();
        Operator.InPlace("copy_", this, source);
    }

    public Tensor ZeroInPlace() => Changed("zero_", this);

    public Tensor FillInPlace(Number value) => Changed("fill_.Scalar", this, value);

    /// <summary>this + scale · other.</summary>
    public Tensor AddInPlace(Tensor other, double scale = 1) =>
        scale == 1 ? Changed("add_.Tensor", this, other) : Changed("add_.Tensor", this, other, scale);

    public Tensor AddInPlace(Number other) => Changed("add_.Scalar", this, other);

    public Tensor SubInPlace(Tensor other) => Changed("sub_.Tensor", this, other);

    public Tensor MulInPlace(Tensor other) => Changed("mul_.Tensor", this, other);

    public Tensor MulInPlace(Number other) => Changed("mul_.Scalar", this, other);

    public Tensor DivInPlace(Tensor other) => Changed("div_.Tensor", this, other);

    public Tensor DivInPlace(Number other) => Changed("div_.Scalar", this, other);

    /// <summary>this + value · a · b.</summary>
    public Tensor AddcmulInPlace(Tensor a, Tensor b, double value = 1) => Changed("addcmul_", this, a, b, value);

    /// <summary>this + value · a / b.</summary>
    public Tensor AddcdivInPlace(Tensor a, Tensor b, double value = 1) => Changed("addcdiv_", this, a, b, value);

    /// <summary>this + weight · (end - this).</summary>
    public Tensor LerpInPlace(Tensor end, double weight) => Changed("lerp_.Scalar", this, end, weight);

    public Tensor SqrtInPlace() => Changed("sqrt_", this);

    public Tensor ClampInPlace(Number min, Number max) => Changed("clamp_", this, min, max);

    public Tensor MaskedFillInPlace(Tensor mask, Number value) => Changed("masked_fill_.Scalar", this, mask, value);

    public Tensor IndexFillInPlace(long dim, Tensor index, Number value) => Changed("index_fill_.int_Scalar", this, dim, index, value);

    /// <summary>Draws from the normal distribution, by <see cref="TorchRandom"/>.</summary>
    public Tensor NormalInPlace(double mean = 0, double std = 1) => Changed("normal_", this, mean, std);

    /// <summary>Draws from [from, to), by <see cref="TorchRandom"/>.</summary>
    public Tensor UniformInPlace(double from = 0, double to = 1) => Changed("uniform_", this, from, to);

    /// <summary>1 with probability <paramref name="p"/>, else 0, by <see cref="TorchRandom"/>.</summary>
    public Tensor BernoulliInPlace(double p) => Changed("bernoulli_.float", this, p);

    public Tensor ErfinvInPlace() => Changed("erfinv_", this);

    private Tensor Changed(string name, params ReadOnlySpan<Argument> arguments)
    {
        Operator.InPlace(name, arguments);
        return this;
    }
}
