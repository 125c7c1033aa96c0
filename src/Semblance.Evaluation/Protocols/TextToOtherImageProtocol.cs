namespace Semblance.Evaluation.Protocols;

/// <summary>
/// Text to image without the picture that the caption was written for, and without pictures of the same person in that picture's camera where cameras are known:
/// do the words find the person in <em>other</em> pictures? Not the published text-to-image protocol; figures of the two are not comparable.
/// </summary>
public sealed class TextToOtherImageProtocol : RetrievalProtocol
{
    private readonly bool _acrossCameras;

    /// <summary>Chooses the variant.</summary>
    /// <param name="acrossCameras">Applies the same-camera rule too.</param>
    public TextToOtherImageProtocol(bool acrossCameras = false) => _acrossCameras = acrossCameras;

    /// <inheritdoc/>
    public override string Key => _acrossCameras ? "semblance/text-to-other-camera" : "semblance/text-to-other-image";

    /// <inheritdoc/>
    public override bool SameCameraRule => _acrossCameras;

    /// <inheritdoc/>
    public override bool OwnPictureExcluded => true;

    private protected override void Check(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery) => CheckEachPictureOnce(gallery, "gallery");
}
