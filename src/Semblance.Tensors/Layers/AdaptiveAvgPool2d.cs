namespace Semblance.Tensors.Layers;

/// <summary>Means over windows chosen so that the output has the given size: <c>[B, C, H, W] -> [B, C, height, width]</c>.</summary>
/// <param name="size">Height and width of the output.</param>
public sealed class AdaptiveAvgPool2d(Size2d size) : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.AdaptiveAvgPool2d(size.Height, size.Width);
    }
}
