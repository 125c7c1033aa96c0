namespace Semblance.Evaluation.Protocols;

/// <summary>Image re-identification with several pictures of the person from the query's camera as one query: as on Market-1501, by the mean of their features.</summary>
/// <remarks>The boxes of <c>gt_bbox</c> of the query's person and camera are averaged and brought to unit length.</remarks>
public sealed class MultiQueryProtocol : RetrievalProtocol
{
    /// <inheritdoc/>
    public override string Key => "multi-query";

    /// <inheritdoc/>
    public override bool SameCameraRule => true;

    /// <summary>One query for each of <paramref name="queries"/>: the mean of the unit vectors of all boxes of its person and camera.</summary>
    /// <param name="queries">Whom to ask for; their own vectors are not read.</param>
    /// <param name="boxes">Pictures of the same people by the same cameras.</param>
    /// <exception cref="ArgumentException">A query has no box; the message names it.</exception>
    public static LabelledEmbeddings Pool(IReadOnlyList<Sighting> queries, LabelledEmbeddings boxes)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(boxes);
        var of = Enumerable.Range(0, boxes.Count).ToLookup(i => (boxes.Items[i].Identity, boxes.Items[i].Camera));
        var rows = new float[queries.Count][];
        for (var q = 0; q < rows.Length; q++)
        {
            var (sum, count) = (new double[boxes.Width], 0);
            foreach (var box in of[(queries[q].Identity, queries[q].Camera)])
            {
                count++;
                for (var e = 0; e < sum.Length; e++)
                {
                    sum[e] += boxes.Rows[(box * boxes.Width) + e];
                }
            }

            rows[q] = count > 0 ? [.. sum.Select(value => (float)(value / count))]
                : throw new ArgumentException($"multi-query: query {q} ({queries[q].Describe()}, camera {queries[q].Camera}) has no box of its person and camera");
        }

        return LabelledEmbeddings.From(queries, rows, boxes.Fingerprint);
    }
}
