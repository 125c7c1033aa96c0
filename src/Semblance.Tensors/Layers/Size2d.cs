namespace Semblance.Tensors.Layers;

/// <summary>A height and a width: <c>3</c> stands for a square, <c>(3, 2)</c> for height 3 and width 2.</summary>
public readonly record struct Size2d(int Height, int Width)
{
    public static implicit operator Size2d(int side) => new(side, side);

    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);

    public static Size2d FromInt32(int side) => side;

    public static Size2d FromValueTuple((int Height, int Width) size) => size;

    internal long[] ToArray() => [Height, Width];
}
