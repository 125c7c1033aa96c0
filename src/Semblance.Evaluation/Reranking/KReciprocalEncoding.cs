using System.Numerics;

namespace Semblance.Evaluation.Reranking;

/// <summary>Steps 4 to 7: each item as a vector over its k-reciprocal neighbours, of which all but a few hundred values are 0.</summary>
internal sealed class KReciprocalEncoding<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IJointDistances<T> _distances;
    private readonly NeighbourLists<T> _lists;
    private readonly RerankingOptions _options;

    private KReciprocalEncoding(IJointDistances<T> distances, NeighbourLists<T> lists, RerankingOptions options) =>
        (_distances, _lists, _options) = (distances, lists, options);

    /// <summary>V' of all items, <c>[N, N]</c>; every row sums to 1.</summary>
    public static SparseRows<T> Of(IJointDistances<T> distances, NeighbourLists<T> lists, RerankingOptions options)
    {
        var encoding = new KReciprocalEncoding<T>(distances, lists, options);
        var single = encoding.Rows((i, scratch) => encoding.Encode(i, scratch));
        return options.K2 == 1 ? single : encoding.Rows((i, scratch) => encoding.Averaged(i, single, scratch));
    }

    private SparseRows<T> Rows(Func<int, Scratch, (int[], T[])> make)
    {
        var rows = new (int[], T[])[_lists.Count];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, () => new Scratch(rows.Length), (i, _, scratch) =>
        {
            rows[i] = make(i, scratch);
            return scratch;
        }, _ => { });
        return SparseRows<T>.From(rows);
    }

    /// <summary>R(i, k): those of the k nearest that have i among their own k nearest, itself included.</summary>
    private void Reciprocal(int i, int k, List<int> found)
    {
        found.Clear();
        foreach (var j in _lists.Of(i, k + 1))
        {
            if (_lists.Of(j, k + 1).Contains(i))
            {
                found.Add(j);
            }
        }
    }

    private (int[] Columns, T[] Values) Encode(int i, Scratch scratch)
    {
        Reciprocal(i, _options.K1, scratch.Core);
        scratch.Begin();
        scratch.Core.ForEach(scratch.AddToCore);

        // The test is always against the original set, not against the growing one.
        var half = (int)Math.Round(_options.K1 / 2.0, MidpointRounding.ToEven);
        foreach (var j in scratch.Core)
        {
            Reciprocal(j, half, scratch.Candidates);
            if (3 * scratch.Candidates.Count(scratch.IsCore) > 2 * scratch.Candidates.Count)
            {
                scratch.Candidates.ForEach(scratch.Add);
            }
        }

        var columns = scratch.Members.ToArray();
        Array.Sort(columns);
        var values = new T[columns.Length];
        var sum = T.Zero;
        for (var k = 0; k < columns.Length; k++)
        {
            values[k] = T.Exp(-Normalised(_distances.Between(i, columns[k]), _lists.Furthest[i]));
            sum += values[k];
        }

        for (var k = 0; k < values.Length; k++)
        {
            values[k] /= sum;
        }

        return (columns, values);
    }

    /// <summary>Local query expansion: the mean over the item and its nearest k2 - 1.</summary>
    private (int[] Columns, T[] Values) Averaged(int i, SparseRows<T> single, Scratch scratch)
    {
        scratch.Begin();
        var nearest = _lists.Of(i, _options.K2);
        foreach (var j in nearest)
        {
            var from = single.Columns(j);
            var values = single.Values(j);
            for (var k = 0; k < from.Length; k++)
            {
                scratch.Add(from[k]);
                scratch.Sums[from[k]] += values[k];
            }
        }

        var columns = scratch.Members.ToArray();
        Array.Sort(columns);
        var (mean, count) = (new T[columns.Length], T.CreateChecked(nearest.Length));
        for (var k = 0; k < columns.Length; k++)
        {
            mean[k] = scratch.Sums[columns[k]] / count;
            scratch.Sums[columns[k]] = T.Zero;
        }

        return (columns, mean);
    }

    /// <summary>Step 2; where all distances are 0, so is the normalised one.</summary>
    public static T Normalised(T distance, T furthest) => T.IsZero(furthest) ? T.Zero : distance / furthest;

    /// <summary>What one thread needs: sets over N items that are emptied in one step.</summary>
    private sealed class Scratch(int count)
    {
        private readonly int[] _core = new int[count];
        private readonly int[] _member = new int[count];
        private int _stamp;

        public List<int> Core { get; } = [];

        public List<int> Candidates { get; } = [];

        public List<int> Members { get; } = [];

        public T[] Sums { get; } = new T[count];

        public void Begin()
        {
            _stamp++;
            Members.Clear();
        }

        public void AddToCore(int item)
        {
            _core[item] = _stamp;
            Add(item);
        }

        public bool IsCore(int item) => _core[item] == _stamp;

        public void Add(int item)
        {
            if (_member[item] != _stamp)
            {
                _member[item] = _stamp;
                Members.Add(item);
            }
        }
    }
}
