using Semblance.Core;

namespace Semblance.Data.Sampling;

/// <summary>Batches of P persons with K pictures each, for losses that compare pictures of one person with those of others.</summary>
/// <remarks>
/// The pictures of each identity are shuffled and cut into chunks of K, drawn with replacement when there are fewer than K; then P identities that still have
/// chunks are drawn until fewer than P remain. Pictures that fill no chunk wait for the next epoch, which shuffles anew.
/// </remarks>
public sealed class IdentitySampler : IBatchSampler
{
    private const int Sectors = 4;

    private readonly IReadOnlyList<PersonRecord> _records;
    private readonly int[][] _identities;
    private readonly IdentitySamplerOptions _options;
    private readonly ulong _seed;

    /// <param name="records">What to sample from; distractors and junk have no identity and are left out.</param>
    /// <param name="options">Persons, pictures, viewpoint sectors.</param>
    /// <param name="seed">Of the run.</param>
    /// <exception cref="ArgumentException">There are fewer identities than a batch needs, or viewpoints are asked for and unknown.</exception>
    public IdentitySampler(IReadOnlyList<PersonRecord> records, IdentitySamplerOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Persons < 1 || options.PicturesPerPerson < 1 || options.BatchesPerEpoch < 1)
        {
            throw new ArgumentException($"a batch of {options.Persons} persons with {options.PicturesPerPerson} pictures, {options.BatchesPerEpoch?.ToString() ?? "any number of"} batches: expected 1 or more of each", nameof(options));
        }

        (_records, _options, _seed) = (records, options, seed);
        _identities = ByIdentity.Group(records);
        if (_identities.Length < options.Persons)
        {
            throw new ArgumentException($"{_identities.Length} identities cannot fill a batch of {options.Persons} persons: take {_identities.Length} or fewer, or more people", nameof(options));
        }

        if (options.ViewpointSectors && _identities.SelectMany(identity => identity).FirstOrDefault(index => records[index].Viewpoint is null, -1) is var blind and >= 0)
        {
            throw new ArgumentException($"{records[blind].ImagePath}: viewpoint sectors are asked for, but {records[blind].Dataset} gives no viewpoint here", nameof(options));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Batches(int epoch)
    {
        var random = Randomness.For(_seed, Randomness.Key(nameof(IdentitySampler)), epoch);
        return _options.BatchesPerEpoch is { } count ? Drawn(count, ref random) : Exhaustive(ref random);
    }

    /// <summary>The sector of a viewpoint: 0 around 0 degrees (facing left), 1 around 90 (front), 2 around 180 (facing right), 3 around 270 (back).</summary>
    public static int SectorOf(int degrees) => (((degrees + 45) % 360) + 360) % 360 / 90;

    private List<int[]> Exhaustive(ref Randomness random)
    {
        var chunks = new Queue<int[]>[_identities.Length];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new Queue<int[]>(Chunks(_identities[i], ref random));
        }

        List<int[]> batches = [];
        var left = Enumerable.Range(0, chunks.Length).ToList();
        while (left.Count >= _options.Persons)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(left));
            batches.Add([.. left.Take(_options.Persons).SelectMany(identity => chunks[identity].Dequeue())]);
            left.RemoveAll(identity => chunks[identity].Count == 0);
            left.Sort();
        }

        return batches;
    }

    /// <summary>A fixed number of batches, each with P identities drawn anew.</summary>
    private List<int[]> Drawn(int count, ref Randomness random)
    {
        List<int[]> batches = new(count);
        var order = Enumerable.Range(0, _identities.Length).ToArray();
        for (var i = 0; i < count; i++)
        {
            random.Shuffle(order.AsSpan());
            var batch = new List<int>(_options.Persons * _options.PicturesPerPerson);
            foreach (var identity in order.AsSpan(0, _options.Persons))
            {
                batch.AddRange(_options.ViewpointSectors ? OneOfEachSector(_identities[identity], ref random) : Some(_identities[identity], ref random));
            }

            batches.Add([.. batch]);
        }

        return batches;
    }

    private List<int[]> Chunks(int[] pictures, ref Randomness random)
    {
        var k = _options.PicturesPerPerson;
        if (pictures.Length < k)
        {
            return [Some(pictures, ref random)];
        }

        List<int[]> chunks = [];
        if (_options.ViewpointSectors)
        {
            for (var i = 0; i < pictures.Length / k; i++)
            {
                chunks.Add(OneOfEachSector(pictures, ref random));
            }

            return chunks;
        }

        var shuffled = pictures.ToArray();
        random.Shuffle(shuffled.AsSpan());
        return [.. shuffled.Chunk(k).Where(chunk => chunk.Length == k)];
    }

    /// <summary>K pictures, none twice unless there are fewer than K.</summary>
    private int[] Some(int[] pictures, ref Randomness random)
    {
        var k = _options.PicturesPerPerson;
        var some = new int[k];
        if (pictures.Length < k)
        {
            // Each at least once, the rest with replacement.
            pictures.CopyTo(some, 0);
            for (var i = pictures.Length; i < k; i++)
            {
                some[i] = random.Pick<int>(pictures);
            }

            return some;
        }

        var shuffled = pictures.ToArray();
        random.Shuffle(shuffled.AsSpan());
        Array.Copy(shuffled, some, k);
        return some;
    }

    /// <summary>K pictures from the sectors in turn, beginning with a random one; an empty sector is passed over.</summary>
    private int[] OneOfEachSector(int[] pictures, ref Randomness random)
    {
        var sectors = new List<int>[Sectors];
        for (var i = 0; i < Sectors; i++)
        {
            sectors[i] = [];
        }

        foreach (var picture in pictures)
        {
            sectors[SectorOf(_records[picture].Viewpoint!.Value)].Add(picture);
        }

        var chunk = new int[_options.PicturesPerPerson];
        var sector = random.Next(Sectors);
        for (var i = 0; i < chunk.Length; i++)
        {
            while (sectors[sector].Count == 0)
            {
                sector = (sector + 1) % Sectors;
            }

            var at = random.Next(sectors[sector].Count);
            chunk[i] = sectors[sector][at];
            sectors[sector].RemoveAt(at);
            if (sectors.All(left => left.Count == 0))
            {
                foreach (var picture in pictures)
                {
                    sectors[SectorOf(_records[picture].Viewpoint!.Value)].Add(picture);
                }
            }

            sector = (sector + 1) % Sectors;
        }

        return chunk;
    }
}
