namespace Semblance.Evaluation;

/// <summary>How much of a result hangs on the order of items with equal distances.</summary>
/// <param name="TiedQueries">Queries where a positive and a negative share a distance.</param>
/// <param name="Optimistic">The figures with every tie in the query's favour.</param>
/// <param name="Pessimistic">The figures with every tie against it.</param>
public sealed record TieReport(int TiedQueries, RetrievalFigures Optimistic, RetrievalFigures Pessimistic)
{
    /// <summary>0.05 points: beyond it a headline figure is not what its two decimals claim.</summary>
    public const double WarnBeyond = 0.0005;

    /// <summary>The widest gap between the bounds of any figure, a fraction.</summary>
    public double WidestGap => new[]
    {
        Optimistic.Rank1 - Pessimistic.Rank1,
        Optimistic.Rank5 - Pessimistic.Rank5,
        Optimistic.Rank10 - Pessimistic.Rank10,
        Optimistic.MeanAveragePrecision - Pessimistic.MeanAveragePrecision,
        Optimistic.MeanAveragePrecisionTrapezoid - Pessimistic.MeanAveragePrecisionTrapezoid,
        Optimistic.MeanInverseNegativePenalty - Pessimistic.MeanInverseNegativePenalty,
    }.Max();

    /// <summary>What to print beside the result; null when ties do not matter.</summary>
    public string? Warning => WidestGap > WarnBeyond
        ? $"{TiedQueries} queries have ties between right and wrong items; figures move by up to {100 * WidestGap:F2} points with their order. "
            + "Half-precision scores, quantised features or duplicate pictures are the usual cause."
        : null;
}
