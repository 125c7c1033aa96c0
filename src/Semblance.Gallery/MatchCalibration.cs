using System.Text.Json;

namespace Semblance.Gallery;

/// <summary>
/// How often an answer with a given score is right, measured on labelled people: a logistic curve for each kind of question. It holds for galleries like the one it was
/// measured on, and says so little elsewhere that it should be measured again.
/// </summary>
/// <param name="Image">Questions of pictures alone.</param>
/// <param name="Joint">Questions of words alone.</param>
/// <param name="Composed">Questions of several terms.</param>
/// <param name="Measured">On what, for people.</param>
public sealed record MatchCalibration(LogisticCurve? Image, LogisticCurve? Joint, LogisticCurve? Composed, string Measured)
{
    /// <summary>As stored with a model; null where there is none.</summary>
    public static MatchCalibration? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<MatchCalibration>(json);

    /// <summary>To be stored with a model.</summary>
    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>The probability that an answer is right; null where this kind of question was not measured.</summary>
    public double? Probability(IReadOnlyList<QueryTerm> terms, double score)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var curve = terms is not [{ Weight: > 0 } only] ? Composed : only.Embedding.Space == GallerySpaces.Image ? Image : only.Embedding.Space == GallerySpaces.Joint ? Joint : null;
        return curve?.At(score);
    }
}
