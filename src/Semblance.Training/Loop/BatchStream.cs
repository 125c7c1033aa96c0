namespace Semblance.Training.Loop;

/// <summary>
/// The batches of one kind, epoch after epoch without end. Where batch n lies follows from the sampler alone, so that a resumed run finds its place by counting.
/// </summary>
/// <param name="epoch">The batches of an epoch; a pure function, at least one batch.</param>
internal sealed class BatchStream(Func<int, IReadOnlyList<int[]>> epoch)
{
    private int _epoch = -1;
    private long _first;
    private IReadOnlyList<int[]> _batches = [];

    /// <summary>Whether an epoch may hold a sample many times: then what varies it is told by the batch, for else it would come unchanged each time.</summary>
    public bool Repeats { get; init; }

    /// <summary>Batch <paramref name="number"/> from 0, and what keys the variation of its samples; quick when asked in rising order.</summary>
    public (long Variation, int[] Samples) At(long number)
    {
        if (number < _first)
        {
            (_epoch, _first, _batches) = (-1, 0, []);
        }

        while (number >= _first + _batches.Count)
        {
            _first += _batches.Count;
            _batches = epoch(++_epoch);
            if (_batches.Count == 0)
            {
                throw new InvalidOperationException($"epoch {_epoch} has no batch");
            }
        }

        return (Repeats ? number : _epoch, _batches[(int)(number - _first)]);
    }
}
