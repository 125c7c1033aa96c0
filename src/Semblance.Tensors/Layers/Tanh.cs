namespace Semblance.Tensors.Layers;

/// <summary>Hyperbolic tangent.</summary>
public sealed class Tanh : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Tanh();
    }
}
