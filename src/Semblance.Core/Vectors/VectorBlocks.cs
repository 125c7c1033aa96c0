using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Core.Vectors;

/// <summary>
/// Many float32 vectors, packed for dot products against all of them: blocks of <see cref="BlockSize"/> vectors, inside a block dimension by dimension
/// (<c>[blocks, E, 64]</c>), so that one register holds the running sums of neighbouring vectors and memory is read in one sequential stream.
/// </summary>
/// <remarks>
/// <para>Every product is <c>fma(q[E-1], x[E-1], ... fma(q[0], x[0], 0))</c>: one fused multiply-add per dimension, in the order of the dimensions, for each vector
/// on its own. The sum is therefore the same bits whatever the number of queries, the register width, the block or the thread that computes it.</para>
/// <para>Immutable and safe to share between threads.</para>
/// </remarks>
public sealed class VectorBlocks
{
    /// <summary>Vectors in a block. The last block is filled up with zero vectors.</summary>
    public const int BlockSize = 64;

    private const int Alignment = 64;
    private const int QueriesAtOnce = 6;
    private const long FloatsPerChunk = 1L << 26;

    private readonly float[][] _chunks;
    private readonly int[] _offsets;
    private readonly int _blocksPerChunk;

    private VectorBlocks(int count, int width)
    {
        Count = count;
        Width = width;
        BlockCount = (count + BlockSize - 1) / BlockSize;
        _blocksPerChunk = (int)Math.Max(1, FloatsPerChunk / ((long)width * BlockSize));
        _chunks = new float[(BlockCount + _blocksPerChunk - 1) / _blocksPerChunk][];
        _offsets = new int[_chunks.Length];
        for (var c = 0; c < _chunks.Length; c++)
        {
            var blocks = Math.Min(_blocksPerChunk, BlockCount - (c * _blocksPerChunk));

            // Pinned, so that an address that is aligned once stays so: an unaligned 64-byte load touches two cache lines.
            var chunk = GC.AllocateArray<float>(checked((blocks * BlockSize * width) + (Alignment / sizeof(float))), pinned: true);
            var address = Marshal.UnsafeAddrOfPinnedArrayElement(chunk, 0);
            _offsets[c] = (int)((-address & (Alignment - 1)) / sizeof(float));
            _chunks[c] = chunk;
        }
    }

    /// <summary>Number of vectors, N.</summary>
    public int Count { get; }

    /// <summary>Length of each vector, E.</summary>
    public int Width { get; }

    /// <summary>Number of blocks, N / 64 rounded up.</summary>
    public int BlockCount { get; }

    /// <summary>Packs rows; the rows are copied and not kept.</summary>
    /// <param name="rows"><c>[N, E]</c>, row by row.</param>
    /// <param name="width">E.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="rows"/> is no multiple of <paramref name="width"/>.</exception>
    public static VectorBlocks Pack(ReadOnlySpan<float> rows, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (rows.Length % width != 0)
        {
            throw new ArgumentException($"{rows.Length} values are no whole number of rows of width {width}", nameof(rows));
        }

        var packed = new VectorBlocks(rows.Length / width, width);
        for (var i = 0; i < packed.Count; i++)
        {
            packed.Put(i, rows.Slice(i * width, width));
        }

        return packed;
    }

    /// <summary>Packs rows that are handed over one by one, from a file for instance, so that they are in memory only once.</summary>
    /// <param name="count">N.</param>
    /// <param name="width">E.</param>
    /// <param name="read">Writes row i into the span, which has E places.</param>
    public static VectorBlocks Pack(int count, int width, Action<int, Span<float>> read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(read);
        var packed = new VectorBlocks(count, width);
        var row = new float[width];
        for (var i = 0; i < count; i++)
        {
            read(i, row);
            packed.Put(i, row);
        }

        return packed;
    }

    /// <summary>Dot products of some queries with the 64 vectors of one block.</summary>
    /// <param name="queries"><c>[n, E]</c>, row by row.</param>
    /// <param name="block">Which block, from 0.</param>
    /// <param name="scores">Gets <c>[n, 64]</c> with <paramref name="stride"/> floats from row to row; what lies beyond <see cref="Count"/> in the last block is 0.</param>
    /// <param name="stride">At least 64.</param>
    public void Dot(ReadOnlySpan<float> queries, int block, Span<float> scores, int stride)
    {
        if (queries.Length % Width != 0)
        {
            throw new ArgumentException($"{queries.Length} values are no whole number of queries of width {Width}", nameof(queries));
        }

        var count = queries.Length / Width;
        if ((uint)block >= (uint)BlockCount)
        {
            throw new ArgumentOutOfRangeException(nameof(block), $"block {block} of {BlockCount}");
        }

        if (stride < BlockSize || scores.Length < ((long)(count - 1) * stride) + BlockSize)
        {
            throw new ArgumentException($"room for {scores.Length} scores with a stride of {stride}, but {count} queries need rows of {BlockSize}", nameof(scores));
        }

        ref var vectors = ref BlockStart(block);
        ref var query = ref MemoryMarshal.GetReference(queries);
        ref var score = ref MemoryMarshal.GetReference(scores);
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + QueriesAtOnce <= count; i += QueriesAtOnce)
            {
                Six<Lanes512, Vector512<float>>(ref Unsafe.Add(ref query, (nint)i * Width), ref vectors, ref Unsafe.Add(ref score, (nint)i * stride), stride);
            }

