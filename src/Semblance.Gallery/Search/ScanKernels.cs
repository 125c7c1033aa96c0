using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Gallery.Search;

/// <summary>
/// Dot products of queries with groups of eight rows, in one of the instruction sets. A pair's float32 product is the same bits however many queries share
/// the call and wherever
/// the row stands: one register of running sums a pair, over the dimensions in order, and one way of adding its lanes. So all modes of search give the same
/// scores.
/// </summary>
internal abstract unsafe class ScanKernels
{
    /// <summary>Rows in a group.</summary>
    public const int Rows = 8;

    /// <summary>Runs anywhere.</summary>
    public static ScanKernels Portable { get; } = new ScanKernels<Lanes128, Vector128<float>, PortableCodes>("portable");

    /// <summary>Every set that this machine can run, the best last.</summary>
    public static IReadOnlyList<ScanKernels> All { get; } = Supported();

    /// <summary>The best that this machine has.</summary>
    public static ScanKernels Best => All[^1];

    /// <summary>For people.</summary>
    public abstract string Name { get; }

    /// <summary>Dot products with eight rows that follow one another.</summary>
    /// <param name="queries"><c>[n, stride]</c>.</param>
    /// <param name="count">n.</param>
    /// <param name="rows"><c>[8, stride]</c>.</param>
    /// <param name="stride">A multiple of 16.</param>
    /// <param name="scores">Gets <c>[n, 8]</c>.</param>
    public abstract void Dots(float* queries, int count, float* rows, nint stride, float* scores);

    /// <summary>Dot products of one query with eight rows wherever they are.</summary>
    public abstract void DotsOf(float* query, float** rows, nint stride, float* scores);

    /// <summary>Whole-number dot products with eight rows that follow one another, see <see cref="ICodeLanes"/>.</summary>
    /// <param name="queries"><c>[n, stride]</c>, each within ±63.</param>
    /// <param name="count">n.</param>
    /// <param name="rows"><c>[8, stride]</c>.</param>
    /// <param name="stride">A multiple of 64.</param>
    /// <param name="sums">Gets <c>[n, 8]</c>.</param>
    public abstract void CodeDots(sbyte* queries, int count, byte* rows, nint stride, int* sums);

    private static List<ScanKernels> Supported()
    {
        List<ScanKernels> all = [Portable];
        if (Avx2.IsSupported && Fma.IsSupported)
        {
            all.Add(new ScanKernels<Lanes256, Vector256<float>, Avx2Codes>("AVX2"));
            if (AvxVnni.IsSupported)
            {
                all.Add(new ScanKernels<Lanes256, Vector256<float>, VnniCodes>("AVX-VNNI"));
            }

            if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
            {
                all.Add(new ScanKernels<Lanes512, Vector512<float>, Avx512Codes>("AVX-512"));
            }
        }

        return all;
    }
}

