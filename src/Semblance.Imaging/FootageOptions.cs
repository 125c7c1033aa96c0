namespace Semblance.Imaging;

/// <summary>How people are searched for in a video of a camera that stands still.</summary>
public sealed record FootageOptions
{
    /// <summary>Take one frame of so many.</summary> <value>5: two a second at ten frames a second, at which a walker has moved by half a body.</value>
    public int Every { get; init; } = 5;

    /// <summary>Frames, spread over the file, from which the background is learnt before the search.</summary> <value>200</value>
    public int Learn { get; init; } = 200;

    /// <summary>Detections below this confidence are left out.</summary> <value>0.6</value>
    public double LeastConfidence { get; init; } = 0.6;

    /// <summary>The detector's own options.</summary>
    public PeopleDetectorOptions Detector { get; init; } = new();

    /// <summary>Limits on the file.</summary>
    public VideoReaderOptions Video { get; init; } = new();
}
