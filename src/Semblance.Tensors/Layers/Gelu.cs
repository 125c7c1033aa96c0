namespace Semblance.Tensors.Layers;

/// <summary><c>x Φ(x)</c> with the exact normal distribution. Hendrycks and Gimpel 2016, arXiv 1606.08415.</summary>
public sealed class Gelu : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Gelu();
    }
}
