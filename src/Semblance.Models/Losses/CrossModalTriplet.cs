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
        var (own, strangers) = Cosines(image, text, identities);
        return hardest
            ? (margin - own + strangers.Amax(1)).Relu().Mean() + (margin - own + strangers.Amax(0)).Relu().Mean()
            : (margin - own.Unsqueeze(1) + strangers).Relu().Sum([1]).Mean() + (margin - own.Unsqueeze(0) + strangers).Relu().Sum([0]).Mean();
    }

    /// <summary>
    /// The same with T'_i, another sentence of the person, in T_i's place, all strangers, and a margin of <c>m (λ_i + 1) / 2</c> with
    /// <c>λ_i = min(1, |cos(V_i, T'_i)| / |cos(V_i, T_i)|)</c>: the worse the other sentence fits the picture, the less is asked of it.
    /// </summary>
    /// <param name="image">V, <c>[B, E]</c>, any norm; borrowed.</param>
    /// <param name="text">T, <c>[B, E]</c>; borrowed.</param>
    /// <param name="others">T', <c>[B, E]</c>; borrowed.</param>
    /// <param name="known">False for a row without another sentence, <c>[B]</c> bool; it costs 0. Borrowed.</param>
    /// <param name="identities"><c>[B]</c> int64; borrowed.</param>
    /// <param name="margin">m, in cosine.</param>
    /// <returns>Scalar, float32.</returns>
    /// <remarks>SSAN, arXiv 2107.12666. There the margin stands at m / 2 for the first five epochs; here λ rules from the start.</remarks>
    public static Tensor OtherSentence(Tensor image, Tensor text, Tensor others, Tensor known, Tensor identities, double margin = 0.2)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(identities);
        using var _ = Autocast.Off();
        var (own, strangers) = Cosines(image, others, identities);
        var fit = (own.Abs() / (Unit(image) * Unit(text)).Sum([1]).Abs().ClampMin(1e-6)).ClampMax(1).Detach();
        var needed = ((fit + 1) * (margin / 2)) - own;                                                             // [B]
        var counts = known.To(ScalarType.Float32);
        var hinges = (needed.Unsqueeze(1) + strangers).Relu().Sum([1]) + (needed.Unsqueeze(0) + strangers).Relu().Sum([0]);
        return (hinges * counts).Mean();
    }

    /// <summary>cos(V_i, T_i), <c>[B]</c>, and the cosines of strangers, <c>[B, B]</c>, minus infinity elsewhere.</summary>
    private static (Tensor Own, Tensor Strangers) Cosines(Tensor image, Tensor text, Tensor identities)
    {
        var cosines = Unit(image).MatMul(Unit(text).T());
        return (cosines.Diagonal(), cosines.MaskedFill(identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)), double.NegativeInfinity));
    }

    private static Tensor Unit(Tensor feature) => feature.To(ScalarType.Float32).Normalize();
}
