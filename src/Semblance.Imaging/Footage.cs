namespace Semblance.Imaging;

/// <summary>People in a video file of a camera that stands still: the file is read once for its background and once for its people.</summary>
public static class Footage
{
    /// <summary>Frames in order, each with its people; one frame is in memory at a time, and nothing is read before the first is asked for.</summary>
    /// <param name="path">A video file.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="Core.SemblanceFormatException">As <see cref="VideoReader.Open"/>.</exception>
    public static IEnumerable<FootageFrame> People(string path, FootageOptions? options = null)
    {
        options ??= new FootageOptions();
        using var background = new BackgroundModel();
        Learn(background, path, options);
        using var detector = new PeopleDetector(options.Detector);
        using var video = VideoReader.Open(path, options.Video);
        foreach (var frame in video.Frames(options.Every))
        {
            var people = detector.Detect(frame.Picture, background.Update(frame.Picture));
            yield return new FootageFrame(frame, [.. people.Where(person => person.Confidence >= options.LeastConfidence)]);
        }
    }

    private static void Learn(BackgroundModel background, string path, FootageOptions options)
    {
        // A container that does not know its length is learnt from its first minutes.
        const int unknownStep = 10;
        using var video = VideoReader.Open(path, options.Video);
        var step = video.DeclaredFrames is { } frames ? (int)Math.Clamp(frames / Math.Max(1, options.Learn), 1, int.MaxValue) : unknownStep;
        foreach (var frame in video.Frames(step).Take(options.Learn))
        {
            background.Update(frame.Picture);
        }
    }
}
