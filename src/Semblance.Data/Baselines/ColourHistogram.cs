using Semblance.Imaging;

namespace Semblance.Data.Baselines;

/// <summary>
/// What re-identification was before it was learnt: colour histograms of six horizontal stripes. A model that is not well above it has learnt clothes' colours at best.
/// </summary>
/// <remarks>
/// Joint hue x saturation x value histogram of 8 x 4 x 4 bins in each stripe, every pixel shared linearly between neighbouring bins, pixels near the left and right border
/// weighted down since the person stands in the middle (Farenzena et al. 2010 weigh by distance from the symmetry axis). The square root of each stripe's frequencies has unit
/// length, so the dot product of two encodings is the mean Bhattacharyya coefficient of their stripes.
/// </remarks>
public static class ColourHistogram
{
    /// <summary>Horizontal stripes from head to feet.</summary>
    public const int Stripes = 6;

    /// <summary>Embedding size: stripes x bins.</summary>
    public const int Width = Stripes * Bins;

    /// <summary>Names this encoder wherever embeddings carry a fingerprint; changes with every change of its result.</summary>
    public const string Fingerprint = "colour-histogram-1";

    private const int Hues = 8;
    private const int Saturations = 4;
    private const int Values = 4;
    private const int Bins = Hues * Saturations * Values;

    /// <summary>The unit vector of a picture, <c>[768]</c>; the size of the picture does not matter, its proportions hardly.</summary>
    public static float[] Encode(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var counts = new double[Width];
        for (var y = 0; y < picture.Height; y++)
        {
            var stripe = counts.AsSpan((int)((long)y * Stripes / picture.Height) * Bins, Bins);
            for (var x = 0; x < picture.Width; x++)
            {
                var at = 3 * ((y * picture.Width) + x);
                Add(stripe, picture.Rgb[at], picture.Rgb[at + 1], picture.Rgb[at + 2], CentreWeight(x, picture.Width));
            }
        }

        var total = 0.0;
        for (var s = 0; s < Stripes; s++)
        {
            var stripe = counts.AsSpan(s * Bins, Bins);
            var sum = 0.0;
            foreach (var count in stripe)
            {
                sum += count;
            }

            // A picture of fewer rows than stripes leaves some empty.
            total += sum > 0 ? 1 : 0;
            for (var b = 0; b < Bins && sum > 0; b++)
            {
                stripe[b] = Math.Sqrt(stripe[b] / sum);
            }
        }

        return [.. counts.Select(count => (float)(count / Math.Sqrt(total)))];
    }

    /// <summary>1 in the middle column, falling to 0 beyond the borders as a parabola.</summary>
    internal static double CentreWeight(int x, int width)
    {
        var fromAxis = ((2.0 * x) + 1 - width) / (width + 1);
        return 1 - (fromAxis * fromAxis);
    }

    private static void Add(Span<double> stripe, byte red, byte green, byte blue, double weight)
    {
        var (hue, saturation, value) = Hsv(red, green, blue);
        var (h0, h1, h) = Cyclic(hue * Hues, Hues);
        var (s0, s1, s) = Clamped(saturation * Saturations, Saturations);
        var (v0, v1, v) = Clamped(value * Values, Values);
        for (var corner = 0; corner < 4; corner++)
        {
            var (hueBin, hueShare) = corner < 2 ? (h0, 1 - h) : (h1, h);
            var (saturationBin, saturationShare) = corner % 2 == 0 ? (s0, 1 - s) : (s1, s);
            var at = ((hueBin * Saturations) + saturationBin) * Values;
            var share = weight * hueShare * saturationShare;
            stripe[at + v0] += share * (1 - v);
            stripe[at + v1] += share * v;
        }
    }

    /// <summary>All in [0, 1]; the hue of grey is 0.</summary>
    private static (double Hue, double Saturation, double Value) Hsv(byte red, byte green, byte blue)
    {
        double most = Math.Max(red, Math.Max(green, blue));
        double least = Math.Min(red, Math.Min(green, blue));
        var range = most - least;
        if (range == 0)
        {
            return (0, 0, most / 255);
        }

        var sixth = most == red ? (green - blue) / range : most == green ? 2 + ((blue - red) / range) : 4 + ((red - green) / range);
        return (((sixth / 6) + 1) % 1, range / most, most / 255);
    }

    // A bin's centre lies half a bin behind its start; a value between two centres is shared by them.
    private static (int First, int Second, double ToSecond) Cyclic(double position, int bins)
    {
        var shifted = position - 0.5 + bins;
        var first = (int)shifted;
        return (first % bins, (first + 1) % bins, shifted - first);
    }

    private static (int First, int Second, double ToSecond) Clamped(double position, int bins)
    {
        var shifted = Math.Clamp(position - 0.5, 0, bins - 1);
        var first = Math.Min((int)shifted, bins - 2);
        return (first, first + 1, shifted - first);
    }
}
