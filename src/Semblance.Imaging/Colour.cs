namespace Semblance.Imaging;

/// <summary>An 8-bit RGB colour; black by default.</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>(0, 0, 0).</summary>
    public static Colour Black => default;

    /// <summary>(255, 255, 255).</summary>
    public static Colour White => new(255, 255, 255);

    /// <summary>The frame of a right answer.</summary>
    public static Colour Right => new(22, 150, 70);

    /// <summary>The frame of a wrong answer.</summary>
    public static Colour Wrong => new(205, 40, 45);
}
