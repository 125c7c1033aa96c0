namespace Semblance.Gallery.Stores;

/// <summary>What a <see cref="GalleryChange"/> says.</summary>
public enum ChangeKind
{
    /// <summary>A sighting was filed.</summary>
    Filed,

    /// <summary>What is known about it changed; its vectors did not.</summary>
    Edited,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>Another model is current: every vector is another.</summary>
    Switched,

    /// <summary>Scores of the current model mean another probability.</summary>
    Calibrated,
}
