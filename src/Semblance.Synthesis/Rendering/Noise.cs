using System.Runtime.CompilerServices;
using Semblance.Core;

namespace Semblance.Synthesis.Rendering;

/// <summary>A tileable texture of smooth noise with its gradient, made once and shared: cloth folds, grain, foliage and clouds read it.</summary>
internal static class Noise
{
    private const int Size = 128;
    private const int Mask = Size - 1;

    private static readonly float[] Values = Make();
    private static readonly float[] GradientX = Gradient(1, 0);
    private static readonly float[] GradientY = Gradient(0, 1);

    /// <summary>About normal in [-1, 1], mean 0; the texture repeats every 1 in both directions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float At(float x, float y) => Sample(Values, x, y);

    /// <summary>Slope along x and y of <see cref="At"/>, scaled so that 1 is steep.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float X, float Y) Slope(float x, float y)
    {
        var (i, j) = Cell(x, y);
        return (GradientX[i | j], GradientY[i | j]);
    }

    /// <summary>A value in [0, 1) for a cell of an integer grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Hash(int x, int y, uint seed)
    {
        var h = unchecked(((uint)x * 0x9E3779B1u) ^ ((uint)y * 0x85EBCA77u) ^ (seed * 0xC2B2AE3Du));
        h = unchecked((h ^ (h >> 15)) * 0x2C1B3C6Du);
        h = unchecked((h ^ (h >> 12)) * 0x297A2D39u);
        return ((h ^ (h >> 15)) >> 8) * (1f / (1 << 24));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Column, int Row) Cell(float x, float y) =>
        ((int)MathF.Floor(x * Size) & Mask, ((int)MathF.Floor(y * Size) & Mask) * Size);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sample(float[] map, float x, float y)
    {
        x *= Size;
        y *= Size;
        var fx = MathF.Floor(x);
        var fy = MathF.Floor(y);
        var tx = x - fx;
        var ty = y - fy;
        var x0 = (int)fx & Mask;
        var x1 = (x0 + 1) & Mask;
        var y0 = ((int)fy & Mask) * Size;
        var y1 = (y0 + Size) & (Size * Size - 1);
        var top = map[y0 + x0] + (tx * (map[y0 + x1] - map[y0 + x0]));
        var bottom = map[y1 + x0] + (tx * (map[y1 + x1] - map[y1 + x0]));
        return top + (ty * (bottom - top));
    }

    private static float[] Make()
    {
        var values = new float[Size * Size];
        var randomness = Randomness.For(20260101, Randomness.Key("noise texture"));
        var amplitude = 0.5f;
        for (var cells = 4; cells <= 32; cells *= 2, amplitude *= 0.55f)
        {
            var lattice = new float[cells * cells];
            for (var i = 0; i < lattice.Length; i++)
            {
                lattice[i] = (2 * randomness.NextSingle()) - 1;
            }

            for (var y = 0; y < Size; y++)
            {
                for (var x = 0; x < Size; x++)
                {
                    values[(y * Size) + x] += amplitude * Lattice(lattice, cells, (float)x * cells / Size, (float)y * cells / Size);
                }
            }
        }

        return values;
    }

    private static float Lattice(float[] lattice, int cells, float x, float y)
    {
        var x0 = (int)x;
        var y0 = (int)y;
        var tx = Smooth(x - x0);
        var ty = Smooth(y - y0);
        float At(int i, int j) => lattice[((y0 + j) % cells * cells) + ((x0 + i) % cells)];
        var top = At(0, 0) + (tx * (At(1, 0) - At(0, 0)));
        var bottom = At(0, 1) + (tx * (At(1, 1) - At(0, 1)));
        return 1.6f * (top + (ty * (bottom - top)));
    }

    private static float Smooth(float t) => t * t * (3 - (2 * t));

    private static float[] Gradient(int dx, int dy)
    {
        var slopes = new float[Size * Size];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var after = Values[(((y + dy) & Mask) * Size) + ((x + dx) & Mask)];
                var before = Values[(((y - dy) & Mask) * Size) + ((x - dx) & Mask)];
                slopes[(y * Size) + x] = (after - before) * 4;
            }
        }

        return slopes;
    }
}
