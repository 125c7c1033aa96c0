namespace Semblance.Imaging;

/// <summary>Photos of whole scenes, which show people among other things, as against pictures of one person.</summary>
public static class Scenes
{
    /// <summary>A standing person's picture is taller than this times its width.</summary>
    private const double LeastAspect = 1.35;

    /// <summary>Larger photos are searched at this size: their people are large enough.</summary>
    private const int LongestSide = 1280;

    private const double LeastConfidence = 0.7;

    /// <summary>Whether a picture is too wide to be one standing person's.</summary>
    public static bool IsScene(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return picture.Height < LeastAspect * picture.Width;
    }

    /// <summary>People by their shape alone, the surest first. Without motion the detector misses people who are small, seated or half hidden, and takes some posts for people.</summary>
    /// <param name="picture">Of any size.</param>
    /// <param name="most">At most so many.</param>
    public static IReadOnlyList<Detection> People(Picture picture, int most = 24)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var scale = Math.Min(1, (double)LongestSide / Math.Max(picture.Width, picture.Height));
        var searched = scale == 1 ? picture
            : picture.Resize(width: Math.Max(1, (int)Math.Round(picture.Width * scale)), height: Math.Max(1, (int)Math.Round(picture.Height * scale)), Resampling.Area);
        using var detector = new PeopleDetector();
        return [.. detector.Detect(searched).Where(person => person.Confidence >= LeastConfidence).Take(most).Select(person => new Detection(InFull(person.Box), person.Confidence))];

        Box InFull(Box box)
        {
            int Scaled(int value) => (int)Math.Round(value / scale);
            var (x, y) = (Scaled(box.X), Scaled(box.Y));
            return new Box(x, y, Scaled(box.Right) - x, Scaled(box.Bottom) - y).ClippedTo(picture.Width, picture.Height)!.Value;
        }
    }
}
