namespace Semblance.Evaluation.Protocols;

/// <summary>Image re-identification as on Market-1501, DukeMTMC-reID, MSMT17 and CUHK03-NP: single query; junk, and items of the query's identity and camera, are removed.</summary>
public sealed class ImageProtocol : RetrievalProtocol
{
    /// <inheritdoc/>
    public override string Key => "image";

    /// <inheritdoc/>
    public override bool SameCameraRule => true;
}
