using System.Numerics;
using System.Runtime.Intrinsics;

namespace Semblance.Gallery.Search;

/// <summary>Compares queries with a list of vectors in 8 bits.</summary>
internal sealed unsafe class CodeScan(ScanKernels kernels)
{
    private const int QueriesAtOnce = 128;

    /// <summary>Offers each query's list the admitted members of a list, scored up to a positive factor of the query's own.</summary>
    public void Scan(CodeList list, CodedQueries queries, int first, int count, SlotMask? admitted, ReadOnlySpan<BestList> best)
    {
        for (var start = 0; start < count; start += QueriesAtOnce)
        {
            var some = Math.Min(QueriesAtOnce, count - start);
            ScanSome(list, queries, first + start, admitted, best.Slice(start, some));
        }
    }

    private void ScanSome(CodeList list, CodedQueries queries, int first, SlotMask? admitted, ReadOnlySpan<BestList> best)
    {
        var codes = queries.Query(first);
        var sums = stackalloc int[best.Length * ScanKernels.Rows];
        var slots = list.Slots;
        var scales = list.Scales;
        var scores = stackalloc float[ScanKernels.Rows];
        for (var group = 0; group < list.Groups; group++)
        {
            var start = group * ScanKernels.Rows;
            var mask = Mask(slots[start..], admitted);
            if (mask == 0)
            {
                continue;
            }

            kernels.CodeDots(codes, best.Length, list.Group(group), queries.Stride, sums);
            var scale = Vector256.Create(scales.Slice(start, ScanKernels.Rows));
            for (var q = 0; q < best.Length; q++)
            {
                var score = Vector256.ConvertToSingle(Vector256.Load(sums + (q * ScanKernels.Rows)) - Vector256.Create(queries.Excess(first + q))) * scale;
                var hits = Vector256.GreaterThanOrEqual(score, Vector256.Create(best[q].Threshold)).ExtractMostSignificantBits() & mask;
                if (hits == 0)
                {
                    continue;
                }

                score.Store(scores);
                for (; hits != 0; hits &= hits - 1)
                {
                    var hit = BitOperations.TrailingZeroCount(hits);
                    best[q].Offer(scores[hit], slots[start + hit]);
                }
            }
        }
    }

    private static uint Mask(ReadOnlySpan<int> slots, SlotMask? admitted)
    {
        var count = Math.Min(slots.Length, ScanKernels.Rows);
        if (admitted is null)
        {
            return (1u << count) - 1;
        }

        var mask = 0u;
        for (var i = 0; i < count; i++)
        {
            mask |= admitted[slots[i]] ? 1u << i : 0;
        }

        return mask;
    }
}
