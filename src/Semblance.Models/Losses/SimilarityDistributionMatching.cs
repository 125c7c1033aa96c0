using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>SDM: the similarities of a batch should be distributed as its identities are (Jiang &amp; Ye, CVPR 2023, arXiv 2303.12501, section 3.3).</summary>
public static class SimilarityDistributionMatching
{
    private const double Epsilon = 1e-8;

    /// <summary>
    /// <c>p_ij = softmax_j(cos(v_i, t_j) / tau)</c>, <c>q_ij = [y_i = y_j] / Σ_k [y_i = y_k]</c>; <c>L = mean_i Σ_j p_ij log(p_ij / (q_ij + 1e-8))</c> from pictures to words, and the
    /// same from words to pictures.
    /// </summary>
    /// <param name="image">v, rows of any length <c>[B, E]</c>; computed in float32; borrowed.</param>
    /// <param name="text">t, <c>[B, E]</c>; borrowed.</param>
    /// <param name="identities">y, <c>[B]</c> int64; borrowed.</param>
    /// <param name="temperature">tau; the paper takes 0.02.</param>
    /// <returns>Scalar in nats, float32; the caller's or the open scope's.</returns>
    public static Tensor Compute(Tensor image, Tensor text, Tensor identities, double temperature)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(identities);
        using var _ = Autocast.Off();
        var scores = image.To(ScalarType.Float32).Normalize(dim: -1).MatMul(text.To(ScalarType.Float32).Normalize(dim: -1).Transpose(0, 1)) / temperature;    // [B, B]
        var same = identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)).To(ScalarType.Float32);
        var target = (same / same.Sum([1], keepDim: true) + Epsilon).Log();                       // symmetric in its rows and columns
        return Divergence(scores, target) + Divergence(scores.Transpose(0, 1), target);
    }

    private static Tensor Divergence(Tensor scores, Tensor logTarget)
    {
        var logs = scores.LogSoftmax(1);
        return (logs.Exp() * (logs - logTarget)).Sum([1]).Mean();
    }
}
