namespace Semblance.Imaging;

/// <summary>A frame and the people found in it.</summary>
/// <param name="Frame">With its time stamp.</param>
/// <param name="People">By confidence, falling; may be empty.</param>
public sealed record FootageFrame(VideoFrame Frame, IReadOnlyList<Detection> People);
