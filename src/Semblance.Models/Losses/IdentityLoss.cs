using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>Classification over the training identities.</summary>
public static class IdentityLoss
{
    /// <summary><c>L_ID = -1/B Σ_b Σ_j y_bj log softmax(z_b)_j</c> with <c>y = (1 - eps) onehot + eps / C</c>.</summary>
    /// <param name="logits">z, <c>[B, C]</c>, any float type; computed in float32; borrowed.</param>
    /// <param name="identities">Labels 0 .. C-1, <c>[B]</c>, int64; borrowed.</param>
    /// <param name="smoothing">eps; 0 is the paper's equation 1, 0.1 is Luo et al. 2019.</param>
    /// <returns>Scalar in nats, float32; owned by the caller.</returns>
    public static Tensor Compute(Tensor logits, Tensor identities, double smoothing = 0)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var _ = Autocast.Off();
        return logits.To(ScalarType.Float32).CrossEntropy(identities, labelSmoothing: smoothing);
    }
}
