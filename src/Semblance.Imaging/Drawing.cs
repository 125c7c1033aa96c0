using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>Boxes and lettering for reports. Everything draws into the given picture and is cut at its edges.</summary>
public static class Drawing
{
    /// <summary>Capitals of OpenCV's plain Hershey font at scale 1.</summary>
    private const double CapitalHeight = 21;

    /// <summary>Fills the box.</summary>
    /// <param name="picture">Drawn into.</param>
    /// <param name="box">In its pixels.</param>
    /// <param name="colour">The fill.</param>
    /// <param name="opacity">0 leaves the picture as it is, 1 covers it.</param>
    public static void FillInPlace(this Picture picture, Box box, Colour colour, double opacity = 1)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!(opacity is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "expected a share in [0, 1]");
        }

        if (box.ClippedTo(picture.Width, picture.Height) is not { } inside)
        {
            return;
        }

        for (var y = inside.Y; y < inside.Bottom; y++)
        {
            var row = picture.Rgb.AsSpan(3 * ((y * picture.Width) + inside.X), 3 * inside.Width);
            for (var x = 0; x < row.Length; x += 3)
            {
                row[x] = Mix(row[x], colour.Red);
                row[x + 1] = Mix(row[x + 1], colour.Green);
                row[x + 2] = Mix(row[x + 2], colour.Blue);
            }
        }

        byte Mix(byte under, byte over) => (byte)(under + ((over - under) * opacity) + 0.5);
    }

    /// <summary>Draws the border of the box, inwards from its edge.</summary>
    public static void OutlineInPlace(this Picture picture, Box box, Colour colour, int thickness = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(thickness);
        var (x, y, width, height) = box;
        var across = Math.Min(thickness, width);
        var down = Math.Min(thickness, height);
        picture.FillInPlace(new Box(x, y, width, down), colour);
        picture.FillInPlace(new Box(x, box.Bottom - down, width, down), colour);
        picture.FillInPlace(new Box(x, y, across, height), colour);
        picture.FillInPlace(new Box(box.Right - across, y, across, height), colour);
    }

    /// <summary>Lays another picture over this one, its left top corner at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public static void PasteInPlace(this Picture picture, Picture other, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(other);
        if (new Box(x, y, other.Width, other.Height).ClippedTo(picture.Width, picture.Height) is not { } inside)
        {
            return;
        }

        for (var row = inside.Y; row < inside.Bottom; row++)
        {
            other.Rgb.AsSpan(3 * (((row - y) * other.Width) + inside.X - x), 3 * inside.Width).CopyTo(picture.Rgb.AsSpan(3 * ((row * picture.Width) + inside.X)));
        }
    }

    /// <summary>Writes one line of text, its left top corner at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    /// <param name="picture">Drawn into.</param>
    /// <param name="text">The font has ASCII only; any other character becomes "?".</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Top of the capitals.</param>
    /// <param name="colour">Of the letters.</param>
    /// <param name="height">Pixels from the base line to the top of a capital; 8 is the smallest that can be read.</param>
    public static void TextInPlace(this Picture picture, string text, int x, int y, Colour colour, int height = 10)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        var status = Native.Text(
            picture.Rgb, picture.Width, picture.Height, Ascii(text), x, y + height, height / CapitalHeight, Stroke(height), colour.Red, colour.Green, colour.Blue);
        Check(status);
    }

    /// <summary>Pixels that <see cref="TextInPlace"/> takes: the width, and the height with the descent of letters such as g.</summary>
    public static (int Width, int Height) MeasureText(string text, int height = 10)
    {
        Check(Native.TextSize(Ascii(text), height / CapitalHeight, Stroke(height), out var width, out _, out _));
        return (width, height + (int)Math.Ceiling(height * 0.4));
    }

    /// <summary>The text cut to fit a width, with two dots at its end where something is missing.</summary>
    public static string FitText(string text, int width, int height = 10)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (MeasureText(text, height).Width <= width)
        {
            return text;
        }

        var length = text.Length;
        while (length > 0 && MeasureText(text[..length] + "..", height).Width > width)
        {
            length--;
        }

        return text[..length] + "..";
    }

    /// <summary>Draws the border of the box and a label on a plate of the same colour above it, or inside where there is no room above.</summary>
    public static void LabelledBoxInPlace(this Picture picture, Box box, string label, Colour colour, int thickness = 2, int height = 10)
    {
        picture.OutlineInPlace(box, colour, thickness);
        if (label.Length == 0)
        {
            return;
        }

        const int margin = 3;
        var (textWidth, textHeight) = MeasureText(label, height);
        var plate = new Box(box.X, box.Y - textHeight - margin >= 0 ? box.Y - textHeight - margin : box.Y, textWidth + (2 * margin), textHeight + margin);
        picture.FillInPlace(plate, colour);
        picture.TextInPlace(label, plate.X + margin, plate.Y + margin, Readable(colour), height);
    }

    /// <summary>Black or white, whichever is read better on this colour.</summary>
    private static Colour Readable(Colour under) => (0.299 * under.Red) + (0.587 * under.Green) + (0.114 * under.Blue) > 150 ? Colour.Black : Colour.White;

    private static int Stroke(int height) => Math.Max(1, (int)Math.Round(height / 12.0));

    private static string Ascii(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Concat(text.EnumerateRunes().Select(rune => rune.Value is >= ' ' and <= '~' ? (char)rune.Value : '?'));
    }

    private static void Check(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"lettering failed: {Native.LastError}");
        }
    }
}
