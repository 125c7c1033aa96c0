using System.Collections.Concurrent;
using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>Numbers laid over a picture as colours: what a model looked at.</summary>
public static class HeatMap
{
    private static readonly ConcurrentDictionary<ColourMap, Colour[]> Tables = new();

    /// <summary>The picture with the map blended over it.</summary>
    /// <param name="picture">Stays as it is.</param>
    /// <param name="map"><c>[rows, columns]</c>, any grid: patches <c>[Gh, Gw]</c> or pixels <c>[H, W]</c>. Finite; negative numbers count as 0.</param>
    /// <param name="columns">Gw or W.</param>
    /// <param name="rows">Gh or H.</param>
    /// <param name="opacity">0 shows the picture alone, 1 the map alone.</param>
    /// <param name="colours">The scale; its top is the largest number of the map. A map of zeros is the scale's bottom everywhere.</param>
    /// <exception cref="ArgumentException">The sizes disagree, or a number is not finite.</exception>
    public static Picture Overlay(Picture picture, ReadOnlySpan<float> map, int columns, int rows, double opacity = 0.5, ColourMap colours = ColourMap.Inferno)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (columns <= 0 || rows <= 0 || map.Length != (long)columns * rows)
        {
            throw new ArgumentException($"{map.Length} numbers for a map of {columns} x {rows}, expected {(long)columns * rows}", nameof(map));
        }

        if (!(opacity is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "expected a share in [0, 1]");
        }

        var top = 0f;
        foreach (var value in map)
        {
            top = float.IsFinite(value) ? Math.Max(top, value) : throw new ArgumentException($"the map holds {value}, expected finite numbers", nameof(map));
        }

        var table = Table(colours);
        var blended = new Picture(picture.Width, picture.Height);
        for (var y = 0; y < picture.Height; y++)
        {
            var (above, below, down) = Between(y, picture.Height, rows);
            for (var x = 0; x < picture.Width; x++)
            {
                var (left, right, across) = Between(x, picture.Width, columns);
                var heat = Mix(
                    Mix(Math.Max(0, map[(above * columns) + left]), Math.Max(0, map[(above * columns) + right]), across),
                    Mix(Math.Max(0, map[(below * columns) + left]), Math.Max(0, map[(below * columns) + right]), across),
                    down);
                var colour = table[top > 0 ? (int)((heat / top * 255) + 0.5) : 0];
                var at = 3 * ((y * picture.Width) + x);
                blended.Rgb[at] = (byte)(Mix(picture.Rgb[at], colour.Red, opacity) + 0.5);
                blended.Rgb[at + 1] = (byte)(Mix(picture.Rgb[at + 1], colour.Green, opacity) + 0.5);
                blended.Rgb[at + 2] = (byte)(Mix(picture.Rgb[at + 2], colour.Blue, opacity) + 0.5);
            }
        }

        return blended;
    }

    /// <summary>The colour of a share of the scale.</summary>
    /// <param name="colours">Which scale.</param>
    /// <param name="share">0 (low) to 1 (high); cut to that range.</param>
    public static Colour ColourOf(ColourMap colours, double share) => Table(colours)[(int)((Math.Clamp(share, 0, 1) * 255) + 0.5)];

    private static double Mix(double from, double to, double share) => from + ((to - from) * share);

    /// <summary>The two cells whose centres a pixel's centre lies between, and how far along; at the rim both are the same.</summary>
    private static (int Low, int High, double Share) Between(int pixel, int pixels, int cells)
    {
        var at = Math.Clamp(((pixel + 0.5) * cells / pixels) - 0.5, 0, cells - 1);
        var low = (int)at;
        return (low, Math.Min(low + 1, cells - 1), at - low);
    }

    private static Colour[] Table(ColourMap colours) => Tables.GetOrAdd(colours, static map =>
    {
        var bytes = new byte[3 * 256];
        return Native.ColourMap((int)map, bytes) == 0
            ? [.. Enumerable.Range(0, 256).Select(i => new Colour(bytes[3 * i], bytes[(3 * i) + 1], bytes[(3 * i) + 2]))]
            : throw new ArgumentOutOfRangeException(nameof(colours), map, Native.LastError);
    });
}