            for (; i < count; i++)
            {
                One<Lanes512, Vector512<float>>(ref Unsafe.Add(ref query, (nint)i * Width), ref vectors, ref Unsafe.Add(ref score, (nint)i * stride));
            }
        }
        else
        {
            for (; i + QueriesAtOnce <= count; i += QueriesAtOnce)
            {
                Six<Lanes256, Vector256<float>>(ref Unsafe.Add(ref query, (nint)i * Width), ref vectors, ref Unsafe.Add(ref score, (nint)i * stride), stride);
            }

            for (; i < count; i++)
            {
                One<Lanes256, Vector256<float>>(ref Unsafe.Add(ref query, (nint)i * Width), ref vectors, ref Unsafe.Add(ref score, (nint)i * stride));
            }
        }
    }

    /// <summary>
    /// The same for one query, summed in float64 in the order of the dimensions. Products of two float32 are exact in float64, so this is a plain loop's result on every
    /// machine, rounded once per dimension.
    /// </summary>
    /// <param name="query"><c>[E]</c>.</param>
    /// <param name="block">Which block, from 0.</param>
    /// <param name="scores">Gets <c>[64]</c>; what lies beyond <see cref="Count"/> in the last block is 0.</param>
    public void DotExact(ReadOnlySpan<float> query, int block, Span<double> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, Width, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)BlockCount, nameof(block));
        ArgumentOutOfRangeException.ThrowIfLessThan(scores.Length, BlockSize, nameof(scores));
        const int columns = 32;
        ref var vectors = ref BlockStart(block);
        for (var column = 0; column < BlockSize; column += columns)
        {
            Vector512<double> s0 = default, s1 = default, s2 = default, s3 = default;
            ref var x = ref Unsafe.Add(ref vectors, column);
            foreach (var value in query)
            {
                var q = Vector512.Create((double)value);
                var (x0, x1) = Vector512.Widen(Vector512.LoadUnsafe(ref x));
                var (x2, x3) = Vector512.Widen(Vector512.LoadUnsafe(ref x, 16));
                s0 += q * x0;
                s1 += q * x1;
                s2 += q * x2;
                s3 += q * x3;
                x = ref Unsafe.Add(ref x, BlockSize);
            }

            s0.CopyTo(scores[column..]);
            s1.CopyTo(scores[(column + 8)..]);
            s2.CopyTo(scores[(column + 16)..]);
            s3.CopyTo(scores[(column + 24)..]);
        }
    }

    /// <summary>Copies vector <paramref name="index"/> out.</summary>
    public void CopyTo(int index, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        ref var start = ref Unsafe.Add(ref BlockStart(index / BlockSize), index % BlockSize);
        for (var d = 0; d < Width; d++)
        {
            vector[d] = Unsafe.Add(ref start, d * BlockSize);
        }
    }

    private void Put(int index, ReadOnlySpan<float> vector)
    {
        ref var start = ref Unsafe.Add(ref BlockStart(index / BlockSize), index % BlockSize);
        for (var d = 0; d < vector.Length; d++)
        {
            Unsafe.Add(ref start, d * BlockSize) = vector[d];
        }
    }

    private ref float BlockStart(int block)
    {
        var chunk = block / _blocksPerChunk;
        return ref _chunks[chunk][_offsets[chunk] + ((block % _blocksPerChunk) * BlockSize * Width)];
    }

    // Memory-bound: four registers of sums hide the latency of the multiply-adds, and the block streams through once (AVX-512).
    private void One<TLanes, TVector>(ref float query, ref float vectors, ref float scores)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var lanes = TLanes.Count;
        for (var column = 0; column < BlockSize; column += 4 * lanes)
        {
            var s0 = TLanes.Zero;
            var s1 = TLanes.Zero;
            var s2 = TLanes.Zero;
            var s3 = TLanes.Zero;
            ref var x = ref Unsafe.Add(ref vectors, column);
            for (nint d = 0; d < Width; d++)
            {
                var q = TLanes.Broadcast(Unsafe.Add(ref query, d));
                s0 = TLanes.MultiplyAdd(q, TLanes.Load(ref x, 0), s0);
                s1 = TLanes.MultiplyAdd(q, TLanes.Load(ref x, lanes), s1);
                s2 = TLanes.MultiplyAdd(q, TLanes.Load(ref x, 2 * lanes), s2);
                s3 = TLanes.MultiplyAdd(q, TLanes.Load(ref x, 3 * lanes), s3);
                x = ref Unsafe.Add(ref x, BlockSize);
            }

            ref var s = ref Unsafe.Add(ref scores, column);
            TLanes.Store(s0, ref s, 0);
            TLanes.Store(s1, ref s, lanes);
            TLanes.Store(s2, ref s, 2 * lanes);
            TLanes.Store(s3, ref s, 3 * lanes);
        }
    }

    // Compute-bound: six queries by two registers are twelve sums, which with two loads and one broadcast fill the sixteen registers of AVX2.
    private void Six<TLanes, TVector>(ref float queries, ref float vectors, ref float scores, int stride)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var lanes = TLanes.Count;
        nint width = Width;
        for (var column = 0; column < BlockSize; column += 2 * lanes)
        {
            TVector a0 = TLanes.Zero, a1 = TLanes.Zero, b0 = TLanes.Zero, b1 = TLanes.Zero, c0 = TLanes.Zero, c1 = TLanes.Zero;
            TVector d0 = TLanes.Zero, d1 = TLanes.Zero, e0 = TLanes.Zero, e1 = TLanes.Zero, f0 = TLanes.Zero, f1 = TLanes.Zero;
            ref var x = ref Unsafe.Add(ref vectors, column);
            ref var q = ref queries;
            ref var r = ref Unsafe.Add(ref queries, 3 * width);
            for (nint d = 0; d < width; d++)
            {
                var x0 = TLanes.Load(ref x, 0);
                var x1 = TLanes.Load(ref x, lanes);
                x = ref Unsafe.Add(ref x, BlockSize);

                var one = TLanes.Broadcast(q);
                a0 = TLanes.MultiplyAdd(one, x0, a0);
                a1 = TLanes.MultiplyAdd(one, x1, a1);
                one = TLanes.Broadcast(Unsafe.Add(ref q, width));
                b0 = TLanes.MultiplyAdd(one, x0, b0);
                b1 = TLanes.MultiplyAdd(one, x1, b1);
                one = TLanes.Broadcast(Unsafe.Add(ref q, 2 * width));
                c0 = TLanes.MultiplyAdd(one, x0, c0);
                c1 = TLanes.MultiplyAdd(one, x1, c1);
                one = TLanes.Broadcast(r);
                d0 = TLanes.MultiplyAdd(one, x0, d0);
                d1 = TLanes.MultiplyAdd(one, x1, d1);
                one = TLanes.Broadcast(Unsafe.Add(ref r, width));
                e0 = TLanes.MultiplyAdd(one, x0, e0);
                e1 = TLanes.MultiplyAdd(one, x1, e1);
                one = TLanes.Broadcast(Unsafe.Add(ref r, 2 * width));
                f0 = TLanes.MultiplyAdd(one, x0, f0);
                f1 = TLanes.MultiplyAdd(one, x1, f1);
                q = ref Unsafe.Add(ref q, 1);
                r = ref Unsafe.Add(ref r, 1);
            }

            ref var s = ref Unsafe.Add(ref scores, column);
            TLanes.Store(a0, ref s, 0);
            TLanes.Store(a1, ref s, lanes);
            TLanes.Store(b0, ref s, stride);
            TLanes.Store(b1, ref s, stride + lanes);
            TLanes.Store(c0, ref s, 2 * (nint)stride);
            TLanes.Store(c1, ref s, (2 * (nint)stride) + lanes);
            TLanes.Store(d0, ref s, 3 * (nint)stride);
            TLanes.Store(d1, ref s, (3 * (nint)stride) + lanes);
            TLanes.Store(e0, ref s, 4 * (nint)stride);
            TLanes.Store(e1, ref s, (4 * (nint)stride) + lanes);
            TLanes.Store(f0, ref s, 5 * (nint)stride);
            TLanes.Store(f1, ref s, (5 * (nint)stride) + lanes);
        }
    }

    private interface ILanes<TVector>
        where TVector : struct
    {
        static abstract int Count { get; }

        static abstract TVector Zero { get; }

        static abstract TVector Broadcast(float value);

        static abstract TVector Load(ref float start, nint offset);

        static abstract void Store(TVector vector, ref float start, nint offset);

        static abstract TVector MultiplyAdd(TVector left, TVector right, TVector sum);
    }

    private readonly struct Lanes256 : ILanes<Vector256<float>>
    {
        public static int Count => 8;

        public static Vector256<float> Zero => Vector256<float>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(ref float start, nint offset) => Vector256.LoadUnsafe(ref Unsafe.Add(ref start, offset));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector256<float> vector, ref float start, nint offset) => vector.StoreUnsafe(ref Unsafe.Add(ref start, offset));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> sum) =>
            Vector256.FusedMultiplyAdd(left, right, sum);
    }

    private readonly struct Lanes512 : ILanes<Vector512<float>>
    {
        public static int Count => 16;

        public static Vector512<float> Zero => Vector512<float>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Load(ref float start, nint offset) => Vector512.LoadUnsafe(ref Unsafe.Add(ref start, offset));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<float> vector, ref float start, nint offset) => vector.StoreUnsafe(ref Unsafe.Add(ref start, offset));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> sum) =>
            Vector512.FusedMultiplyAdd(left, right, sum);
    }
}
