namespace Semblance.Evaluation;

/// <summary>What came out for one query.</summary>
/// <param name="Query">Its index among the queries.</param>
/// <param name="Admissible">Gallery items left after the protocol's removals.</param>
/// <param name="Positives">How many of them show the query's identity; 0 for a query that is skipped.</param>
/// <param name="Figures">In the order (distance, gallery index).</param>
/// <param name="Optimistic">With ties in the query's favour.</param>
/// <param name="Pessimistic">With ties against it.</param>
/// <param name="Tied">A positive and a negative share a distance.</param>
public readonly record struct QueryResult(
    int Query, int Admissible, int Positives, QueryFigures Figures, QueryFigures Optimistic, QueryFigures Pessimistic, bool Tied)
{
    internal static QueryResult Of(int query, PositiveRanks ranks)
    {
        var figures = QueryFigures.Of(ranks.Ranks);
        return ranks.Tied
            ? new(query, ranks.Admissible, ranks.Ranks.Count, figures, QueryFigures.Of(ranks.Optimistic), QueryFigures.Of(ranks.Pessimistic), Tied: true)
            : new(query, ranks.Admissible, ranks.Ranks.Count, figures, figures, figures, Tied: false);
    }
}
