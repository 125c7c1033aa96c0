using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>The hardest positive and the hardest negative of every anchor in a batch (Hermans et al. 2017, arXiv 1703.07737).</summary>
public static class BatchHardTriplet
{
    /// <summary>
    /// With <c>d_ap(b) = max d(f_b, f_c)</c> over the same identity and <c>d_an(b) = min d(f_b, f_c)</c> over the others, Euclidean:
    /// hinge <c>mean_b max(0, d_ap - d_an + m)</c>; soft margin <c>mean_b log(1 + exp(d_ap - d_an))</c>.
    /// </summary>
    /// <param name="features">f, <c>[B, D]</c>, not normalised, any float type; distances in float32; borrowed.</param>
    /// <param name="identities"><c>[B]</c>, int64; group sizes may differ; borrowed.</param>
    /// <param name="form">Hinge (the paper's equation 2) or soft margin (the released code).</param>
    /// <param name="margin">m of the hinge; the soft margin has none.</param>
    /// <returns>Scalar, float32; owned by the caller. 0, with a zero gradient, when no anchor counts.</returns>
    /// <remarks>
    /// Anchors without another picture of their identity, or without a negative, are left out. <c>d = sqrt(max(d², 1e-12))</c>, so identical features have gradient 0, not NaN.
    /// </remarks>
    public static Tensor Compute(Tensor features, Tensor identities, TripletForm form = TripletForm.Hinge, double margin = 0.3)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(identities);
        using var _ = Autocast.Off();
        var f = features.To(ScalarType.Float32);
        var distances = Distances(f);                                                                    // [B, B]
        var same = identities.Unsqueeze(0).Eq(identities.Unsqueeze(1));                                  // [B, B]
        var other = same.LogicalNot();
        var positive = same.LogicalAnd(Tensor.Eye(f.Size(0), device: f.Device).To(ScalarType.Bool).LogicalNot());
        var anchors = positive.Any(1).LogicalAnd(other.Any(1)).Nonzero().Squeeze(1);                     // [A]
        if (anchors.ElementCount == 0)
        {
            return f.Sum() * 0;
        }

        var hardestPositive = distances.MaskedFill(positive.LogicalNot(), double.NegativeInfinity).IndexSelect(0, anchors).Amax(1);
        var hardestNegative = distances.MaskedFill(same, double.PositiveInfinity).IndexSelect(0, anchors).Amin(1);
        var gap = hardestPositive - hardestNegative;                                                     // [A]
        return form == TripletForm.Hinge ? (gap + margin).Relu().Mean() : gap.Softplus().Mean();
    }

    /// <summary>Euclidean distances <c>[B, B]</c> by <c>|x|² + |y|² - 2xy</c>.</summary>
    private static Tensor Distances(Tensor f)
    {
        var squares = (f * f).Sum([1], keepDim: true);                                                   // [B, 1]
        var squared = squares + squares.Transpose(0, 1) - (f.MatMul(f.Transpose(0, 1)) * 2);
        return squared.ClampMin(1e-12).Sqrt();
    }
}
