using System.Numerics;
using System.Runtime.Intrinsics;

namespace Semblance.Gallery.Search;

public sealed unsafe partial class VectorIndex
{
    private const int RowGroupsPerChunk = RowStore.RowsPerChunk / ScanKernels.Rows;
    private const int BytesOfQueriesAtOnce = 192 << 10;
    private const int QueriesPerCellWalk = 16;
    private const int RescorePerNeighbour = 4;

    // One query of width 512: 8 bits and float32 are level at 3,000 vectors, and at 10,000 8 bits are seven times faster. Cells were faster at every size
    // that was tried, from 1,000 on, but miss a neighbour in a thousand: below 20,000, a choice, the scan takes some milliseconds at most and misses none.
    private const long ValuesForThreads = 1 << 18;
    private const int CountForCodes = 4096;
    private const int CountForCells = 20_000;

    /// <summary>Finds the nearest vectors of some queries.</summary>
    /// <param name="queries"><c>[n, E]</c>, row by row; unit vectors if scores are to be cosines. Copied.</param>
    /// <param name="top">Neighbours wanted of each query, 0 or more; fewer are found where fewer are admitted.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <returns>For each query its neighbours, best first, equal scores by the smaller slot. Every mode gives the exact float32 score.</returns>
    /// <exception cref="ArgumentException">No whole number of queries, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">Cells were asked for, and there are none.</exception>
    public IReadOnlyList<Neighbour>[] Search(ReadOnlySpan<float> queries, int top, SearchOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Rescore, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Probes ?? 1, nameof(options));
        var count = CheckQueries(queries);
        if (count == 0)
        {
            return [];
        }

