using System.Numerics;
using Semblance.Core.Vectors;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation.Protocols;

/// <summary>What is asked, of which gallery, and what is taken out before ranking. Every protocol ranks by (distance, gallery index) and reports the same figures.</summary>
public abstract class RetrievalProtocol
{
    private protected RetrievalProtocol()
    {
    }

    /// <summary>Stable key, as results and the command line name it.</summary>
    public abstract string Key { get; }

    /// <summary>Removes gallery items of the query's identity <em>and</em> camera, where both cameras are known. Other people of that camera stay.</summary>
    public virtual bool SameCameraRule => false;

    /// <summary>Removes gallery items of the query's own picture.</summary>
    public virtual bool OwnPictureExcluded => false;

    /// <summary>Evaluates embeddings by cosine.</summary>
    /// <exception cref="ArgumentException">Queries and gallery do not fit together or to the protocol, there is none of either, or no query has a positive.</exception>
    public RetrievalResult Evaluate(LabelledEmbeddings queries, LabelledEmbeddings gallery, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        var result = options is { Exact: true }
            ? Evaluate(queries.Items, gallery.Items, new ExactCosineDistances(queries, gallery), options)
            : Evaluate(queries.Items, gallery.Items, new CosineDistances(queries, gallery), options);
        return result with
        {
            EmbeddingWidth = gallery.Width,
            Fingerprint = gallery.Fingerprint ?? queries.Fingerprint,
            ZeroQueries = queries.ZeroVectors,
            ZeroGalleryItems = gallery.ZeroVectors,
        };
    }

    /// <summary>Evaluates distances that somebody else computes, whole or block by block.</summary>
    /// <exception cref="ArgumentException">
    /// Sizes disagree, the items do not fit to the protocol, there are no queries or no gallery items, no query has a positive, or a distance is NaN or infinite.
    /// </exception>
    public RetrievalResult Evaluate<T>(
        IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, IDistanceSource<T> distances, EvaluationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new EvaluationOptions();
        options.Check();
        CheckItems(queries, gallery, distances);
        var table = new MatchTable(queries, gallery, SameCameraRule, OwnPictureExcluded);
        var (results, ranks) = Evaluator.Run(queries, gallery, table, distances, options);
        var skipped = results.Count(result => result.Positives == 0);
        if (skipped == queries.Count)
        {
            throw new ArgumentException(
                $"{Key}: none of {queries.Count} queries has a match left among {gallery.Count} gallery items after the protocol's removals; check identities and cameras");
        }

        var divisor = RetrievalResult.Divisor(options.NoMatch, queries.Count, skipped);
        var figures = RetrievalFigures.Mean(results, query => query.Figures, divisor);
        return new RetrievalResult
        {
            Protocol = Key,
            Queries = queries.Count,
            Skipped = skipped,
            GalleryItems = gallery.Count - table.JunkItems,
            JunkItems = table.JunkItems,
            SameCameraRule = SameCameraRule,
            OwnPictureExcluded = OwnPictureExcluded,
            NoMatch = options.NoMatch,
            Score = distances.Description,
            Cmc = Cmc(results, options.CmcLength, divisor),
            MeanAveragePrecision = figures.MeanAveragePrecision,
            MeanAveragePrecisionTrapezoid = figures.MeanAveragePrecisionTrapezoid,
            MeanInverseNegativePenalty = figures.MeanInverseNegativePenalty,
            Ties = new TieReport(
                results.Count(result => result.Tied),
                RetrievalFigures.Mean(results, query => query.Optimistic, divisor),
                RetrievalFigures.Mean(results, query => query.Pessimistic, divisor)),
            PerQuery = results,
            PositiveRanks = ranks,
            QueryIdentities = [.. queries.Select(query => query.Identity)],
        };
    }

