namespace Semblance.Tensors.Layers;

/// <summary>The largest element of each window: <c>[B, C, H, W] -> [B, C, H', W']</c>.</summary>
/// <param name="kernel">Size of a window.</param>
/// <param name="stride">Step between windows; the kernel's size when left out.</param>
/// <param name="padding">Places on each side that lie outside.</param>
public sealed class MaxPool2d(Size2d kernel, Size2d? stride = null, Size2d padding = default) : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.MaxPool2d(kernel.ToArray(), (stride ?? kernel).ToArray(), padding.ToArray());
    }
}