internal sealed unsafe class ScanKernels<TLanes, TVector, TCodes>(string name) : ScanKernels
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
    where TCodes : struct, ICodeLanes
{
    private const int Together = 3;

    public override string Name => name;

    public override void Dots(float* queries, int count, float* rows, nint stride, float* scores)
    {
        if (count == 1)
        {
            One(queries, rows, stride, scores, fetch: true);
            return;
        }

        // Each step fetches its share of the rows that follow.
        var ahead = (byte*)(rows + (Rows * stride));
        var share = Share(Rows * stride * sizeof(float), Math.Max(1, count / Together));
        var i = 0;
        for (; i + Together <= count; i += Together, queries += Together * stride, scores += Together * Rows, ahead += share)
        {
            Memory.FetchForLater(ahead, share);
            if (TLanes.Many)
            {
                ThreeByEight(queries, rows, stride, scores);
            }
            else
            {
                ThreeByFour(queries, rows, stride, scores);
                ThreeByFour(queries, rows + (4 * stride), stride, scores + 4);
            }
        }

        for (; i < count; i++, queries += stride, scores += Rows)
        {
            One(queries, rows, stride, scores, fetch: false);
        }
    }

    public override void CodeDots(sbyte* queries, int count, byte* rows, nint stride, int* sums)
    {
        if (count == 1)
        {
            TCodes.Dot8(queries, rows, stride, sums, fetch: true);
            return;
        }

        var ahead = rows + (Rows * stride);
        var share = Share(Rows * stride, count);
        for (var i = 0; i < count; i++, queries += stride, sums += Rows, ahead += share)
        {
            Memory.FetchForLater(ahead, share);
            TCodes.Dot8(queries, rows, stride, sums, fetch: false);
        }
    }

    public override void DotsOf(float* query, float** rows, nint stride, float* scores)
    {
        TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3], r4 = rows[4], r5 = rows[5], r6 = rows[6], r7 = rows[7];
        for (nint i = 0; i < stride; i += TLanes.Count)
        {
            var q = TLanes.Load(query + i);
            a0 = TLanes.MultiplyAdd(q, TLanes.Load(r0 + i), a0);
            a1 = TLanes.MultiplyAdd(q, TLanes.Load(r1 + i), a1);
            a2 = TLanes.MultiplyAdd(q, TLanes.Load(r2 + i), a2);
            a3 = TLanes.MultiplyAdd(q, TLanes.Load(r3 + i), a3);
            a4 = TLanes.MultiplyAdd(q, TLanes.Load(r4 + i), a4);
            a5 = TLanes.MultiplyAdd(q, TLanes.Load(r5 + i), a5);
            a6 = TLanes.MultiplyAdd(q, TLanes.Load(r6 + i), a6);
            a7 = TLanes.MultiplyAdd(q, TLanes.Load(r7 + i), a7);
        }

        TLanes.Sums(a0, a1, a2, a3).Store(scores);
        TLanes.Sums(a4, a5, a6, a7).Store(scores + 4);
    }

    /// <summary>A part of some bytes, in whole lines of the cache.</summary>
    private static nint Share(nint bytes, int parts) => ((bytes / parts) + 63) & -64;

    // Memory-bound: eight sums hide the latency of the multiply-adds.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(float* query, float* rows, nint stride, float* scores, bool fetch)
    {
        TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        nint two = 2 * stride, three = 3 * stride;
        var ahead = (byte*)(rows + (Rows * stride));
        var low = rows;
        var high = rows + (4 * stride);
        for (var end = query + stride; query < end; query += TLanes.Count)
        {
            if (fetch)
            {
                Memory.Fetch(ref ahead, Rows * TLanes.Count * sizeof(float));
            }

            var q = TLanes.Load(query);
            a0 = TLanes.MultiplyAdd(q, TLanes.Load(low), a0);
            a1 = TLanes.MultiplyAdd(q, TLanes.Load(low + stride), a1);
            a2 = TLanes.MultiplyAdd(q, TLanes.Load(low + two), a2);
            a3 = TLanes.MultiplyAdd(q, TLanes.Load(low + three), a3);
            a4 = TLanes.MultiplyAdd(q, TLanes.Load(high), a4);
            a5 = TLanes.MultiplyAdd(q, TLanes.Load(high + stride), a5);
            a6 = TLanes.MultiplyAdd(q, TLanes.Load(high + two), a6);
            a7 = TLanes.MultiplyAdd(q, TLanes.Load(high + three), a7);
            low += TLanes.Count;
            high += TLanes.Count;
        }

        TLanes.Sums(a0, a1, a2, a3).Store(scores);
        TLanes.Sums(a4, a5, a6, a7).Store(scores + 4);
    }

    // Compute-bound: twelve sums, three queries and a row are the sixteen registers of AVX2; seven loads feed twelve multiply-adds.
    private static void ThreeByFour(float* query, float* rows, nint stride, float* scores)
    {
        TVector a0 = default, a1 = default, a2 = default, a3 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default;
        nint two = 2 * stride, three = 3 * stride;
        for (var end = query + stride; query < end; query += TLanes.Count, rows += TLanes.Count)
        {
            var qa = TLanes.Load(query);
            var qb = TLanes.Load(query + stride);
            var qc = TLanes.Load(query + two);
            var x = TLanes.Load(rows);
            a0 = TLanes.MultiplyAdd(qa, x, a0);
            b0 = TLanes.MultiplyAdd(qb, x, b0);
            c0 = TLanes.MultiplyAdd(qc, x, c0);
            x = TLanes.Load(rows + stride);
            a1 = TLanes.MultiplyAdd(qa, x, a1);
            b1 = TLanes.MultiplyAdd(qb, x, b1);
            c1 = TLanes.MultiplyAdd(qc, x, c1);
            x = TLanes.Load(rows + two);
            a2 = TLanes.MultiplyAdd(qa, x, a2);
            b2 = TLanes.MultiplyAdd(qb, x, b2);
            c2 = TLanes.MultiplyAdd(qc, x, c2);
            x = TLanes.Load(rows + three);
            a3 = TLanes.MultiplyAdd(qa, x, a3);
            b3 = TLanes.MultiplyAdd(qb, x, b3);
            c3 = TLanes.MultiplyAdd(qc, x, c3);
        }

        TLanes.Sums(a0, a1, a2, a3).Store(scores);
        TLanes.Sums(b0, b1, b2, b3).Store(scores + Rows);
        TLanes.Sums(c0, c1, c2, c3).Store(scores + (2 * Rows));
    }

    // The same for 32 registers: 24 sums, and eleven loads for as many multiply-adds.
    private static void ThreeByEight(float* query, float* rows, nint stride, float* scores)
    {
        TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        nint two = 2 * stride, three = 3 * stride;
        var high = rows + (4 * stride);
        for (var end = query + stride; query < end; query += TLanes.Count, rows += TLanes.Count, high += TLanes.Count)
        {
            var qa = TLanes.Load(query);
            var qb = TLanes.Load(query + stride);
            var qc = TLanes.Load(query + two);
            var x = TLanes.Load(rows);
            a0 = TLanes.MultiplyAdd(qa, x, a0);
            b0 = TLanes.MultiplyAdd(qb, x, b0);
            c0 = TLanes.MultiplyAdd(qc, x, c0);
            x = TLanes.Load(rows + stride);
            a1 = TLanes.MultiplyAdd(qa, x, a1);
            b1 = TLanes.MultiplyAdd(qb, x, b1);
            c1 = TLanes.MultiplyAdd(qc, x, c1);
            x = TLanes.Load(rows + two);
            a2 = TLanes.MultiplyAdd(qa, x, a2);
            b2 = TLanes.MultiplyAdd(qb, x, b2);
            c2 = TLanes.MultiplyAdd(qc, x, c2);
            x = TLanes.Load(rows + three);
            a3 = TLanes.MultiplyAdd(qa, x, a3);
            b3 = TLanes.MultiplyAdd(qb, x, b3);
            c3 = TLanes.MultiplyAdd(qc, x, c3);
            x = TLanes.Load(high);
            a4 = TLanes.MultiplyAdd(qa, x, a4);
            b4 = TLanes.MultiplyAdd(qb, x, b4);
            c4 = TLanes.MultiplyAdd(qc, x, c4);
            x = TLanes.Load(high + stride);
            a5 = TLanes.MultiplyAdd(qa, x, a5);
            b5 = TLanes.MultiplyAdd(qb, x, b5);
            c5 = TLanes.MultiplyAdd(qc, x, c5);
            x = TLanes.Load(high + two);
            a6 = TLanes.MultiplyAdd(qa, x, a6);
            b6 = TLanes.MultiplyAdd(qb, x, b6);
            c6 = TLanes.MultiplyAdd(qc, x, c6);
            x = TLanes.Load(high + three);
            a7 = TLanes.MultiplyAdd(qa, x, a7);
            b7 = TLanes.MultiplyAdd(qb, x, b7);
            c7 = TLanes.MultiplyAdd(qc, x, c7);
        }

        TLanes.Sums(a0, a1, a2, a3).Store(scores);
        TLanes.Sums(a4, a5, a6, a7).Store(scores + 4);
        TLanes.Sums(b0, b1, b2, b3).Store(scores + Rows);
        TLanes.Sums(b4, b5, b6, b7).Store(scores + Rows + 4);
        TLanes.Sums(c0, c1, c2, c3).Store(scores + (2 * Rows));
        TLanes.Sums(c4, c5, c6, c7).Store(scores + (2 * Rows) + 4);
    }
}
