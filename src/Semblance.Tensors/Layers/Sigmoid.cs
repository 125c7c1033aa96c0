namespace Semblance.Tensors.Layers;

/// <summary><c>1 / (1 + exp(-x))</c>.</summary>
public sealed class Sigmoid : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Sigmoid();
    }
}
