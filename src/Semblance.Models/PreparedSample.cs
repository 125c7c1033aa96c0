namespace Semblance.Models;

/// <summary>One sample, ready to be put into a batch. Made in loader threads; holds no tensor.</summary>
public sealed record PreparedSample
{
    /// <summary>Normalised pixels, <c>[3, H, W]</c>; null for a caption alone.</summary>
    public float[]? Pixels { get; init; }

    /// <summary>Hidden patches, <c>[N]</c>; null where nothing is hidden.</summary>
    public bool[]? Masked { get; init; }

    /// <summary>Token ids without padding; null for a picture alone.</summary>
    public int[]? Tokens { get; init; }

    /// <summary>The same with some words hidden; null where nothing is hidden.</summary>
    public int[]? MaskedTokens { get; init; }

    /// <summary>The hidden ids, -1 elsewhere; null where nothing is hidden.</summary>
    public int[]? Labels { get; init; }

    /// <summary>Equal exactly where the captions are equal; 0 without a caption.</summary>
    public long CaptionKey { get; init; }

    /// <summary>Other samples of the person; null where the learner wants none.</summary>
    public PreparedSupport? Support { get; init; }

    /// <summary>Training label, -1 unknown.</summary>
    public long Identity { get; init; } = -1;
}
