namespace Semblance.Gallery.Stores;

/// <summary>What a gallery uses a model for.</summary>
public enum ModelState
{
    /// <summary>Sightings are being embedded with it; nothing is searched with it yet.</summary>
    Preparing,

    /// <summary>The one that files and searches.</summary>
    Current,

    /// <summary>It was current; its vectors are kept until somebody drops them.</summary>
    Retired,
}
