using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Semblance.Core;
using Semblance.Core.Vectors;

namespace Semblance.Bench;

/// <summary>
/// Made-up embeddings with the structure of a gallery of people: looks, identities that vary them, shots that vary an identity, all in a few intrinsic
/// dimensions, and noise in
/// every dimension. Two shots of one identity have cosine 0.78 or so, the nearest of somebody else 0.66.
/// </summary>
internal static class ClusteredVectors
{
    public const int Width = 512;
    public const int ShotsPerIdentity = 50;

    private const int Looks = 200;
    private const int Intrinsic = 64;
    private const double IdentitySpread = 0.85;
    private const double ShotSpread = 0.46;
    private const double NoiseNorm = 0.32;
    private const ulong Seed = 7;

    private static readonly float[] Basis = MakeBasis();

    /// <summary>A shot of an identity; shots from <see cref="ShotsPerIdentity"/> on are in no gallery and serve as queries.</summary>
    public static void Write(int identity, int shot, Span<float> vector)
    {
        Span<float> inner = stackalloc float[Intrinsic];
        Span<float> part = stackalloc float[Intrinsic];
        Gaussian(Randomness.For(Seed, 1, identity % Looks), inner, 1);
        Gaussian(Randomness.For(Seed, 2, identity), part, IdentitySpread);
        TensorPrimitives.Add(inner, part, inner);
        Gaussian(Randomness.For(Seed, 3, identity, shot), part, ShotSpread * Math.Sqrt(1 + (IdentitySpread * IdentitySpread)));
        TensorPrimitives.Add(inner, part, inner);
        UnitVectors.NormaliseInPlace(inner);

        // Sixteen bits of a draw at a time, four to a value: nearly normal, and half a billion are needed.
        var random = Randomness.For(Seed, 4, identity, shot);
        var scale = (float)(NoiseNorm / Math.Sqrt(Width) / Math.Sqrt(1.0 / 3));
        for (var d = 0; d < vector.Length; d++)
        {
            var bits = random.NextBits();
            var sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
            vector[d] = ((sum / 65536f) - 2) * scale;
        }

        for (var i = 0; i < Intrinsic; i++)
        {
            TensorPrimitives.MultiplyAdd(Basis.AsSpan(i * Width, Width), inner[i], vector, vector);
        }

        UnitVectors.NormaliseInPlace(vector);
    }

    /// <summary>Writes a gallery, in a shuffled order as sightings come, and queries, new shots of its identities.</summary>
    public static void WriteFiles(string gallery, int count, string queries, int queryCount)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        var random = Randomness.For(Seed, 5);
        random.Shuffle(order.AsSpan());
        Write(gallery, count, i => (order[i] / ShotsPerIdentity, order[i] % ShotsPerIdentity));
        var identities = Math.Max(1, count / ShotsPerIdentity);
        Write(queries, queryCount, i => ((int)((long)i * 7919 % identities), ShotsPerIdentity + (i / identities)));
    }

    private static void Write(string path, int count, Func<int, (int Identity, int Shot)> which)
    {
        const int piece = 4096;
        var rows = new float[piece * Width];
        using var stream = File.Create(path);
        for (var first = 0; first < count; first += piece)
        {
            var some = Math.Min(piece, count - first);
            Parallel.For(0, some, i =>
            {
                var (identity, shot) = which(first + i);
                Write(identity, shot, rows.AsSpan(i * Width, Width));
            });
            stream.Write(MemoryMarshal.AsBytes(rows.AsSpan(0, some * Width)));
        }
    }

    private static float[] MakeBasis()
    {
        var basis = new float[Intrinsic * Width];
        for (var i = 0; i < Intrinsic; i++)
        {
            // Random directions of many dimensions are nearly at right angles; their lengths are 1.
            Gaussian(Randomness.For(Seed, 6, i), basis.AsSpan(i * Width, Width), 1);
            UnitVectors.NormaliseInPlace(basis.AsSpan(i * Width, Width));
        }

        return basis;
    }

    private static void Gaussian(Randomness random, Span<float> values, double deviation)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(deviation * random.NextGaussian());
        }
    }
}
