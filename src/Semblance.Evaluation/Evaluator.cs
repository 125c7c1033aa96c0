using System.Numerics;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation;

/// <summary>Sees one query: its distances to the gallery, all finite, and what each item is for it. Called from several threads.</summary>
internal delegate void OnQuery<T>(int query, ReadOnlySpan<T> distances, ReadOnlySpan<Match> matches)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Runs the queries in blocks over threads. Each query's outcome has its own place, so the order of the threads leaves no trace.</summary>
internal static class Evaluator
{
    public static (QueryResult[] Results, IReadOnlyList<int>[] Ranks) Run<T>(
        IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, MatchTable table, IDistanceSource<T> distances, EvaluationOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var results = new QueryResult[queries.Count];
        var ranks = new IReadOnlyList<int>[queries.Count];
        ForEachQuery(queries, gallery, table, distances, options, (q, row, matches) =>
        {
            var found = Ranking.Of(row, matches);
            (results[q], ranks[q]) = (QueryResult.Of(q, found), found.Ranks);
        });
        return (results, ranks);
    }

    public static void ForEachQuery<T>(
        IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, MatchTable table, IDistanceSource<T> distances, EvaluationOptions options, OnQuery<T> see)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // No more than one array can hold, however wide the gallery.
        var blockSize = (int)Math.Clamp(Array.MaxLength / Math.Max(1L, gallery.Count), 1, Math.Min(options.BlockSize, queries.Count));
        var blocks = (queries.Count + blockSize - 1) / blockSize;
        var problems = new Exception?[blocks];
        Parallel.For(
            0,
            blocks,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads },
            () => (Rows: new T[blockSize * gallery.Count], Matches: new Match[gallery.Count]),
            (block, _, buffers) =>
            {
                var first = block * blockSize;
                var count = Math.Min(blockSize, queries.Count - first);
                try
                {
                    distances.Fill(first, count, buffers.Rows.AsSpan(0, count * gallery.Count));
                    for (var q = first; q < first + count; q++)
                    {
                        var row = buffers.Rows.AsSpan((q - first) * gallery.Count, gallery.Count);
                        CheckFinite(row, q, queries, gallery);
                        table.Fill(q, buffers.Matches);
                        see(q, row, buffers.Matches);
                    }
                }
                catch (Exception problem)
                {
                    problems[block] = problem;
                }

                return buffers;
            },
            _ => { });

        // The first problem in query order, not in the order in which threads met theirs.
        if (problems.FirstOrDefault(problem => problem is not null) is { } found)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(found);
        }
    }

    public static void CheckFinite<T>(ReadOnlySpan<T> row, int query, IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Ranking.FirstNonFinite(row) is var g and >= 0)
        {
            throw new ArgumentException(
                $"the distance of query {query} ({queries[query].Describe()}) to gallery item {g} ({gallery[g].Describe()}) is {row[g]}, expected a finite number: "
                + "look for NaN in the embeddings or in the score of the pair");
        }
    }
}
