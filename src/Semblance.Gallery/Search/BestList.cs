namespace Semblance.Gallery.Search;

/// <summary>
/// The best of many scored slots, in a bounded heap: greater scores first, equal ones by the smaller slot. The order of offering leaves no trace.
/// </summary>
internal sealed class BestList(int capacity)
{
    private readonly float[] _scores = new float[capacity];
    private readonly int[] _slots = new int[capacity];

    public int Count { get; private set; }

    /// <summary>A score below this changes nothing, and an equal one only by a smaller slot.</summary>
    public float Threshold { get; private set; } = capacity == 0 ? float.PositiveInfinity : float.NegativeInfinity;

    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        Threshold = capacity == 0 ? float.PositiveInfinity : float.NegativeInfinity;
    }

    public void Offer(float score, int slot)
    {
        if (Count < capacity)
        {
            var at = Count++;
            for (int parent; at > 0 && IsWorse(score, slot, parent = (at - 1) / 2); at = parent)
            {
                (_scores[at], _slots[at]) = (_scores[parent], _slots[parent]);
            }

            (_scores[at], _slots[at]) = (score, slot);
        }
        else if (capacity > 0 && IsWorse(0, score, slot))
        {
            var at = 0;
            for (int child; (child = (2 * at) + 1) < Count; at = child)
            {
                if (child + 1 < Count && IsWorse(_scores[child + 1], _slots[child + 1], child))
                {
                    child++;
                }

                if (!IsWorse(child, score, slot))
                {
                    break;
                }

                (_scores[at], _slots[at]) = (_scores[child], _slots[child]);
            }

            (_scores[at], _slots[at]) = (score, slot);
        }
        else
        {
            return;
        }

        Threshold = Count < capacity ? float.NegativeInfinity : _scores[0];
    }

    public void Offer(BestList other)
    {
        for (var i = 0; i < other.Count; i++)
        {
            Offer(other._scores[i], other._slots[i]);
        }
    }

    public Neighbour[] Sorted()
    {
        var sorted = new Neighbour[Count];
        for (var i = 0; i < Count; i++)
        {
            sorted[i] = new(_slots[i], _scores[i]);
        }

        Array.Sort(sorted, (x, y) => x.Score != y.Score ? y.Score.CompareTo(x.Score) : x.Slot.CompareTo(y.Slot));
        return sorted;
    }

    private bool IsWorse(float score, int slot, int than) => score < _scores[than] || (score == _scores[than] && slot > _slots[than]);

    private bool IsWorse(int at, float score, int slot) => _scores[at] < score || (_scores[at] == score && _slots[at] > slot);
}
