namespace Semblance.Tensors.Layers;

/// <summary><c>x Wᵀ + b</c> over the last dimension: <c>[..., In] -> [..., Out]</c>.</summary>
/// <remarks>First values as in PyTorch: uniform in ±1/√In for the weight and the bias.</remarks>
public sealed class Linear : Layer
{
    /// <param name="input">Width of the input.</param>
    /// <param name="output">Width of the output.</param>
    /// <param name="bias">Whether something is added.</param>
    public Linear(int input, int output, bool bias = true)
    {
        Weight = RegisterParameter("weight", Initialise.LinearWeight(Tensor.Empty([output, input])));
        Bias = bias ? RegisterParameter("bias", Initialise.LinearBias(Tensor.Empty([output]), fanIn: input)) : null;
    }

    /// <summary><c>[Out, In]</c>.</summary>
    public Tensor Weight { get; }

    /// <summary><c>[Out]</c>, or null.</summary>
    public Tensor? Bias { get; }

    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Linear(Weight, Bias);
    }
}
