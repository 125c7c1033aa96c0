namespace Semblance.Tensors.Layers;

/// <summary><c>max(x, 0)</c>.</summary>
public sealed class Relu : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Relu();
    }
}
