namespace Semblance.Tensors.Layers;

/// <summary>Cross-correlation with learnt kernels: <c>[B, In, H, W] -> [B, Out, H', W']</c>, <c>H' = ⌊(H + 2 padding - dilation (kernel - 1) - 1) / stride⌋ + 1</c>.</summary>
/// <remarks>First values as in PyTorch: uniform in ±1/√(In / groups · kernel area) for the weight and the bias.</remarks>
public sealed class Conv2d : Layer
{
    private readonly Size2d _stride;
    private readonly Size2d _padding;
    private readonly Size2d _dilation;
    private readonly int _groups;

    /// <param name="input">Channels in; a multiple of <paramref name="groups"/>.</param>
    /// <param name="output">Channels out; a multiple of <paramref name="groups"/>.</param>
    /// <param name="kernel">Size of the kernel.</param>
    /// <param name="stride">Step between two places; 1 when left out.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="dilation">Distance of the kernel's cells; 1 when left out.</param>
    /// <param name="groups">Blocks of channels that do not see each other.</param>
    /// <param name="bias">Whether something is added.</param>
    public Conv2d(int input, int output, Size2d kernel, Size2d? stride = null, Size2d padding = default, Size2d? dilation = null, int groups = 1, bool bias = true)
    {
        if (groups < 1 || input % groups != 0 || output % groups != 0)
        {
            throw new ArgumentException($"{groups} groups do not divide {input} channels in and {output} out", nameof(groups));
        }

        _stride = stride ?? 1;
        _padding = padding;
        _dilation = dilation ?? 1;
        _groups = groups;
        var seen = input / groups;
        Weight = RegisterParameter("weight", Initialise.LinearWeight(Tensor.Empty([output, seen, kernel.Height, kernel.Width])));
        Bias = bias ? RegisterParameter("bias", Initialise.LinearBias(Tensor.Empty([output]), fanIn: (long)seen * kernel.Height * kernel.Width)) : null;
    }

    /// <summary><c>[Out, In / groups, kernel height, kernel width]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary><c>[Out]</c>, or null.</summary>
    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Conv2d(Weight, Bias, _stride.ToArray(), _padding.ToArray(), _dilation.ToArray(), _groups);
    }
}
