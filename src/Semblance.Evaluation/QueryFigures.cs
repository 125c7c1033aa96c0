namespace Semblance.Evaluation;

/// <summary>The figures of one query.</summary>
/// <param name="FirstRank">Rank of the nearest positive, from 1; 0 for a query without one.</param>
/// <param name="AveragePrecision">By steps.</param>
/// <param name="AveragePrecisionTrapezoid">By trapezoids.</param>
/// <param name="InverseNegativePenalty">R / rank of the furthest positive.</param>
public readonly record struct QueryFigures(int FirstRank, double AveragePrecision, double AveragePrecisionTrapezoid, double InverseNegativePenalty)
{
    internal static QueryFigures Of(IReadOnlyList<int> ranks) => ranks.Count == 0
        ? default
        : new(ranks[0], Metrics.AveragePrecision(ranks), Metrics.AveragePrecisionTrapezoid(ranks), Metrics.InverseNegativePenalty(ranks));
}
