using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>AXM-Net's affinity of pictures and texts.</summary>
public static class CrossModalAffinity
{
    /// <summary><c>l = -log σ(S)</c> for a matching pair and <c>-log σ(1 - S)</c> for another, S the cosine: the mean over matching pairs plus the mean over the others.</summary>
    /// <param name="image"><c>[B, E]</c>, any norm; borrowed.</param>
    /// <param name="text"><c>[B, E]</c>; borrowed.</param>
    /// <param name="identities"><c>[B]</c> int64; pairs match by identity; borrowed.</param>
    /// <returns>Scalar in nats, float32.</returns>
    /// <remarks>Farooq et al., arXiv 2101.08238, first version, in the form that a reader's note gives. Cosine and the balance of the two means are ours.</remarks>
    public static Tensor Compute(Tensor image, Tensor text, Tensor identities)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(identities);
        using var _ = Autocast.Off();
        var s = image.To(ScalarType.Float32).Normalize().MatMul(text.To(ScalarType.Float32).Normalize().T());             // [B, B]
        var matching = identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)).To(ScalarType.Float32);
        var other = 1 - matching;
        return -(((s.LogSigmoid() * matching).Sum() / matching.Sum()) + (((1 - s).LogSigmoid() * other).Sum() / other.Sum().ClampMin(1)));
    }
}
