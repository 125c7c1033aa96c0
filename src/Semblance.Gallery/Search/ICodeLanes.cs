using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Gallery.Search;

/// <summary>
/// Dot products of bytes. Rows are unsigned (a code plus 128) and queries signed within ±63: two products add up to at most 2 × 255 × 63 = 32,130, which 16
/// bits hold, so that
/// no instruction saturates and every path gives the same whole numbers.
/// </summary>
internal unsafe interface ICodeLanes
{
    /// <summary>Sums over a query and eight rows.</summary>
    /// <param name="query"><c>[stride]</c>.</param>
    /// <param name="rows"><c>[8, stride]</c>.</param>
    /// <param name="stride">A multiple of 64.</param>
    /// <param name="sums">Gets <c>[8]</c>.</param>
    /// <param name="fetch">Whether to fetch what follows from memory meanwhile; a constant.</param>
    static abstract void Dot8(sbyte* query, byte* rows, nint stride, int* sums, bool fetch);
}

/// <summary>Any machine.</summary>
internal readonly unsafe struct PortableCodes : ICodeLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot8(sbyte* query, byte* rows, nint stride, int* sums, bool fetch)
    {
        for (var r = 0; r < ScanKernels.Rows; r++, rows += stride)
        {
            var sum = Vector128<int>.Zero;
            for (nint i = 0; i < stride; i += Vector128<byte>.Count)
            {
                var (q0, q1) = Vector128.Widen(Vector128.Load(query + i));
                var (x0, x1) = Vector128.Widen(Vector128.Load(rows + i));
                var (low, high) = Vector128.Widen((q0 * x0.AsInt16()) + (q1 * x1.AsInt16()));
                sum += low + high;
            }

            sums[r] = Vector128.Sum(sum);
        }
    }
}

/// <summary>AVX2: <c>vpmaddubsw</c> and <c>vpmaddwd</c>.</summary>
internal readonly unsafe struct Avx2Codes : ICodeLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot8(sbyte* query, byte* rows, nint stride, int* sums, bool fetch)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        var ones = Vector256.Create((short)1);
        nint two = 2 * stride, three = 3 * stride;
        var ahead = rows + (Memory.GroupsAhead * ScanKernels.Rows * stride);
        var low = rows;
        var high = rows + (4 * stride);
        for (var end = query + stride; query < end; query += Vector256<byte>.Count)
        {
            if (fetch)
            {
                Memory.Fetch(ref ahead, ScanKernels.Rows * Vector256<byte>.Count);
            }

            var q = Vector256.Load(query);
            a0 = Step(a0, low, q, ones);
            a1 = Step(a1, low + stride, q, ones);
            a2 = Step(a2, low + two, q, ones);
            a3 = Step(a3, low + three, q, ones);
            a4 = Step(a4, high, q, ones);
            a5 = Step(a5, high + stride, q, ones);
            a6 = Step(a6, high + two, q, ones);
            a7 = Step(a7, high + three, q, ones);
            low += Vector256<byte>.Count;
            high += Vector256<byte>.Count;
        }

        Store(a0, a1, a2, a3, a4, a5, a6, a7, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(
        Vector256<int> a0, Vector256<int> a1, Vector256<int> a2, Vector256<int> a3,
        Vector256<int> a4, Vector256<int> a5, Vector256<int> a6, Vector256<int> a7, int* sums)
    {
        var low = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a0, a1), Avx2.HorizontalAdd(a2, a3));
        var high = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a4, a5), Avx2.HorizontalAdd(a6, a7));
        (Avx2.Permute2x128(low, high, 0x20) + Avx2.Permute2x128(low, high, 0x31)).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Step(Vector256<int> sum, byte* row, Vector256<sbyte> query, Vector256<short> ones) =>
        sum + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(row), query), ones);
}

/// <summary>AVX-VNNI: <c>vpdpbusd</c>.</summary>
internal readonly unsafe struct VnniCodes : ICodeLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot8(sbyte* query, byte* rows, nint stride, int* sums, bool fetch)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        nint two = 2 * stride, three = 3 * stride;
        var ahead = rows + (Memory.GroupsAhead * ScanKernels.Rows * stride);
        var low = rows;
        var high = rows + (4 * stride);
        for (var end = query + stride; query < end; query += Vector256<byte>.Count)
        {
            if (fetch)
            {
                Memory.Fetch(ref ahead, ScanKernels.Rows * Vector256<byte>.Count);
            }

            var q = Vector256.Load(query);
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, Vector256.Load(low), q);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, Vector256.Load(low + stride), q);
            a2 = AvxVnni.MultiplyWideningAndAdd(a2, Vector256.Load(low + two), q);
            a3 = AvxVnni.MultiplyWideningAndAdd(a3, Vector256.Load(low + three), q);
            a4 = AvxVnni.MultiplyWideningAndAdd(a4, Vector256.Load(high), q);
            a5 = AvxVnni.MultiplyWideningAndAdd(a5, Vector256.Load(high + stride), q);
            a6 = AvxVnni.MultiplyWideningAndAdd(a6, Vector256.Load(high + two), q);
            a7 = AvxVnni.MultiplyWideningAndAdd(a7, Vector256.Load(high + three), q);
            low += Vector256<byte>.Count;
            high += Vector256<byte>.Count;
        }

        Avx2Codes.Store(a0, a1, a2, a3, a4, a5, a6, a7, sums);
    }
}

/// <summary>AVX-512 with bytes and words.</summary>
internal readonly unsafe struct Avx512Codes : ICodeLanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot8(sbyte* query, byte* rows, nint stride, int* sums, bool fetch)
    {
        Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        var ones = Vector512.Create((short)1);
        nint two = 2 * stride, three = 3 * stride;
        var ahead = rows + (Memory.GroupsAhead * ScanKernels.Rows * stride);
        var low = rows;
        var high = rows + (4 * stride);
        for (var end = query + stride; query < end; query += Vector512<byte>.Count)
        {
            if (fetch)
            {
                Memory.Fetch(ref ahead, ScanKernels.Rows * Vector512<byte>.Count);
            }

            var q = Vector512.Load(query);
            a0 = Step(a0, low, q, ones);
            a1 = Step(a1, low + stride, q, ones);
            a2 = Step(a2, low + two, q, ones);
            a3 = Step(a3, low + three, q, ones);
            a4 = Step(a4, high, q, ones);
            a5 = Step(a5, high + stride, q, ones);
            a6 = Step(a6, high + two, q, ones);
            a7 = Step(a7, high + three, q, ones);
            low += Vector512<byte>.Count;
            high += Vector512<byte>.Count;
        }

        Avx2Codes.Store(Half(a0), Half(a1), Half(a2), Half(a3), Half(a4), Half(a5), Half(a6), Half(a7), sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Step(Vector512<int> sum, byte* row, Vector512<sbyte> query, Vector512<short> ones) =>
        sum + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(row), query), ones);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Half(Vector512<int> sum) => sum.GetLower() + sum.GetUpper();
}
