using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>Pulls a picture and its words together and other pictures and words apart, over the batch.</summary>
public static class GlobalContrastive
{
    /// <summary>
    /// One-to-one, as in the released code: <c>S_bc = scale &lt;p_I,b , p_T,c&gt;</c>, <c>L = ½ [mean_b ce(S_b,: , b) + mean_b ce(S_:,b , b)]</c>.
    /// </summary>
    /// <param name="image">p_I, unit rows <c>[B, E]</c>; computed in float32; borrowed.</param>
    /// <param name="text">p_T, unit rows <c>[B, E]</c>; row b belongs to row b of <paramref name="image"/>; borrowed.</param>
    /// <param name="scale">Inverse temperature, scalar, with its graph; borrowed.</param>
    /// <param name="matched">False where row b's text was swapped for another's: the row is left out, its text stays a candidate. <c>[B]</c> bool; null means all match.</param>
    /// <returns>Scalar in nats, float32; owned by the caller. 0 when no pair matches.</returns>
    public static Tensor OneToOne(Tensor image, Tensor text, Tensor scale, Tensor? matched = null)
    {
        using var _ = Autocast.Off();
        var similarities = Similarities(image, text, scale);                                      // [B, B]
        var own = Tensor.Arange(similarities.Size(0), ScalarType.Int64, similarities.Device);
        if (matched is not null)
        {
            own = matched.Nonzero().Squeeze(1);
            if (own.ElementCount == 0)
            {
                return similarities.Sum() * 0;
            }
        }

        var imageToText = similarities.IndexSelect(0, own).CrossEntropy(own);
        var textToImage = similarities.Transpose(0, 1).IndexSelect(0, own).CrossEntropy(own);
        return (imageToText + textToImage) * 0.5;
    }

    /// <summary>
    /// Many-to-many [decision D18]: the target of row b is uniform over every text of the same identity or with the same words; the same for columns.
    /// <c>L = ½ [mean_b Σ_c -t_bc log softmax(S_b,:)_c + mean_c Σ_b -t'_bc log softmax(S_:,c)_b]</c>.
    /// </summary>
    /// <param name="image">p_I, unit rows <c>[B, E]</c>; borrowed.</param>
    /// <param name="text">p_T, unit rows <c>[B, E]</c>; borrowed.</param>
    /// <param name="scale">Inverse temperature, scalar; borrowed.</param>
    /// <param name="identities">Identity of each picture <c>[B]</c>, int64; below 0 is unknown and equals nobody; borrowed.</param>
    /// <param name="captionKeys">Equal exactly where the captions are equal, <c>[B]</c>, int64; borrowed.</param>
    /// <param name="matched">As in <see cref="OneToOne"/>.</param>
    /// <returns>Scalar in nats, float32; owned by the caller. Equals <see cref="OneToOne"/> when all identities and captions differ.</returns>
    /// <remarks>Attribute captions repeat: all pictures of an identity can share one sentence, and the one-to-one form punishes those right answers.</remarks>
    public static Tensor ManyToMany(Tensor image, Tensor text, Tensor scale, Tensor identities, Tensor captionKeys, Tensor? matched = null)
    {
        ArgumentNullException.ThrowIfNull(identities);
        ArgumentNullException.ThrowIfNull(captionKeys);
        using var _ = Autocast.Off();
        var similarities = Similarities(image, text, scale);                                      // [B, B]
        var known = identities.Ge(0).Unsqueeze(1);
        var samePerson = identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)).LogicalAnd(known);
        var sameWords = captionKeys.Unsqueeze(1).Eq(captionKeys.Unsqueeze(0));
        if (matched is null)
        {
            var right = samePerson.LogicalOr(sameWords);                                          // symmetric
            return (SoftTarget(similarities, right) + SoftTarget(similarities.Transpose(0, 1), right)) * 0.5;
        }

        // A swapped text describes somebody else than its row's identity; only equal words make it right. A picture whose text was swapped has no words of its own.
        var rows = matched.Nonzero().Squeeze(1);
        if (rows.ElementCount == 0)
        {
            return similarities.Sum() * 0;
        }

        var column = matched.Unsqueeze(0);
        var textsOfImage = samePerson.LogicalAnd(column).LogicalOr(sameWords).IndexSelect(0, rows);
        var imagesOfText = samePerson.LogicalOr(sameWords.LogicalAnd(column)).IndexSelect(0, rows);
        return (SoftTarget(similarities.IndexSelect(0, rows), textsOfImage)
            + SoftTarget(similarities.Transpose(0, 1).IndexSelect(0, rows), imagesOfText)) * 0.5;
    }

    private static Tensor Similarities(Tensor image, Tensor text, Tensor scale) =>
        image.To(ScalarType.Float32).MatMul(text.To(ScalarType.Float32).Transpose(0, 1)) * scale.To(ScalarType.Float32);

    /// <summary>Cross-entropy of each row against the uniform distribution over its right answers, the mean over rows.</summary>
    private static Tensor SoftTarget(Tensor logits, Tensor right)
    {
        var target = right.To(ScalarType.Float32);
        target = target / target.Sum([1], keepDim: true);
        return -(target * logits.LogSoftmax(1)).Sum([1]).Mean();
    }
}
