namespace Semblance.Imaging;

/// <summary>An upright rectangle of whole pixels: left and top edge, width and height. May reach outside a picture.</summary>
public readonly record struct Box
{
    /// <summary>Makes a box.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Width or height is not positive.</exception>
    public Box(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        (X, Y, Width, Height) = (x, y, width, height);
    }

    /// <summary>First column.</summary>
    public int X { get; }

    /// <summary>First row.</summary>
    public int Y { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The column after the last.</summary>
    public int Right => X + Width;

    /// <summary>The row after the last.</summary>
    public int Bottom => Y + Height;

    /// <summary>Pixels covered.</summary>
    public long Area => (long)Width * Height;

    /// <summary>Pixels that both boxes cover.</summary>
    public long Overlap(Box other) =>
        (long)Math.Max(0, Math.Min(Right, other.Right) - Math.Max(X, other.X)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Y, other.Y));

    /// <summary>Shared area over joint area, in [0, 1]: 0 for boxes apart, 1 for equal ones.</summary>
    public double IntersectionOverUnion(Box other)
    {
        var shared = Overlap(other);
        return shared / (double)(Area + other.Area - shared);
    }

    /// <summary>The part inside a picture of this size, or null when there is none.</summary>
    public Box? ClippedTo(int width, int height)
    {
        var (left, top) = (Math.Max(0, X), Math.Max(0, Y));
        var (right, bottom) = (Math.Min(width, Right), Math.Min(height, Bottom));
        return right > left && bottom > top ? new Box(left, top, right - left, bottom - top) : null;
    }

    /// <summary>Grown on each side by a share of its own width and height.</summary>
    public Box Grown(double horizontal, double vertical)
    {
        var (dx, dy) = ((int)Math.Round(horizontal * Width), (int)Math.Round(vertical * Height));
        return new Box(X - dx, Y - dy, Width + (2 * dx), Height + (2 * dy));
    }

    /// <summary>The parts as separate numbers.</summary>
    public void Deconstruct(out int x, out int y, out int width, out int height) => (x, y, width, height) = (X, Y, Width, Height);
}
