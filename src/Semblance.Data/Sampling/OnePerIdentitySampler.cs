using Semblance.Core;

namespace Semblance.Data.Sampling;

/// <summary>Full batches with at most one picture of each identity: in a contrastive batch, two pictures of one person would be false negatives.</summary>
/// <remarks>Decision D24. An epoch shows every picture at most once; the few that no full batch has room for wait for the next epoch.</remarks>
public sealed class OnePerIdentitySampler : IBatchSampler
{
    private readonly int[][] _identities;
    private readonly int _batch;
    private readonly ulong _seed;

    /// <param name="records">What to sample from; distractors and junk have no identity and are left out.</param>
    /// <param name="batch">Pictures, and so identities, in a batch.</param>
    /// <param name="seed">Of the run.</param>
    /// <exception cref="ArgumentException">There are fewer identities than the batch needs.</exception>
    public OnePerIdentitySampler(IReadOnlyList<PersonRecord> records, int batch, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        _identities = ByIdentity.Group(records);
        (_batch, _seed) = (batch, seed);
        if (_identities.Length < batch)
        {
            throw new ArgumentException($"{_identities.Length} identities cannot fill a batch of {batch} with one picture of each: take a batch of {_identities.Length} or less, or more people", nameof(batch));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Batches(int epoch)
    {
        var random = Randomness.For(_seed, Randomness.Key(nameof(OnePerIdentitySampler)), epoch);
        var pictures = _identities.Select(identity => identity.ToArray()).ToArray();
        foreach (var identity in pictures)
        {
            random.Shuffle(identity.AsSpan());
        }

        // Round after round, one picture of each identity that has some left. A batch may span two rounds; who is in it already waits for the next batch.
        List<int[]> batches = [];
        List<int> batch = [];
        HashSet<int> inBatch = [];
        Queue<(int Identity, int Picture)> waiting = new();
        var longest = pictures.Max(identity => identity.Length);
        for (var round = 0; round < longest; round++)
        {
            var order = Enumerable.Range(0, pictures.Length).Where(identity => pictures[identity].Length > round).ToArray();
            random.Shuffle(order.AsSpan());
            foreach (var identity in order)
            {
                Offer(identity, pictures[identity][round]);
            }
        }

        // What waited: as long as full batches come out of it.
        for (var before = -1; before != batches.Count && waiting.Count > 0;)
        {
            before = batches.Count;
            OfferWaiting();
        }

        return batches;

        void Offer(int identity, int picture)
        {
            if (!inBatch.Add(identity))
            {
                waiting.Enqueue((identity, picture));
                return;
            }

            batch.Add(picture);
            if (batch.Count == _batch)
            {
                batches.Add([.. batch]);
                batch.Clear();
                inBatch.Clear();
                OfferWaiting();
            }
        }

        void OfferWaiting()
        {
            for (var left = waiting.Count; left > 0 && waiting.Count > 0; left--)
            {
                var (identity, picture) = waiting.Dequeue();
                Offer(identity, picture);
            }
        }
    }
}
