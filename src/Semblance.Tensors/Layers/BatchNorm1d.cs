namespace Semblance.Tensors.Layers;

/// <summary>Batch normalisation of features <c>[B, C]</c> or of sequences <c>[B, C, L]</c>.</summary>
/// <param name="features">C.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="momentum">Weight of the newest batch in the running statistics.</param>
public sealed class BatchNorm1d(int features, double epsilon = 1e-5, double momentum = 0.1) : BatchNorm(features, epsilon, momentum)
{
    private protected override void Check(Tensor input)
    {
        if (input.Rank is not (2 or 3))
        {
            throw new ArgumentException($"BatchNorm1d: input [{string.Join(", ", input.Shape)}], expected [B, C] or [B, C, L]", nameof(input));
        }
    }
}