    /// <summary>How the similarities of right and wrong pairs are spread, after the protocol's removals: what a threshold is chosen by.</summary>
    /// <exception cref="ArgumentException">As for the evaluation.</exception>
    public SimilarityDistribution Distribution(LabelledEmbeddings queries, LabelledEmbeddings gallery, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        options ??= new EvaluationOptions();
        options.Check();
        var distances = new CosineDistances(queries, gallery);
        CheckItems(queries.Items, gallery.Items, distances);
        return SimilarityDistribution.Of(queries.Items, gallery.Items, new MatchTable(queries.Items, gallery.Items, SameCameraRule, OwnPictureExcluded), distances, options);
    }

    /// <summary>The head of one query's ranked list, for looking at.</summary>
    /// <param name="queries">As for the evaluation.</param>
    /// <param name="gallery">As for the evaluation.</param>
    /// <param name="query">Which query, from 0.</param>
    /// <param name="length">How many places; fewer come back when fewer items are admissible.</param>
    public IReadOnlyList<RankedItem> RankedList(LabelledEmbeddings queries, LabelledEmbeddings gallery, int query, int length)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        return RankedList(queries.Items, gallery.Items, new CosineDistances(queries, gallery), query, length);
    }

    /// <summary>The head of one query's ranked list by distances from elsewhere.</summary>
    public IReadOnlyList<RankedItem> RankedList<T>(
        IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, IDistanceSource<T> distances, int query, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckItems(queries, gallery, distances);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)query, (uint)queries.Count, nameof(query));
        var matches = new Match[gallery.Count];
        new MatchTable(queries, gallery, SameCameraRule, OwnPictureExcluded).Fill(query, matches);
        var row = new T[gallery.Count];
        distances.Fill(query, 1, row);
        Evaluator.CheckFinite<T>(row, query, queries, gallery);
        var nearest = new TopK<T>(length);
        for (var g = 0; g < row.Length; g++)
        {
            if (matches[g] != Match.Removed)
            {
                nearest.Add(-row[g], g);
            }
        }

        return [.. nearest.Sorted().Select((found, place) =>
            new RankedItem(place + 1, found.Index, double.CreateChecked(-found.Score), matches[found.Index] == Match.Positive))];
    }

    /// <summary>What the protocol asks of its items beyond sizes.</summary>
    private protected virtual void Check(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery)
    {
    }

    /// <summary>Refuses a list that holds a picture twice: a loader of (picture, caption) pairs would put every picture in once per caption.</summary>
    private protected void CheckEachPictureOnce(IReadOnlyList<Sighting> items, string what)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Picture is { } picture && !seen.TryAdd(picture, i))
            {
                throw new ArgumentException($"{Key}: picture {picture} is in the {what} twice, as items {seen[picture]} and {i}; every picture belongs in it once");
            }
        }
    }

    /// <summary>Refuses items without the key of their picture.</summary>
    private protected void CheckPicturesKnown(IReadOnlyList<Sighting> items, string what)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Picture is null)
            {
                throw new ArgumentException($"{Key}: {what} {i} ({items[i].Describe()}) does not say which picture it is of, but the protocol leaves out a query's own picture");
            }
        }
    }

    private static double[] Cmc(QueryResult[] results, int length, int divisor)
    {
        var cmc = new double[length];
        foreach (var first in results.Select(result => result.Figures.FirstRank).Where(rank => rank >= 1 && rank <= length))
        {
            cmc[first - 1]++;
        }

        var found = 0.0;
        for (var k = 0; k < length; k++)
        {
            found += cmc[k];
            cmc[k] = found / divisor;
        }

        return cmc;
    }

    private void CheckItems<T>(IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, IDistanceSource<T> distances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(distances);
        if (queries.Count == 0 || gallery.Count == 0)
        {
            throw new ArgumentException($"{Key}: {queries.Count} queries and {gallery.Count} gallery items, expected at least one of each");
        }

        if (distances.Queries != queries.Count || distances.GalleryItems != gallery.Count)
        {
            throw new ArgumentException(
                $"{Key}: distances are {distances.Queries} x {distances.GalleryItems}, but there are {queries.Count} queries and {gallery.Count} gallery items");
        }

        if (OwnPictureExcluded)
        {
            CheckPicturesKnown(queries, "query");
            CheckPicturesKnown(gallery, "gallery item");
        }

        Check(queries, gallery);
    }
}
