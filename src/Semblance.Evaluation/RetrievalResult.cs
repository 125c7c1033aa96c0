using System.Text.Json.Serialization;

namespace Semblance.Evaluation;

/// <summary>The outcome of one protocol. Fractions in [0, 1], full precision. The same inputs give the same bits for any block size and number of threads.</summary>
public sealed record RetrievalResult
{
    /// <summary>Key of the protocol, such as <c>image</c> or <c>text-to-image</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>All queries, V + skipped.</summary>
    public required int Queries { get; init; }

    /// <summary>Queries without a positive left after the protocol's removals.</summary>
    public required int Skipped { get; init; }

    /// <summary>Queries with at least one positive, V.</summary>
    public int Valid => Queries - Skipped;

    /// <summary>Gallery items without junk.</summary>
    public required int GalleryItems { get; init; }

    /// <summary>Items of role junk, which no ranking holds.</summary>
    public required int JunkItems { get; init; }

    /// <summary>Whether items of the query's identity and camera were removed.</summary>
    public required bool SameCameraRule { get; init; }

    /// <summary>Whether the query's own picture was removed.</summary>
    public required bool OwnPictureExcluded { get; init; }

    /// <summary>What a query without a positive counted.</summary>
    public required NoMatchRule NoMatch { get; init; }

    /// <summary>What was ranked by, and in what precision.</summary>
    public required string Score { get; init; }

    /// <summary>Embedding size; null when distances came from elsewhere.</summary>
    public int? EmbeddingWidth { get; init; }

    /// <summary>Fingerprint of the encoder; null where unknown.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Queries whose embedding is a zero vector.</summary>
    public int ZeroQueries { get; init; }

    /// <summary>Gallery items whose embedding is a zero vector.</summary>
    public int ZeroGalleryItems { get; init; }

    /// <summary>CMC(1), CMC(2) ...: the share of queries with a positive at rank k or before. Never falls.</summary>
    public required IReadOnlyList<double> Cmc { get; init; }

    /// <summary>mAP by steps: the default, called mAP without further words.</summary>
    public required double MeanAveragePrecision { get; init; }

    /// <summary>mAP by trapezoids, Market-1501's MATLAB definition, called mAP_trap. Never in one column with the other.</summary>
    public required double MeanAveragePrecisionTrapezoid { get; init; }

    /// <summary>mINP.</summary>
    public required double MeanInverseNegativePenalty { get; init; }

    /// <summary>What ties could change.</summary>
    public required TieReport Ties { get; init; }

    /// <summary>Version of this library.</summary>
    public string Toolkit { get; init; } = $"Semblance.Evaluation {typeof(RetrievalResult).Assembly.GetName().Version}";

    /// <summary>Every query on its own, in query order.</summary>
    [JsonIgnore]
    public required IReadOnlyList<QueryResult> PerQuery { get; init; }

    /// <summary>For each query the ranks of its positives, from 1, ascending; none for a query that is skipped.</summary>
    [JsonIgnore]
    public required IReadOnlyList<IReadOnlyList<int>> PositiveRanks { get; init; }

    /// <summary>For each query its identity.</summary>
    [JsonIgnore]
    public required IReadOnlyList<string> QueryIdentities { get; init; }

    /// <summary>
    /// The mean precision-recall curve at evenly spaced levels of recall from 0 to 1: at each level a query counts with the best precision that it has at that recall or beyond.
    /// </summary>
    /// <param name="levels">Number of levels, 2 or more.</param>
    public IReadOnlyList<(double Recall, double Precision)> PrecisionRecall(int levels = 101)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        var sums = new double[levels];
        foreach (var ranks in PositiveRanks)
        {
            var (best, level) = (0.0, levels - 1);
            for (var k = ranks.Count; k >= 1; k--)
            {
                best = Math.Max(best, (double)k / ranks[k - 1]);

                // Levels that ask for more than k - 1 of the positives are reached at this one.
                for (; level >= 0 && (k == 1 || (long)level * ranks.Count > (long)(k - 1) * (levels - 1)); level--)
                {
                    sums[level] += best;
                }
            }
        }

        return [.. sums.Select((sum, level) => (level / (levels - 1.0), sum / Divisor(NoMatch, Queries, Skipped)))];
    }

    /// <summary>CMC(k), for any k from 1, beyond the gallery's length too.</summary>
    public double RankAt(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return (double)PerQuery.Count(query => query.Figures.FirstRank >= 1 && query.Figures.FirstRank <= k) / Divisor(NoMatch, Queries, Skipped);
    }

    internal static int Divisor(NoMatchRule rule, int queries, int skipped) => rule == NoMatchRule.Skip ? queries - skipped : queries;
}
