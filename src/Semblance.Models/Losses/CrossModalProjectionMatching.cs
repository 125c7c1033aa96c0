using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>Cross-modal projection matching (CMPM): every text of a person is right for every picture of them.</summary>
public static class CrossModalProjectionMatching
{
    /// <summary><c>KL(p || q + ε)</c> with <c>p_i = softmax_j(v_i · n(t_j))</c> and q the same-identity labels divided by their number; pictures to texts plus texts to pictures.</summary>
    /// <param name="image">v, <c>[B, D]</c>; its length sharpens p; borrowed.</param>
    /// <param name="text">t, <c>[B, D]</c>; borrowed.</param>
    /// <param name="identities"><c>[B]</c> int64; borrowed.</param>
    /// <param name="epsilon">Keeps the logarithm of strangers finite.</param>
    /// <returns>Scalar in nats, the mean over rows, float32.</returns>
    /// <remarks>Zhang and Lu, ECCV 2018; public code divides the labels by the row's L2 norm, here by its sum, which makes q a distribution.</remarks>
    public static Tensor Compute(Tensor image, Tensor text, Tensor identities, double epsilon = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(identities);
        using var _ = Autocast.Off();
        Tensor v = image.To(ScalarType.Float32), t = text.To(ScalarType.Float32);
        var labels = identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)).To(ScalarType.Float32);
        var q = labels / labels.Sum([1], keepDim: true);
        return SimilarityDistributionMatching.Divergence(v.MatMul(t.Normalize().T()), q, epsilon)
            + SimilarityDistributionMatching.Divergence(t.MatMul(v.Normalize().T()), q, epsilon);
    }
}
