using Semblance.Models;

namespace Semblance.Explanation;

/// <summary>One number per patch, and the way from there to pixels.</summary>
public static class PatchMap
{
    /// <summary>Bilinear between the centres of the cells; at the rim, and on the margin that no cell of overlapping patches owns, the nearest edge repeats.</summary>
    /// <param name="map"><c>[N]</c>, row by row.</param>
    /// <param name="grid">The cells.</param>
    /// <returns><c>[H, W]</c> of the network's input.</returns>
    /// <exception cref="ArgumentException">The map has another number of cells.</exception>
    public static float[] ToPixels(ReadOnlySpan<float> map, PatchGrid grid)
    {
        if (map.Length != grid.Count)
        {
            throw new ArgumentException($"{map.Length} numbers for the grid {grid}, expected {grid.Count}", nameof(map));
        }

        var pixels = new float[grid.Height * grid.Width];
        for (var y = 0; y < grid.Height; y++)
        {
            var (above, below, down) = Between(y, grid.CellOffset, grid.CellSize, grid.Rows);
            for (var x = 0; x < grid.Width; x++)
            {
                var (left, right, across) = Between(x, grid.CellOffset, grid.CellSize, grid.Columns);
                var upper = float.Lerp(map[(above * grid.Columns) + left], map[(above * grid.Columns) + right], across);
                var lower = float.Lerp(map[(below * grid.Columns) + left], map[(below * grid.Columns) + right], across);
                pixels[(y * grid.Width) + x] = float.Lerp(upper, lower, down);
            }
        }

        return pixels;
    }

    /// <summary>Divided by the largest; what is not above 0 anywhere becomes 0 everywhere.</summary>
    internal static float[] Normalise(float[] map)
    {
        var largest = map.Length == 0 ? 0 : map.Max();
        return [.. map.Select(value => largest > 0 ? Math.Max(0, value) / largest : 0)];
    }

    private static (int Low, int High, float Share) Between(int pixel, int offset, int cell, int cells)
    {
        var at = Math.Clamp(((pixel - offset + 0.5f) / cell) - 0.5f, 0, cells - 1);
        var low = (int)at;
        return (low, Math.Min(low + 1, cells - 1), at - low);
    }
}
