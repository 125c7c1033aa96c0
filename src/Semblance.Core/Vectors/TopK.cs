using System.Numerics;

namespace Semblance.Core.Vectors;

/// <summary>Keeps the best k of many scored items in a bounded heap: greater scores first, equal scores by the smaller index. The order of adding leaves no trace.</summary>
/// <typeparam name="T">Type of the scores, float or double; never NaN.</typeparam>
public sealed class TopK<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PriorityQueue<int, (T Score, int Index)> _worstFirst;
    private readonly int _capacity;
    private (T Score, int Index) _worst;

    /// <summary>Makes an empty one.</summary>
    /// <param name="capacity">k, 0 or more.</param>
    public TopK(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _capacity = capacity;
        _worstFirst = new(WorstFirst.Instance);
    }

    /// <summary>Once full, a score below this changes nothing, and an equal one only by a smaller index; before, minus infinity.</summary>
    public T Threshold => _worstFirst.Count < _capacity ? T.NegativeInfinity : _capacity == 0 ? T.PositiveInfinity : _worst.Score;

    /// <summary>Offers an item.</summary>
    /// <exception cref="ArgumentException">The score is NaN.</exception>
    public void Add(T score, int index)
    {
        if (T.IsNaN(score))
        {
            throw new ArgumentException($"the score of item {index} is NaN", nameof(score));
        }

        if (_worstFirst.Count < _capacity)
        {
            _worstFirst.Enqueue(index, (score, index));
        }
        else if (_capacity > 0 && (score > _worst.Score || (score == _worst.Score && index < _worst.Index)))
        {
            _worstFirst.DequeueEnqueue(index, (score, index));
        }
        else
        {
            return;
        }

        _worstFirst.TryPeek(out _, out _worst);
    }

    /// <summary>Takes over what another one kept.</summary>
    public void Add(TopK<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (_, kept) in other._worstFirst.UnorderedItems)
        {
            Add(kept.Score, kept.Index);
        }
    }

    /// <summary>What is kept, best first.</summary>
    public IReadOnlyList<(T Score, int Index)> Sorted() =>
        [.. _worstFirst.UnorderedItems.Select(item => item.Priority).OrderByDescending(item => item, WorstFirst.Instance)];

    private sealed class WorstFirst : IComparer<(T Score, int Index)>
    {
        public static readonly WorstFirst Instance = new();

        public int Compare((T Score, int Index) x, (T Score, int Index) y) =>
            x.Score < y.Score ? -1 : x.Score > y.Score ? 1 : y.Index.CompareTo(x.Index);
    }
}
