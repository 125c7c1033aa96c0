using Semblance.Imaging;
using Semblance.Text;

namespace Semblance.Data.Baselines;

/// <summary>
/// Text to image without learning: the colour words that a caption gives the upper and the lower body, against the colours of the picture's middle columns there.
/// A model that is not well above it has learnt colour names at best.
/// </summary>
/// <remarks>
/// Both sides become a response of the 28 named colours for each half of the body: a pixel, or a colour word, answers to a name by <c>exp(-ΔE² / 2σ²)</c> in CIELAB, so that
/// "dark blue" finds navy too. Where the caption names no colour, its half is zero and does not count; a caption without any is a zero vector.
/// </remarks>
public static class ColourWords
{
    /// <summary>Embedding size: a response of each named colour for the upper and for the lower body.</summary>
    public static int Width => 2 * Names;

    /// <summary>Names this encoder wherever embeddings carry a fingerprint; changes with every change of its result.</summary>
    public const string Fingerprint = "colour-words-1";

    // Shares of the picture's height where upright people of tight boxes wear their upper and lower clothes, without neck, belt and shoes.
    private const double UpperFrom = 0.18;
    private const double UpperTo = 0.46;
    private const double LowerFrom = 0.54;
    private const double LowerTo = 0.86;

    // Distance in CIELAB that counts as another colour; shadows change lightness more than tint, so lightness counts less.
    private const double Sigma = 16;
    private const double LightnessWeight = 0.5;

    private static readonly ColourName[] All = Enum.GetValues<ColourName>();
    private static readonly double[] Linear =
        [.. Enumerable.Range(0, 256).Select(level => level / 255.0).Select(level => level <= 0.04045 ? level / 12.92 : Math.Pow((level + 0.055) / 1.055, 2.4))];

    private static readonly (double L, double A, double B)[] Anchors = [.. All.Select(name => Lab(Typical(name)))];

    private static int Names => Anchors.Length;

    /// <summary>The unit vector of a picture, <c>[56]</c>.</summary>
    public static float[] EncodePicture(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var responses = new double[Width];
        AddRows(picture, UpperFrom, UpperTo, responses.AsSpan(0, Names));
        AddRows(picture, LowerFrom, LowerTo, responses.AsSpan(Names));
        return Unit(responses);
    }

    /// <summary>The unit vector of a caption, <c>[56]</c>; zero when it names no colour of clothes.</summary>
    public static float[] EncodeText(string caption)
    {
        var colours = ClothesColours.Of(caption);
        var responses = new double[Width];
        foreach (var colour in colours.Upper)
        {
            Respond(Anchors[(int)colour], 1, responses.AsSpan(0, Names));
        }

        foreach (var colour in colours.Lower)
        {
            Respond(Anchors[(int)colour], 1, responses.AsSpan(Names));
        }

        return Unit(responses);
    }

    private static void AddRows(Picture picture, double from, double to, Span<double> responses)
    {
        var first = (int)(from * picture.Height);
        var end = Math.Max(first + 1, (int)(to * picture.Height));
        for (var y = first; y < end; y++)
        {
            for (var x = picture.Width / 4; x < Math.Max((picture.Width / 4) + 1, 3 * picture.Width / 4); x++)
            {
                var at = 3 * ((y * picture.Width) + x);
                Respond(Lab(new Colour(picture.Rgb[at], picture.Rgb[at + 1], picture.Rgb[at + 2])), ColourHistogram.CentreWeight(x, picture.Width), responses);
            }
        }
    }

    private static void Respond((double L, double A, double B) colour, double weight, Span<double> responses)
    {
        Span<double> answers = stackalloc double[responses.Length];
        var sum = 0.0;
        for (var n = 0; n < answers.Length; n++)
        {
            var l = LightnessWeight * (colour.L - Anchors[n].L);
            var a = colour.A - Anchors[n].A;
            var b = colour.B - Anchors[n].B;
            sum += answers[n] = Math.Exp(-((l * l) + (a * a) + (b * b)) / (2 * Sigma * Sigma));
        }

        for (var n = 0; n < answers.Length && sum > 0; n++)
        {
            responses[n] += weight * answers[n] / sum;
        }
    }

    /// <summary>Each half of the body to unit length, then the whole: a half that is named counts as much as the other.</summary>
    private static float[] Unit(double[] responses)
    {
        foreach (var half in (int[])[0, Names])
        {
            Normalise(responses.AsSpan(half, Names));
        }

        Normalise(responses);
        return [.. responses.Select(response => (float)response)];
    }

    private static void Normalise(Span<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value * value;
        }

        for (var i = 0; i < values.Length && sum > 0; i++)
        {
            values[i] /= Math.Sqrt(sum);
        }
    }

    /// <summary>sRGB (D65) to CIELAB.</summary>
    private static (double L, double A, double B) Lab(Colour colour)
    {
        var (red, green, blue) = (Linear[colour.Red], Linear[colour.Green], Linear[colour.Blue]);
        var x = Curve(((0.4124564 * red) + (0.3575761 * green) + (0.1804375 * blue)) / 0.95047);
        var y = Curve((0.2126729 * red) + (0.7151522 * green) + (0.0721750 * blue));
        var z = Curve(((0.0193339 * red) + (0.1191920 * green) + (0.9503041 * blue)) / 1.08883);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));

        static double Curve(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((t * 24389 / 27) + 16) / 116;
    }

    /// <summary>How cloth of that name looks in daylight on an ordinary camera.</summary>
    private static Colour Typical(ColourName name) => name switch
    {
        ColourName.Black => new(28, 28, 30),
        ColourName.White => new(232, 232, 230),
        ColourName.Grey => new(128, 128, 128),
        ColourName.LightGrey => new(185, 186, 188),
        ColourName.DarkGrey => new(72, 72, 76),
        ColourName.Red => new(190, 30, 38),
        ColourName.DarkRed => new(108, 24, 34),
        ColourName.Orange => new(228, 118, 32),
        ColourName.Yellow => new(236, 208, 50),
        ColourName.Mustard => new(190, 146, 44),
        ColourName.Green => new(44, 140, 66),
        ColourName.DarkGreen => new(28, 74, 46),
        ColourName.Olive => new(96, 96, 50),
        ColourName.LightGreen => new(158, 208, 140),
        ColourName.Teal => new(24, 112, 118),
        ColourName.Turquoise => new(66, 190, 190),
        ColourName.Blue => new(40, 84, 176),
        ColourName.LightBlue => new(140, 180, 220),
        ColourName.DarkBlue => new(28, 44, 104),
        ColourName.Navy => new(26, 32, 62),
        ColourName.Purple => new(98, 44, 128),
        ColourName.Lavender => new(178, 160, 212),
        ColourName.Pink => new(234, 160, 182),
        ColourName.Magenta => new(204, 40, 130),
        ColourName.Brown => new(100, 66, 42),
        ColourName.Beige => new(208, 184, 148),
        ColourName.Khaki => new(164, 144, 104),
        ColourName.Cream => new(240, 228, 202),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "a colour name without a typical colour"),
    };
}
