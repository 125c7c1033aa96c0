namespace Semblance.Tensors.Layers;

/// <summary>Joins every dimension after the first: <c>[B, ...] -> [B, N]</c>.</summary>
public sealed class Flatten : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Flatten(1, -1);
    }
}
