using Semblance.Core.Vectors;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation;

/// <summary>What is expanded.</summary>
public enum ExpansionSide
{
    /// <summary>The queries.</summary>
    Query,

    /// <summary>Queries and gallery, each by its nearest gallery items.</summary>
    Both,
}

/// <summary>How queries are expanded.</summary>
public sealed record QueryExpansionOptions
{
    /// <summary>Nearest gallery items that are added, m.</summary> <value>5.</value>
    public int Neighbours { get; init; } = 5;

    /// <summary>An item weighs its cosine to the query to this power; 0 is average query expansion.</summary> <value>3 (α-QE, Radenović et al. 2018).</value>
    public double Alpha { get; init; } = 3;

    /// <summary>The query itself stays in the sum, with weight 1.</summary> <value>True.</value>
    public bool IncludeSelf { get; init; } = true;

    /// <summary>What is expanded.</summary> <value>The queries.</value>
    public ExpansionSide Side { get; init; } = ExpansionSide.Query;

    /// <summary>How often.</summary> <value>1.</value>
    public int Rounds { get; init; } = 1;

    /// <summary>The parameters as results name them.</summary>
    public string Description =>
        $"{(Alpha > 0 ? $"α query expansion, α {Alpha}" : "average query expansion")}, {Neighbours} neighbours{(IncludeSelf ? " and itself" : "")}, {(Side == ExpansionSide.Both ? "queries and gallery" : "queries")}, {Rounds} round{(Rounds == 1 ? "" : "s")}";
}

/// <summary>
/// Query expansion: a query becomes the mean of itself and the gallery items nearest to it, and is asked again. Neighbours come from the whole gallery without junk, before
/// any of the protocol's removals, which would use the answer. Transductive like re-ranking: its figures belong into a row of their own.
/// </summary>
public static class QueryExpansion
{
    private const int QueriesAtOnce = 96;

    /// <summary>Queries and gallery to evaluate in place of the given ones; the same items in the same order.</summary>
    /// <exception cref="ArgumentException">Queries and gallery do not fit together, or an option is out of range.</exception>
    public static (LabelledEmbeddings Queries, LabelledEmbeddings Gallery) Expand(LabelledEmbeddings queries, LabelledEmbeddings gallery, QueryExpansionOptions? options = null)
    {
        CosineDistances.Comparable(queries, gallery);
        options ??= new QueryExpansionOptions();
        if (options.Neighbours < 1 || options.Rounds < 1 || !(options.Alpha >= 0) || double.IsInfinity(options.Alpha))
        {
            throw new ArgumentException($"{options.Neighbours} neighbours, α {options.Alpha}, {options.Rounds} rounds; expected 1 or more neighbours and rounds, and α of 0 or more");
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            var expanded = Expanded(queries, gallery, options, same: false);
            gallery = options.Side == ExpansionSide.Both ? Expanded(gallery, gallery, options, same: true) : gallery;
            queries = expanded;
        }

        return (queries, gallery);
    }

    private static LabelledEmbeddings Expanded(LabelledEmbeddings queries, LabelledEmbeddings gallery, QueryExpansionOptions options, bool same)
    {
        var (width, rows) = (gallery.Width, new float[queries.Rows.Length]);
        var distances = new CosineDistances(queries, gallery);
        Parallel.For(0, (queries.Count + QueriesAtOnce - 1) / QueriesAtOnce, block =>
        {
            var first = block * QueriesAtOnce;
            var count = Math.Min(QueriesAtOnce, queries.Count - first);
            var scores = new float[count * gallery.Count];
            distances.Fill(first, count, scores);
            for (var q = first; q < first + count; q++)
            {
                var nearest = Nearest(scores.AsSpan((q - first) * gallery.Count, gallery.Count), gallery, options.Neighbours, same ? q : -1);
                var sum = new double[width];
                Add(sum, queries, q, options.IncludeSelf ? 1 : 0);
                foreach (var (cosine, index) in nearest)
                {
                    Add(sum, gallery, index, options.Alpha == 0 ? 1 : Math.Pow(Math.Max(0, cosine), options.Alpha));
                }

                var row = rows.AsSpan(q * width, width);
                for (var d = 0; d < width; d++)
                {
                    row[d] = (float)sum[d];
                }
            }
        });
        return new LabelledEmbeddings(queries.Items, rows, width, queries.Fingerprint);
    }

    private static IReadOnlyList<(float Cosine, int Index)> Nearest(ReadOnlySpan<float> distances, LabelledEmbeddings gallery, int count, int self)
    {
        var nearest = new TopK<float>(count);
        for (var g = 0; g < distances.Length; g++)
        {
            if (-distances[g] > nearest.Threshold && g != self && gallery.Items[g].Role != GalleryRole.Junk)
            {
                nearest.Add(-distances[g], g);
            }
        }

        return nearest.Sorted();
    }

    private static void Add(double[] sum, LabelledEmbeddings from, int row, double weight)
    {
        var values = from.Rows.Slice(row * from.Width, from.Width);
        for (var d = 0; d < sum.Length; d++)
        {
            sum[d] += weight * values[d];
        }
    }
}
