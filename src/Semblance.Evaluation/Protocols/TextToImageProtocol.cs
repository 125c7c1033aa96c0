namespace Semblance.Evaluation.Protocols;

/// <summary>
/// Text to image as on CUHK-PEDES, ICFG-PEDES and RSTPReid: every caption is a query, every picture is in the gallery once, nothing is removed by camera or picture;
/// the picture that a caption was written for is itself a positive.
/// </summary>
public sealed class TextToImageProtocol : RetrievalProtocol
{
    /// <inheritdoc/>
    public override string Key => "text-to-image";

    private protected override void Check(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery) => CheckEachPictureOnce(gallery, "gallery");
}
