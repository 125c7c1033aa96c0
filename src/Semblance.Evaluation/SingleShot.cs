using System.Numerics;
using Semblance.Core;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation;

/// <summary>CUHK03's first protocol: each picture asks a gallery that has one picture of each person, drawn at random from the other view; the CMC is the mean over draws. It has no mAP.</summary>
/// <remarks>
/// Li et al., CVPR 2014. Public code differs: torchreid draws from the query's own view too and leaves out only the person's own pictures of it
/// (<see cref="SingleShotOptions.OwnViewStays"/>). Figures of the two, and of the new protocol, do not compare.
/// </remarks>
public static class SingleShot
{
    /// <summary>Evaluates embeddings by cosine.</summary>
    /// <param name="items">All pictures of the test people; each is a query, and all of them are drawn from. Cameras are views and must be known.</param>
    /// <param name="options">Draws, their seed, and whose rule.</param>
    /// <exception cref="ArgumentException">A picture has no view, or nobody is seen in two views.</exception>
    public static SingleShotResult Evaluate(LabelledEmbeddings items, SingleShotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Evaluate(items.Items, new CosineDistances(items, items), options);
    }

    /// <summary>Evaluates distances from elsewhere, of each picture to each.</summary>
    /// <exception cref="ArgumentException">As for embeddings; or the distances have another size, or one is not finite.</exception>
    public static SingleShotResult Evaluate<T>(IReadOnlyList<Sighting> items, IDistanceSource<T> distances, SingleShotOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(distances);
        options ??= new SingleShotOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 1, nameof(options));
        if (distances.Queries != items.Count || distances.GalleryItems != items.Count)
        {
            throw new ArgumentException($"single-shot: distances are {distances.Queries} x {distances.GalleryItems}, but there are {items.Count} pictures");
        }

        if (items.FirstOrDefault(item => item.Camera is null) is { } blind)
        {
            throw new ArgumentException($"single-shot: {blind.Describe()} has no view, and the protocol asks across views");
        }

        int[][] people = [.. Enumerable.Range(0, items.Count).GroupBy(i => items[i].Identity, StringComparer.Ordinal).Select(person => person.ToArray())];
        var (row, matches, skipped) = (new T[items.Count], new long[options.Draws, people.Length], 0);
        for (var q = 0; q < items.Count; q++)
        {
            distances.Fill(q, 1, row);
            Evaluator.CheckFinite<T>(row, q, items, items);
            int[][] drawnFrom = [.. people.Select(person => Array.FindAll(person, g => items[g].Camera != items[q].Camera || (options.OwnViewStays && items[g].Identity != items[q].Identity)))];
            var own = Array.FindIndex(people, person => items[person[0]].Identity == items[q].Identity);
            if (drawnFrom[own].Length == 0)
            {
                skipped++;
                continue;
            }

            for (var draw = 0; draw < options.Draws; draw++)
            {
                var random = Randomness.For(options.Seed, Randomness.Key("single-shot"), q, draw);
                int[] gallery = [.. drawnFrom.Where(candidates => candidates.Length > 0).Select(candidates => candidates[random.Next(candidates.Length)])];
                var right = Array.Find(gallery, g => items[g].Identity == items[q].Identity);
                matches[draw, gallery.Count(g => row[g] < row[right] || (row[g] == row[right] && g < right))]++;
            }
        }

        var valid = items.Count - skipped;
        return valid > 0 ? SingleShotResult.Of(matches, valid, skipped, people.Length, options)
            : throw new ArgumentException($"single-shot: none of {people.Length} people is seen in two views");
    }
}

/// <summary>How single-shot galleries are drawn.</summary>
public sealed record SingleShotOptions
{
    /// <summary>Galleries for each query.</summary> <value>10, as public code has it.</value>
    public int Draws { get; init; } = 10;

    /// <summary>Seed of the draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>torchreid's rule: other people are drawn from the query's own view too.</summary> <value>false: the original rule.</value>
    public bool OwnViewStays { get; init; }
}

/// <summary>What came out. Fractions in [0, 1].</summary>
/// <param name="Queries">Pictures that asked.</param>
/// <param name="Skipped">Pictures of people who are not seen in the other view.</param>
/// <param name="People">People of the gallery.</param>
/// <param name="Options">How it was drawn.</param>
/// <param name="Cmc">CMC(1), CMC(2) ... up to the number of people, mean over the draws.</param>
/// <param name="Deviations">Standard deviation of each over the draws.</param>
public sealed record SingleShotResult(int Queries, int Skipped, int People, SingleShotOptions Options, IReadOnlyList<double> Cmc, IReadOnlyList<double> Deviations)
{
    /// <summary>CMC(k), for any k from 1.</summary>
    public double RankAt(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return Cmc[Math.Min(k, Cmc.Count) - 1];
    }

    internal static SingleShotResult Of(long[,] matches, int queries, int skipped, int people, SingleShotOptions options)
    {
        var (draws, cmc, deviations) = (matches.GetLength(0), new double[people], new double[people]);
        var found = new long[draws];
        for (var k = 0; k < people; k++)
        {
            var shares = new double[draws];
            for (var draw = 0; draw < draws; draw++)
            {
                found[draw] += matches[draw, k];
                shares[draw] = (double)found[draw] / queries;
            }

            cmc[k] = shares.Average();
            deviations[k] = draws == 1 ? 0 : Math.Sqrt(shares.Sum(share => (share - cmc[k]) * (share - cmc[k])) / (draws - 1));
        }

        return new SingleShotResult(queries, skipped, people, options, cmc, deviations);
    }
}
