namespace Semblance.Evaluation.Protocols;

/// <summary>Three results on one and the same filtered gallery, so that they may be compared.</summary>
/// <param name="Alpha">Weight of the picture in the fusion.</param>
/// <param name="Fused">Picture and words.</param>
/// <param name="ImageOnly">α = 1.</param>
/// <param name="TextOnly">α = 0. Not the text-to-image figure: here the reference picture is out of the gallery.</param>
public sealed record ImageAndTextResult(double Alpha, RetrievalResult Fused, RetrievalResult ImageOnly, RetrievalResult TextOnly);
