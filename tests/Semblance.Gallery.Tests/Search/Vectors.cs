using Semblance.Core;
using System.Runtime.Intrinsics;
using Semblance.Core.Vectors;
using Semblance.Gallery.Search;

namespace Semblance.Gallery.Tests.Search;

/// <summary>Vectors and plain loops for the tests of the index.</summary>
internal static class Vectors
{
    /// <summary>Every path that this machine runs, and the one of 32 wide registers, which AVX2 runs with two for one.</summary>
    public static IReadOnlyList<ScanKernels> Paths { get; } =
        Fma() ? [.. ScanKernels.All, new ScanKernels<Lanes512, Vector512<float>, PortableCodes>("wide")] : ScanKernels.All;

    public static float[] Unit(int width, ulong seed, long index)
    {
        var random = Randomness.For(seed, index);
        var vector = new float[width];
        for (var d = 0; d < width; d++)
        {
            vector[d] = (float)random.NextGaussian();
        }

        UnitVectors.NormaliseInPlace(vector);
        return vector;
    }

    /// <summary>Rows of unit vectors, <c>[count, width]</c>.</summary>
    public static float[] Units(int count, int width, ulong seed) => [.. Enumerable.Range(0, count).SelectMany(i => Unit(width, seed, i))];

    /// <summary>Rows in tight groups, as embeddings of people are: cosine near 0.8 in a group.</summary>
    public static float[] Groups(int groups, int each, int width, ulong seed, long shot = 0)
    {
        var rows = new float[groups * each * width];
        for (var i = 0; i < groups * each; i++)
        {
            var middle = Unit(width, seed, i / each);
            var noise = Unit(width, seed + 1, (shot << 32) + i);
            var row = rows.AsSpan(i * width, width);
            for (var d = 0; d < width; d++)
            {
                row[d] = middle[d] + (0.5f * noise[d]);
            }

            UnitVectors.NormaliseInPlace(row);
        }

        return rows;
    }

    public static VectorIndex Index(float[] rows, int width, ScanKernels? kernels = null, int threads = 2)
    {
        var index = new VectorIndex(width, new VectorIndexOptions { Kernels = kernels, Threads = threads });
        for (var i = 0; i < rows.Length / width; i++)
        {
            Assert.Equal(i, index.Add(rows.AsSpan(i * width, width)));
        }

        return index;
    }

    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var d = 0; d < a.Length; d++)
        {
            sum += (double)a[d] * b[d];
        }

        return sum;
    }

    /// <summary>
    /// An answer is right if its scores are the plain loop's up to rounding, in order, ties by slot, no slot twice, and nothing that was left out is better
    /// than its last.
    /// </summary>
    public static void AssertPlain(IReadOnlyDictionary<int, float[]> vectors, ReadOnlySpan<float> query, int top, IReadOnlyList<Neighbour> found)
    {
        var plain = new Dictionary<int, double>();
        foreach (var (slot, vector) in vectors)
        {
            plain[slot] = Dot(query, vector);
        }

        Assert.Equal(Math.Min(top, plain.Count), found.Count);
        Assert.Equal(found.Count, found.Select(neighbour => neighbour.Slot).Distinct().Count());
        for (var i = 0; i < found.Count; i++)
        {
            Assert.Equal(plain[found[i].Slot], found[i].Score, 1e-5);
            Assert.True(i == 0 || found[i - 1].Score > found[i].Score || (found[i - 1].Score == found[i].Score && found[i - 1].Slot < found[i].Slot));
            plain.Remove(found[i].Slot);
        }

        if (found.Count > 0)
        {
            Assert.DoesNotContain(plain, left => left.Value > found[^1].Score + 1e-5);
        }
    }

    public static Dictionary<int, float[]> Twin(float[] rows, int width) =>
        Enumerable.Range(0, rows.Length / width).ToDictionary(i => i, i => rows.AsSpan(i * width, width).ToArray());

    private static bool Fma() => ScanKernels.All.Count > 1;
}