        var asked = new Asked(queries, Width);
        _lock.EnterRead();
        try
        {
            top = Math.Min(top, _count);
            var rescore = (int)Math.Min(_count, Math.Max(options.Rescore, (long)top * RescorePerNeighbour));
            return Mode(options, rescore) switch
            {
                SearchMode.Exact => SearchExact(asked, top, options.Admitted),
                SearchMode.Quantized => SearchQuantized(asked, top, rescore, options.Admitted),
                SearchMode.Cells => SearchCells(asked, top, rescore, options),
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "not a mode of search"),
            };
        }
        finally
        {
            _lock.ExitRead();
        }
    }

    /// <summary>Dot products of some queries with every slot, in float32: what a question composed of several terms is made of.</summary>
    /// <param name="queries"><c>[n, E]</c>.</param>
    /// <param name="scores">Gets <c>[n, m]</c>, the scores with slots 0 to m - 1, where m is at most <see cref="Slots"/>; 0 for an empty slot.</param>
    /// <exception cref="ArgumentException">No whole number of queries or of scores for each, a value is not finite, or there is room for more slots than
    /// there are.</exception>
    public void Scores(ReadOnlySpan<float> queries, Span<float> scores)
    {
        var count = CheckQueries(queries);
        if (count == 0 || scores.Length == 0)
        {
            return;
        }

        var asked = new Asked(queries, Width);
        _lock.EnterRead();
        try
        {
            var slots = scores.Length / count;
            if (scores.Length % count != 0 || slots > _rows.Count)
            {
                throw new ArgumentException(
                    $"room for {scores.Length} scores, expected {count} times as many as there are slots, {_rows.Count}, or fewer",
                    nameof(scores));
            }

            fixed (float* start = scores)
            {
                var target = (nint)start;
                var groups = (slots + ScanKernels.Rows - 1) / ScanKernels.Rows;
                InParallel((groups + RowGroupsPerChunk - 1) / RowGroupsPerChunk, (long)slots * count, () => new RowScan(this, asked), (scan, chunk) =>
                    scan.Write(chunk * RowGroupsPerChunk, Math.Min(groups, (chunk + 1) * RowGroupsPerChunk), (float*)target, slots));
            }
        }
        finally
        {
            _lock.ExitRead();
        }
    }

    private SearchMode Mode(SearchOptions options, int rescore)
    {
        if (options.Mode == SearchMode.Cells && _codes.Centres is null)
        {
            throw new InvalidOperationException("this index has no cells; call BuildCells first, or search in another mode");
        }

        return options.Mode != SearchMode.Auto ? options.Mode
            : _count < CountForCodes || rescore > _count / 8 ? SearchMode.Exact
            : _codes.Centres is null || _count < CountForCells ? SearchMode.Quantized
            : SearchMode.Cells;
    }

    private Neighbour[][] SearchExact(Asked asked, int top, SlotMask? admitted)
    {
        var groups = (_rows.Count + ScanKernels.Rows - 1) / ScanKernels.Rows;
        var scans = InParallel(_rows.Chunks, (long)_rows.Count * asked.Count, () => new RowScan(this, asked, top), (scan, chunk) =>
            scan.Offer(chunk * RowGroupsPerChunk, Math.Min(groups, (chunk + 1) * RowGroupsPerChunk), admitted));
        return [.. Merge(asked.Count, top, scans.Select(scan => scan.Best)).Select(best => best.Sorted())];
    }

    private Neighbour[][] SearchQuantized(Asked asked, int top, int rescore, SlotMask? admitted)
    {
        var coded = asked.Coded;
        var lists = _codes.Lists;
        var compared = (long)_count * asked.Count / 4;
        var scans = InParallel(lists.Count, compared, () => (Scan: new CodeScan(_kernels), Best: Lists(asked.Count, rescore)), (state, list) =>
            state.Scan.Scan(lists[list], coded, 0, coded.Count, admitted, state.Best));
        var candidates = Merge(asked.Count, rescore, scans.Select(state => state.Best));
        var answers = new Neighbour[asked.Count][];
        InParallel(asked.Count, (long)rescore * asked.Count, () => 0, (_, q) => answers[q] = Rescore(asked, q, candidates[q].Slots, top));
        return answers;
    }

    private Neighbour[][] SearchCells(Asked asked, int top, int rescore, SearchOptions options)
    {
        var coded = asked.Coded;
        var centres = _codes.Centres!;
        var probes = Math.Min(options.Probes ?? _probes, centres.Count);

        // A filter needs the order of more cells than it will look at.
        var widens = options.Admitted is not null && options.Probes is null;
        var wanted = (long)probes * _count / centres.Count;
        var answers = new Neighbour[asked.Count][];
        var together = Math.Clamp((asked.Count + _threads - 1) / _threads, 1, QueriesPerCellWalk);
        InParallel(
            (asked.Count + together - 1) / together,
            ((long)probes * _count / centres.Count * asked.Count / 4) + (centres.Count * asked.Count / 4),
            () => (Scan: new CodeScan(_kernels), Cells: Lists(together, widens ? centres.Count : probes), Best: new BestList(rescore)),
            (state, part) =>
            {
                var first = part * together;
                var some = Math.Min(together, asked.Count - first);
                foreach (var cells in state.Cells)
                {
                    cells.Clear();
                }

                centres.Nearest(coded, first, some, state.Cells.AsSpan(0, some), state.Scan);
                for (var q = 0; q < some; q++)
                {
                    state.Best.Clear();
                    var looked = 0L;
                    var order = state.Cells[q].Sorted();
                    for (var p = 0; p < order.Length && (p < probes || looked < wanted); p++)
                    {
                        var list = _codes.Lists[order[p].Slot];
                        if (p + 1 < order.Length)
                        {
                            // A short list is over before a processor has noticed that it is read in order.
                            var next = _codes.Lists[order[p + 1].Slot];
                            Memory.FetchForLater(next.Group(0), Math.Min(next.Groups, Memory.GroupsAhead) * ScanKernels.Rows * _codes.Stride);
                        }

                        state.Scan.Scan(list, coded, first + q, 1, options.Admitted, new ReadOnlySpan<BestList>(in state.Best));
                        looked += widens ? Admitted(list.Slots, options.Admitted!) : list.Count;
                    }

                    answers[first + q] = Rescore(asked, first + q, state.Best.Slots, top);
                }
            });
        return answers;
    }

    private static int Admitted(ReadOnlySpan<int> slots, SlotMask admitted)
    {
        var count = 0;
        foreach (var slot in slots)
        {
            count += admitted[slot] ? 1 : 0;
        }

        return count;
    }

    private Neighbour[] Rescore(Asked asked, int query, ReadOnlySpan<int> slots, int top)
    {
        var best = new BestList(top);
        var rows = stackalloc float*[ScanKernels.Rows];
        var scores = stackalloc float[ScanKernels.Rows];
        FetchRows(slots, 0);
        for (var i = 0; i < slots.Length; i += ScanKernels.Rows)
        {
            FetchRows(slots, i + ScanKernels.Rows);
            var some = Math.Min(ScanKernels.Rows, slots.Length - i);
            for (var r = 0; r < ScanKernels.Rows; r++)
            {
                rows[r] = _rows.Row(slots[i + Math.Min(r, some - 1)]);
            }

            _kernels.DotsOf(asked.Query(query), rows, _rows.Stride, scores);
            for (var r = 0; r < some; r++)
            {
                best.Offer(scores[r], slots[i + r]);
            }
        }

        return best.Sorted();
    }

    /// <summary>Begins to fetch the rows of some slots, which lie all over the memory.</summary>
    private void FetchRows(ReadOnlySpan<int> slots, int first)
    {
        for (var i = first; i < Math.Min(slots.Length, first + ScanKernels.Rows); i++)
        {
            Memory.FetchForLater(_rows.Row(slots[i]), (nint)_rows.Stride * sizeof(float));
        }
    }

    /// <summary>Runs parts of a piece of work on this thread and, if it is worth while, on others; each thread has a state of its own.</summary>
    /// <param name="parts">How many.</param>
    /// <param name="vectors">Pairs of vectors that are compared in float32: the size of the work.</param>
    /// <param name="make">Makes a state.</param>
    /// <param name="body">Does a part.</param>
    /// <returns>The states.</returns>
    private List<TState> InParallel<TState>(int parts, long vectors, Func<TState> make, Action<TState, int> body)
    {
        List<TState> states = [];
        if (_threads == 1 || parts <= 1 || vectors * Width < ValuesForThreads)
        {
            var state = make();
            for (var part = 0; part < parts; part++)
            {
                body(state, part);
            }

            states.Add(state);
            return states;
        }

        // Some parts for each thread at a time, so that one that is held up does not hold up all.
        Parallel.For(
            0,
            parts,
            new ParallelOptions { MaxDegreeOfParallelism = _threads },
            make,
            (part, _, state) =>
            {
                body(state, part);
                return state;
            },
            state =>
            {
                lock (states)
                {
                    states.Add(state);
                }
            });
        return states;
    }

    private static BestList[] Lists(int count, int capacity)
    {
        var lists = new BestList[count];
        for (var i = 0; i < count; i++)
        {
            lists[i] = new(capacity);
        }

        return lists;
    }

    private static BestList[] Merge(int count, int capacity, IEnumerable<BestList[]> parts)
    {
        BestList[]? merged = null;
        foreach (var part in parts)
        {
            if (merged is null)
            {
                merged = part;
                continue;
            }

            for (var q = 0; q < count; q++)
            {
                merged[q].Offer(part[q]);
            }
        }

        return merged ?? Lists(count, capacity);
    }

    /// <summary>Queries, padded and aligned like the rows.</summary>
    private sealed class Asked
    {
        private readonly AlignedMemory<float> _queries;
        private readonly Lazy<CodedQueries> _coded;

        public Asked(ReadOnlySpan<float> queries, int width)
        {
            Count = queries.Length / width;
            Stride = AlignedMemory<float>.Stride(width);
            _queries = new((long)Count * Stride);
            for (var q = 0; q < Count; q++)
            {
                queries.Slice(q * width, width).CopyTo(_queries.Span[(q * Stride)..]);
            }

            _coded = new(() => Code(width));
        }

        public int Count { get; }

        public int Stride { get; }

        public CodedQueries Coded => _coded.Value;

        public float* Query(int query) => _queries.Start + ((nint)query * Stride);

        private CodedQueries Code(int width)
        {
            var dense = new float[Count * width];
            for (var q = 0; q < Count; q++)
            {
                _queries.Span.Slice(q * Stride, width).CopyTo(dense.AsSpan(q * width));
            }

            return new(dense, width);
        }
    }

    /// <summary>Compares all queries with rows in float32. Holds what one thread needs.</summary>
    private sealed class RowScan
    {
        private readonly VectorIndex _index;
        private readonly Asked _asked;
        private readonly int _together;
        private readonly AlignedMemory<float> _scores;

        public RowScan(VectorIndex index, Asked asked, int top = 0)
        {
            (_index, _asked) = (index, asked);
            _together = Math.Max(3, BytesOfQueriesAtOnce / (asked.Stride * sizeof(float)) / 3 * 3);
            _scores = new((long)Math.Min(_together, asked.Count) * ScanKernels.Rows);
            Best = Lists(asked.Count, top);
        }

        public BestList[] Best { get; }

        /// <summary>Offers what is live and admitted of some groups of rows of one chunk.</summary>
        public void Offer(int group, int end, SlotMask? admitted)
        {
            for (var first = 0; first < _asked.Count; first += _together)
            {
                var best = Best.AsSpan(first, Math.Min(_together, _asked.Count - first));
                for (var g = group; g < end; g++)
                {
                    var mask = (uint)(_index._live.Eight(g) & (admitted?.Eight(g) ?? byte.MaxValue));
                    if (mask == 0)
                    {
                        continue;
                    }

                    var scores = Compare(first, best.Length, g);
                    foreach (var list in best)
                    {
                        var hits = Vector256.GreaterThanOrEqual(Vector256.Load(scores), Vector256.Create(list.Threshold)).ExtractMostSignificantBits() & mask;
                        for (; hits != 0; hits &= hits - 1)
                        {
                            var hit = BitOperations.TrailingZeroCount(hits);
                            list.Offer(scores[hit], (g * ScanKernels.Rows) + hit);
                        }

                        scores += ScanKernels.Rows;
                    }
                }
            }
        }

        /// <summary>Writes the scores of some groups of rows of one chunk into <c>[n, slots]</c>.</summary>
        public void Write(int group, int end, float* target, int slots)
        {
            for (var first = 0; first < _asked.Count; first += _together)
            {
                var count = Math.Min(_together, _asked.Count - first);
                for (var g = group; g < end; g++)
                {
                    var scores = Compare(first, count, g);
                    var slot = g * ScanKernels.Rows;
                    for (var q = 0; q < count; q++)
                    {
                        new ReadOnlySpan<float>(scores + (q * ScanKernels.Rows), Math.Min(ScanKernels.Rows, slots - slot))
                            .CopyTo(new Span<float>(target + ((nint)(first + q) * slots) + slot, ScanKernels.Rows));
                    }
                }
            }
        }

        private float* Compare(int first, int count, int group)
        {
            _index._kernels.Dots(_asked.Query(first), count, _index._rows.Row(group * ScanKernels.Rows), _asked.Stride, _scores.Start);
            return _scores.Start;
        }
    }
}
