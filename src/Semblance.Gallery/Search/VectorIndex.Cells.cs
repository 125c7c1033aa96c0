using Semblance.Core;

namespace Semblance.Gallery.Search;

public sealed unsafe partial class VectorIndex
{
    private const int CellsPerRoot = 4;
    private const int HeldOut = 512;
    private const int HeldOutTop = 10;
    private const double ShareOfDealing = 0.45;

    /// <summary>Slots that change while cells are built; null while none are.</summary>
    private HashSet<int>? _changed;

    private int _probes;

    /// <summary>Number of cells; 0 where none were built.</summary>
    public int Cells => Reading(() => _codes.Centres?.Count ?? 0);

    /// <summary>Cells that a search looks at when it does not say; 0 where none were built.</summary>
    public int Probes => Reading(() => _probes);

    /// <summary>
    /// Divides the vectors into cells (an inverted file), so that a search may look at the nearest few. Searches and changes go on meanwhile, and see the
    /// cells once all are
    /// done. Vectors that are added later go into the cell they are nearest to; when the number of vectors has doubled, build again.
    /// </summary>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="progress">Gets the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Ends it; the index stays as it was.</param>
    /// <exception cref="InvalidOperationException">There is no vector, or cells are being built already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public void BuildCells(CellOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Cells ?? 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.SamplePerCell, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Rounds, nameof(options));
        if (!(options.Recall is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Recall, "the recall must lie above 0 and not above 1");
        }

