namespace Semblance.Tensors.Layers;

/// <summary>Batch normalisation of feature maps <c>[B, C, H, W]</c>.</summary>
/// <param name="features">C.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="momentum">Weight of the newest batch in the running statistics.</param>
public sealed class BatchNorm2d(int features, double epsilon = 1e-5, double momentum = 0.1) : BatchNorm(features, epsilon, momentum)
{
    private protected override void Check(Tensor input)
    {
        if (input.Rank != 4)
        {
            throw new ArgumentException($"BatchNorm2d: input [{string.Join(", ", input.Shape)}], expected [B, C, H, W]", nameof(input));
        }
    }
}
