namespace Semblance.Imaging;

/// <summary>A picture in memory: 8-bit RGB, row by row, no padding, <c>[H, W, 3]</c>. Operations return new pictures; the bytes are shared with nobody.</summary>
public sealed partial class Picture
{
    /// <summary>Wraps pixels; the array belongs to the picture from here on.</summary>
    /// <exception cref="ArgumentException">The array does not hold width x height x 3 bytes.</exception>
    public Picture(int width, int height, byte[] rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentNullException.ThrowIfNull(rgb);
        if (rgb.LongLength != 3L * width * height)
        {
            throw new ArgumentException($"{rgb.Length} bytes for a picture of {width} x {height}, expected {3L * width * height} (RGB)", nameof(rgb));
        }

        Width = width;
        Height = height;
        Rgb = rgb;
    }

    /// <summary>A black picture.</summary>
    public Picture(int width, int height)
        : this(width, height, new byte[3 * width * height])
    {
    }

    /// <summary>A picture whose every byte is about to be written.</summary>
    internal static Picture Uninitialised(int width, int height) => new(width, height, GC.AllocateUninitializedArray<byte>(checked(3 * width * height)));

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels, <c>[H, W, 3]</c>.</summary>
    public byte[] Rgb { get; }
}
