namespace Semblance.Imaging;

public sealed partial class Picture
{
    /// <summary>The picture at another size; itself when the size is the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Picture Resize(int width, int height, Resampling resampling = Resampling.Bicubic)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (width == Width && height == Height)
        {
            return this;
        }

        var resized = Uninitialised(width, height);
        Resampler.Resize(Rgb, Width, Height, resized.Rgb, width, height, resampling);
        return resized;
    }

    /// <summary>A part of the picture. Where the box reaches outside, <paramref name="padding"/> fills in.</summary>
    /// <param name="box">In pixels of this picture; may reach outside or lie outside altogether.</param>
    /// <param name="padding">Black by default, as zero padding in training.</param>
    public Picture Crop(Box box, Colour padding = default)
    {
        var crop = Uninitialised(box.Width, box.Height);
        Grid.Crop(Rgb, Width, Height, crop.Rgb, box, [padding.Red, padding.Green, padding.Blue]);
        return crop;
    }

    /// <summary>Mirrored, left and right exchanged.</summary>
    public Picture FlipHorizontally()
    {
        var flipped = Uninitialised(Width, Height);
        Grid.Crop(Rgb, Width, Height, flipped.Rgb, new Box(0, 0, Width, Height), [0, 0, 0], mirrored: true);
        return flipped;
    }

    /// <summary>Turned as an EXIF orientation asks, so that it stands upright.</summary>
    /// <param name="orientation">1 (as it is) to 8, EXIF 2.3 section 4.6.4.A.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public Picture Upright(int orientation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(orientation, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(orientation, 8);
        if (orientation == 1)
        {
            return this;
        }

        // 2 mirrors, 3 turns by 180 degrees, 4 does both; 5 to 8 exchange rows and columns as well.
        var transposed = orientation >= 5;
        var fromRight = orientation is 2 or 3 or 7 or 8;
        var fromBelow = orientation is 3 or 4 or 6 or 7;
        var upright = transposed ? new Picture(Height, Width) : new Picture(Width, Height);
        for (var y = 0; y < upright.Height; y++)
        {
            for (var x = 0; x < upright.Width; x++)
            {
                var (column, row) = transposed ? (y, x) : (x, y);
                column = fromRight ? Width - 1 - column : column;
                row = fromBelow ? Height - 1 - row : row;
                Rgb.AsSpan(3 * ((row * Width) + column), 3).CopyTo(upright.Rgb.AsSpan(3 * ((y * upright.Width) + x)));
            }
        }

        return upright;
    }

    /// <summary>Same size and same pixels.</summary>
    public bool HasSamePixels(Picture other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Width == other.Width && Height == other.Height && Rgb.AsSpan().SequenceEqual(other.Rgb);
    }
}
