using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>Matches the distribution of a batch's similarities to that of its labels.</summary>
public static class SimilarityDistributionMatching
{
    /// <summary><c>KL(p || q + ε)</c> with <c>p = softmax(cos / τ)</c> over a row and q its same-identity labels divided by their number; pictures to texts plus texts to pictures.</summary>
    /// <param name="image"><c>[B, E]</c>, any norm; borrowed.</param>
    /// <param name="text"><c>[B, E]</c>; borrowed.</param>
    /// <param name="identities"><c>[B]</c> int64; rows may share one; borrowed.</param>
    /// <param name="temperature">τ, positive.</param>
    /// <param name="epsilon">Keeps the logarithm of strangers finite.</param>
    /// <returns>Scalar in nats, the mean over rows, float32.</returns>
    /// <remarks>IRRA: Jiang and Ye, CVPR 2023, arXiv 2303.12501.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not positive.</exception>
    public static Tensor Compute(Tensor image, Tensor text, Tensor identities, double temperature = 0.02, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        using var _ = Autocast.Off();
        var logits = image.To(ScalarType.Float32).Normalize().MatMul(text.To(ScalarType.Float32).Normalize().T()) / temperature;    // [B, B]
        var labels = identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)).To(ScalarType.Float32);
        var q = labels / labels.Sum([1], keepDim: true);
        return Divergence(logits, q, epsilon) + Divergence(logits.T(), q, epsilon);
    }

    /// <summary><c>mean_i Σ_j p_ij (log p_ij - log(q_ij + ε))</c> with p the softmax of the rows.</summary>
    internal static Tensor Divergence(Tensor logits, Tensor q, double epsilon) =>
        (logits.Softmax(1) * (logits.LogSoftmax(1) - (q + epsilon).Log())).Sum([1]).Mean();
}
