namespace Semblance.Evaluation.Protocols;

/// <summary>Image to text: every picture is a query, every caption is in the gallery; positives are all captions of the identity; nothing is removed.</summary>
public sealed class ImageToTextProtocol : RetrievalProtocol
{
    /// <inheritdoc/>
    public override string Key => "image-to-text";

    private protected override void Check(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery) => CheckEachPictureOnce(queries, "queries");
}
