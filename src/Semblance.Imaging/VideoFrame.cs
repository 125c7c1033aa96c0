namespace Semblance.Imaging;

/// <summary>One frame of a video.</summary>
/// <param name="Index">Counts every frame of the file from 0, those left out too.</param>
/// <param name="Time">Since the start of the file, by the container's own time stamps; never falls.</param>
/// <param name="Picture">The pixels; the caller's.</param>
public sealed record VideoFrame(long Index, TimeSpan Time, Picture Picture);
