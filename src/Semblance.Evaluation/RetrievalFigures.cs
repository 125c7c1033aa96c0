namespace Semblance.Evaluation;

/// <summary>The headline figures, fractions in [0, 1].</summary>
/// <param name="Rank1">CMC at 1.</param>
/// <param name="Rank5">CMC at 5.</param>
/// <param name="Rank10">CMC at 10.</param>
/// <param name="MeanAveragePrecision">mAP by steps.</param>
/// <param name="MeanAveragePrecisionTrapezoid">mAP by trapezoids.</param>
/// <param name="MeanInverseNegativePenalty">mINP.</param>
public sealed record RetrievalFigures(
    double Rank1, double Rank5, double Rank10, double MeanAveragePrecision, double MeanAveragePrecisionTrapezoid, double MeanInverseNegativePenalty)
{
    /// <summary>Means over <paramref name="divisor"/> queries, summed in float64 in the order of the queries, one division at the end.</summary>
    internal static RetrievalFigures Mean(IReadOnlyList<QueryResult> queries, Func<QueryResult, QueryFigures> figures, int divisor)
    {
        double rank1 = 0, rank5 = 0, rank10 = 0, step = 0, trapezoid = 0, penalty = 0;
        foreach (var query in queries)
        {
            var one = figures(query);
            rank1 += one.FirstRank is >= 1 and <= 1 ? 1 : 0;
            rank5 += one.FirstRank is >= 1 and <= 5 ? 1 : 0;
            rank10 += one.FirstRank is >= 1 and <= 10 ? 1 : 0;
            step += one.AveragePrecision;
            trapezoid += one.AveragePrecisionTrapezoid;
            penalty += one.InverseNegativePenalty;
        }

        return new(rank1 / divisor, rank5 / divisor, rank10 / divisor, step / divisor, trapezoid / divisor, penalty / divisor);
    }
}
