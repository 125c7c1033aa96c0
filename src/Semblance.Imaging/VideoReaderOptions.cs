namespace Semblance.Imaging;

/// <summary>Limits on a video from outside.</summary>
public sealed record VideoReaderOptions
{
    /// <summary>Most pixels a frame may have.</summary> <value>16 megapixels; 8K has 33, 4K has 8.3.</value>
    public long MaxPixels { get; init; } = 16L << 20;

    /// <summary>Frames after which reading ends with an error.</summary> <value>10 million: four days at 30 a second.</value>
    public long MaxFrames { get; init; } = 10_000_000;
}
