using System.Numerics;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation.Reranking;

/// <summary>
/// k-reciprocal re-ranking (Zhong et al. 2017): people who are among each other's nearest neighbours are likely one person. Transductive: the answer to a query hangs on
/// the gallery and on the other queries, so its figures belong into a row of their own. Neither identities nor cameras are used.
/// </summary>
/// <remarks>
/// Sparse: only the k1 + 1 nearest of each item are kept, and items that share no neighbour with the query have Jaccard distance 1. Memory O(N k1) beside the embeddings
/// instead of O(N²). <see cref="DenseKReciprocal"/> is the plain twin.
/// </remarks>
public static class KReciprocal
{
    /// <summary>Re-ranked distances, float32, for a protocol to evaluate.</summary>
    /// <param name="queries">Unit vectors.</param>
    /// <param name="gallery">Unit vectors of the same encoder.</param>
    /// <param name="options">Options.</param>
    /// <exception cref="ArgumentException">Queries and gallery do not fit together, or an option is out of range.</exception>
    public static IDistanceSource<float> Rerank(LabelledEmbeddings queries, LabelledEmbeddings gallery, RerankingOptions? options = null)
    {
        options = Checked(queries, gallery, options);
        var rows = Rows(gallery, options);
        var joint = new JointEmbeddings(queries, gallery, rows);
        IDistanceSource<float> reranked = options.QueriesIsolated
            ? new IsolatedQueries<float>(joint, queries.Count, TiledNeighbours.Of(new JointEmbeddings(NoneLike(gallery), gallery, rows), Length(options), options.Threads), options)
            : new RerankedDistances<float>(joint, queries.Count, TiledNeighbours.Of(joint, Length(options), options.Threads), options);
        return rows.Length == gallery.Count ? reranked : new WithoutJunk<float>(reranked, rows, gallery.Count);
    }

    /// <summary>The same in float64 throughout: reference results.</summary>
    /// <exception cref="ArgumentException">Queries and gallery do not fit together, or an option is out of range.</exception>
    public static IDistanceSource<double> RerankExact(LabelledEmbeddings queries, LabelledEmbeddings gallery, RerankingOptions? options = null)
    {
        options = Checked(queries, gallery, options);
        var rows = Rows(gallery, options);
        var reranked = Rerank(new ExactJointEmbeddings(queries, gallery, rows), queries.Count, options);
        return rows.Length == gallery.Count ? reranked : new WithoutJunk<double>(reranked, rows, gallery.Count);
    }

    /// <summary>Re-ranks squared distances (or any that are not negative) between all items, from a matcher that has no embeddings for instance.</summary>
    /// <param name="squared"><c>[N, N]</c>, row by row, queries first; symmetric, 0 on the diagonal; borrowed.</param>
    /// <param name="queries">Q; the other N - Q items are the gallery.</param>
    /// <param name="options">Options; <see cref="RerankingOptions.JunkTakesPart"/> is the caller's own choice of items.</param>
    /// <exception cref="ArgumentException">The matrix is not square, a distance is negative or not finite, or an option is out of range.</exception>
    public static IDistanceSource<T> Rerank<T>(ReadOnlyMemory<T> squared, int queries, RerankingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options = (options ?? new RerankingOptions()) with { JunkTakesPart = true };
        options.Check();
        var count = (int)Math.Sqrt(squared.Length);
        if ((long)count * count != squared.Length || queries < 1 || queries >= count)
        {
            throw new ArgumentException($"{squared.Length} distances and {queries} queries, expected N x N distances among Q queries and N - Q gallery items, with both at least 1");
        }

        var values = squared.Span;
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= T.Zero) || !T.IsFinite(values[i]))
            {
                throw new ArgumentException($"the distance of items {i / count} and {i % count} is {values[i]}, expected a finite number of 0 or more: turn scores into distances first");
            }
        }

        return Rerank(new JointMatrix<T>(squared, count), queries, options);
    }

    private static IDistanceSource<T> Rerank<T>(IJointDistances<T> joint, int queries, RerankingOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!options.QueriesIsolated)
        {
            return new RerankedDistances<T>(joint, queries, NeighbourLists<T>.ByRows(joint, Length(options), options.Threads), options);
        }

        var gallery = new JointSubset<T>(joint, [.. Enumerable.Range(queries, joint.Count - queries)]);
        return new IsolatedQueries<T>(joint, queries, NeighbourLists<T>.ByRows(gallery, Length(options), options.Threads), options);
    }

    private static int Length(RerankingOptions options) => Math.Max(options.K1 + 1, options.K2);

    private static RerankingOptions Checked(LabelledEmbeddings queries, LabelledEmbeddings gallery, RerankingOptions? options)
    {
        CosineDistances.Comparable(queries, gallery);
        if (queries.Count == 0 || gallery.Count == 0)
        {
            throw new ArgumentException($"{queries.Count} queries and {gallery.Count} gallery items, expected at least one of each");
        }

        options ??= new RerankingOptions();
        options.Check();
        return options;
    }

    private static int[] Rows(LabelledEmbeddings gallery, RerankingOptions options) =>
        [.. Enumerable.Range(0, gallery.Count).Where(g => options.JunkTakesPart || gallery.Items[g].Role != GalleryRole.Junk)];

    private static LabelledEmbeddings NoneLike(LabelledEmbeddings gallery) => new([], [], gallery.Width, gallery.Fingerprint);

    /// <summary>Puts items that took no part behind all others; protocols remove them anyway.</summary>
    private sealed class WithoutJunk<T>(IDistanceSource<T> inner, int[] rows, int galleryItems) : IDistanceSource<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int Queries => inner.Queries;

        public int GalleryItems => galleryItems;

        public string Description => inner.Description;

        public void Fill(int first, int count, Span<T> distances)
        {
            var known = new T[count * rows.Length];
            inner.Fill(first, count, known);
            distances.Fill(T.One + T.One);
            for (var q = 0; q < count; q++)
            {
                for (var k = 0; k < rows.Length; k++)
                {
                    distances[(q * GalleryItems) + rows[k]] = known[(q * rows.Length) + k];
                }
            }
        }
    }
}
