using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>Do these words describe this picture?</summary>
public static class ImageTextMatching
{
    /// <summary><c>L_ITM = Σ_b w_b ce(z_b, m_b) / Σ_b w_b</c>.</summary>
    /// <param name="logits">z, <c>[B, 2]</c>; class 1 means match; computed in float32; borrowed.</param>
    /// <param name="matches">m, <c>[B]</c>, int64: 1 for a true pair, 0 for a mismatch; borrowed.</param>
    /// <param name="mismatchWeight">w of a mismatch; a match weighs 1. 2 balances B pairs against B/2 re-paired ones [decision D23].</param>
    /// <returns>Scalar in nats, float32; owned by the caller.</returns>
    public static Tensor Compute(Tensor logits, Tensor matches, double mismatchWeight = 1)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(matches);
        using var _ = Autocast.Off();
        var loss = -logits.To(ScalarType.Float32).LogSoftmax(1).Gather(1, matches.Unsqueeze(1)).Squeeze(1);    // [B]
        var weight = matches.Eq(0).To(ScalarType.Float32) * (mismatchWeight - 1) + 1;
        return (loss * weight).Sum() / weight.Sum();
    }
}
