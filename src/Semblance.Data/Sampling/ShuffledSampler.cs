using Semblance.Core;

namespace Semblance.Data.Sampling;

/// <summary>Every record once an epoch, in a new order each time.</summary>
public sealed class ShuffledSampler : IBatchSampler
{
    private readonly int _count;
    private readonly int _batch;
    private readonly ulong _seed;
    private readonly bool _dropLast;

    /// <param name="count">How many records there are.</param>
    /// <param name="batch">Records in a batch.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="dropLast">Leave out the last batch when it is not full; kept when it is the only one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no records, or the batch size is not positive.</exception>
    public ShuffledSampler(int count, int batch, ulong seed, bool dropLast = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        (_count, _batch, _seed, _dropLast) = (count, batch, seed, dropLast);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Batches(int epoch)
    {
        var random = Randomness.For(_seed, Randomness.Key(nameof(ShuffledSampler)), epoch);
        var order = Enumerable.Range(0, _count).ToArray();
        random.Shuffle(order.AsSpan());
        var batches = order.Chunk(_batch).ToList();
        if (_dropLast && batches.Count > 1 && batches[^1].Length < _batch)
        {
            batches.RemoveAt(batches.Count - 1);
        }

        return batches;
    }
}