        if (!(options.ProbesFactor is >= 1 and <= 1000))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.ProbesFactor, "the factor on the probes must be 1 to 1000");
        }

        int[] live;
        lock (_writers)
        {
            if (_changed is not null)
            {
                throw new InvalidOperationException("cells are being built already");
            }

            live = Live();
            if (live.Length == 0)
            {
                throw new InvalidOperationException("an index without vectors cannot be divided into cells");
            }

            _changed = [];
        }

        try
        {
            progress?.Report(0);
            var (codes, probes) = Divide(live, options, progress, cancellation);
            Swap(codes, probes);
            progress?.Report(1);
        }
        finally
        {
            lock (_writers)
            {
                _changed = null;
            }
        }
    }

    /// <summary>Compares searching in cells with comparing everything.</summary>
    /// <param name="queries"><c>[n, E]</c>, at least one.</param>
    /// <param name="top">Neighbours of each, 1 or more.</param>
    /// <param name="probes">Cells to look at; null as <see cref="Probes"/>.</param>
    /// <returns>The share of the neighbours found in cells that are as near as the true ones, in [0, 1]; 1 where there is nothing to find.</returns>
    /// <exception cref="InvalidOperationException">There are no cells.</exception>
    public double MeasureRecall(ReadOnlySpan<float> queries, int top, int? probes = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        var found = Search(queries, top, new() { Mode = SearchMode.Cells, Probes = probes });
        var exact = Search(queries, top, new() { Mode = SearchMode.Exact });
        ArgumentOutOfRangeException.ThrowIfZero(found.Length, nameof(queries));
        long right = 0, all = 0;
        for (var q = 0; q < exact.Length; q++)
        {
            all += exact[q].Count;

            // Of equally near ones either is right.
            right += exact[q].Count == 0 ? 0 : Math.Min(exact[q].Count, found[q].Count(neighbour => neighbour.Score >= exact[q][^1].Score));
        }

        return all == 0 ? 1 : (double)right / all;
    }

    private int[] Live()
    {
        var live = new int[_count];
        var at = 0;
        for (var slot = 0; slot < _rows.Count; slot++)
        {
            if (_live[slot])
            {
                live[at++] = slot;
            }
        }

        return live;
    }

    private (CodeStore Codes, int Probes) Divide(int[] live, CellOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        var cells = Math.Min(live.Length, options.Cells ?? Math.Max(1, (int)(CellsPerRoot * Math.Sqrt(live.Length))));
        var random = Randomness.For(options.Seed, Randomness.Key("sample"));
        int[] shuffled = [.. live];
        random.Shuffle(shuffled.AsSpan());
        var sampled = (int)Math.Min(live.Length, Math.Min(Math.Max((long)cells * options.SamplePerCell, cells), Array.MaxLength / Width));
        cells = Math.Min(cells, sampled);

        var sample = Copy(shuffled.AsSpan(0, sampled));
        var centres = KMeans.Train(
            sample, Width, cells, options.Rounds, options.Seed, _kernels, _threads, share => progress?.Report(ShareOfDealing * share), cancellation);
        Array.Clear(sample);

        var cellOf = new int[live.Length];
        var piece = new int[RowStore.RowsPerChunk];
        var capacities = new int[cells];
        for (var first = 0; first < live.Length; first += piece.Length)
        {
            var some = Math.Min(piece.Length, live.Length - first);
            var vectors = Copy(live.AsSpan(first, some));
            KMeans.Deal(centres, vectors, Width, piece, _threads, cancellation);
            piece.AsSpan(0, some).CopyTo(cellOf.AsSpan(first));
            Array.Clear(vectors);
            progress?.Report(ShareOfDealing + (ShareOfDealing * (first + some) / live.Length));
        }

        foreach (var cell in cellOf)
        {
            capacities[cell]++;
        }

        var codes = new CodeStore(Width, centres);
        codes.MakeCells(capacities);
        var code = new byte[codes.Stride];
        for (var first = 0; first < live.Length; first += piece.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            var some = Math.Min(piece.Length, live.Length - first);
            var vectors = Copy(live.AsSpan(first, some));
            for (var i = 0; i < some; i++)
            {
                codes.Add(live[first + i], code, ByteCodes.OfRow(vectors.AsSpan(i * Width, Width), code), cellOf[first + i]);
            }

            Array.Clear(vectors);
        }

        // Vectors that did not move the centres, as far as there are any.
        var heldOut = shuffled.AsSpan(Math.Max(0, Math.Min(sampled, live.Length - HeldOut)));
        return (codes, (int)Math.Min(cells, Math.Ceiling(options.ProbesFactor * ChooseProbes(codes, heldOut[..Math.Min(HeldOut, heldOut.Length)], options.Recall))));
    }

    /// <summary>The fewest cells in which the wanted share of the held-out vectors' nearest neighbours lie.</summary>
    private int ChooseProbes(CodeStore codes, ReadOnlySpan<int> heldOut, double recall)
    {
        var queries = Copy(heldOut);
        var exact = Search(queries, HeldOutTop + 1, new() { Mode = SearchMode.Exact });
        var centres = codes.Centres!;
        var coded = new CodedQueries(queries, Width);
        var order = Lists(heldOut.Length, centres.Count);
        centres.Nearest(coded, 0, heldOut.Length, order, new CodeScan(_kernels));

        // How many of the neighbours lie in the cell that comes first, second ...
        var inCell = new long[centres.Count];
        var rank = new int[centres.Count];
        for (var q = 0; q < heldOut.Length; q++)
        {
            var sorted = order[q].Sorted();
            for (var r = 0; r < sorted.Length; r++)
            {
                rank[sorted[r].Slot] = r;
            }

            var self = heldOut[q];
            foreach (var neighbour in exact[q].Where(neighbour => neighbour.Slot != self).Take(HeldOutTop))
            {
                // One that was added since lies in no cell yet.
                if (codes.ListOf(neighbour.Slot) is >= 0 and var cell)
                {
                    inCell[rank[cell]]++;
                }
            }
        }

        Array.Clear(queries);
        var wanted = recall * inCell.Sum();
        var probes = 0;
        for (var within = 0L; probes < inCell.Length && within < wanted; probes++)
        {
            within += inCell[probes];
        }

        return Math.Max(1, probes);
    }

    /// <summary>Puts the cells in place, once what changed meanwhile is in them too.</summary>
    private void Swap(CodeStore codes, int probes)
    {
        CodeStore old;
        lock (_writers)
        {
            foreach (var slot in _changed!)
            {
                if (codes.ListOf(slot) >= 0)
                {
                    codes.Remove(slot);
                }

                if (_live[slot])
                {
                    codes.Add(slot, _rows.Vector(slot));
                }
            }

            _lock.EnterWrite();
            (old, _codes, _probes) = (_codes, codes, probes);
            _lock.ExitWrite();
        }

        old.Wipe();
    }

    /// <summary>
    /// The vectors of some slots, zeros for a slot that was emptied meanwhile; a thousand at a time, so that a writer waits for microseconds only.
    /// </summary>
    private float[] Copy(ReadOnlySpan<int> slots)
    {
        var vectors = new float[slots.Length * Width];
        for (var first = 0; first < slots.Length; first += RowStore.RowsPerChunk)
        {
            _lock.EnterRead();
            for (var i = first; i < Math.Min(slots.Length, first + RowStore.RowsPerChunk); i++)
            {
                _rows.Vector(slots[i]).CopyTo(vectors.AsSpan(i * Width));
            }

            _lock.ExitRead();
        }

        return vectors;
    }
}
