using Semblance.Imaging;

namespace Semblance.Models.Masking;

/// <summary>What is known about where the person stands in one input image. Everything is in the frame of the network's input: after resizing, flip and crop.</summary>
public sealed record ForegroundEvidence
{
    /// <summary>Nothing is known.</summary>
    public static ForegroundEvidence None { get; } = new();

    /// <summary>The data set's mask, <c>[H, W]</c> of the input's size; null where there is none.</summary>
    public LabelMap? Mask { get; init; }

    /// <summary>Joints in input pixels; null where there are none.</summary>
    public IReadOnlyList<BodyPoint>? KeyPoints { get; init; }

    /// <summary>The normalised input, <c>[3, H, W]</c>; null when no provider asked to look at it.</summary>
    public float[]? Pixels { get; init; }
}
