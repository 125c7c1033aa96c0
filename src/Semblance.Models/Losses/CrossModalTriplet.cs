using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>Hinges against strangers of the other modality, in both directions.</summary>
public static class CrossModalTriplet
{
    /// <summary><c>mean_i max(0, m - cos(V_i, T_i) + max_j cos(V_i, T_j))</c> over j of other identities, plus the same from texts to pictures; the sum of the hinges of all j where not the hardest alone counts.</summary>
    /// <param name="image">V, <c>[B, E]</c>, any norm; borrowed.</param>
    /// <param name="text">T, <c>[B, E]</c>, row i describes row i of V; borrowed.</param>
    /// <param name="identities"><c>[B]</c> int64; borrowed.</param>
    /// <param name="margin">m, in cosine.</param>
    /// <param name="hardest">Whether only the hardest stranger of each anchor counts, or every one.</param>
    /// <returns>Scalar, float32; an anchor without a stranger in the batch costs 0.</returns>
    /// <remarks>Margin and hardest negative as in SSAN, arXiv 2107.12666; AXM-Net's own form is not known.</remarks>
    public static Tensor Compute(Tensor image, Tensor text, Tensor identities, double margin = 0.2, bool hardest = true)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(identities);
        using var _ = Autocast.Off();
        var cosines = image.To(ScalarType.Float32).Normalize().MatMul(text.To(ScalarType.Float32).Normalize().T());       // [B, B]
        var own = cosines.Diagonal();
        var strangers = cosines.MaskedFill(identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)), double.NegativeInfinity);
        return hardest
            ? (margin - own + strangers.Amax(1)).Relu().Mean() + (margin - own + strangers.Amax(0)).Relu().Mean()
            : (margin - own.Unsqueeze(1) + strangers).Relu().Sum([1]).Mean() + (margin - own.Unsqueeze(0) + strangers).Relu().Sum([0]).Mean();
    }
}
