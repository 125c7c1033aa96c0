using System.Numerics;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation.Reranking;

/// <summary>Re-ranks each query as if it were the only one: the neighbourhoods of the gallery are found once, and each query is put into them by itself.</summary>
internal sealed class IsolatedQueries<T> : IDistanceSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IJointDistances<T> _distances;
    private readonly NeighbourLists<T> _gallery;
    private readonly RerankingOptions _options;

    /// <param name="distances">Of all items, queries first.</param>
    /// <param name="queries">Q.</param>
    /// <param name="gallery">Lists of the gallery among itself, as items 0 to G - 1.</param>
    /// <param name="options">Options.</param>
    public IsolatedQueries(IJointDistances<T> distances, int queries, NeighbourLists<T> gallery, RerankingOptions options)
    {
        (_distances, Queries, _gallery) = (distances, queries, gallery);

        // The queries are spread over threads already.
        _options = options with { Threads = 1 };
    }

    public int Queries { get; }

    public int GalleryItems => _gallery.Count;

    public string Description => _options.Describe<T>();

    public void Fill(int first, int count, Span<T> distances)
    {
        var row = new T[_distances.Count];
        for (var q = first; q < first + count; q++)
        {
            _distances.FillRows(q, 1, row);
            int[] chosen = [q, .. Enumerable.Range(Queries, GalleryItems)];
            new RerankedDistances<T>(new JointSubset<T>(_distances, chosen), 1, WithQuery(row.AsSpan(Queries)), _options)
                .Fill(0, 1, distances.Slice((q - first) * GalleryItems, GalleryItems));
        }
    }

    /// <summary>The lists with the query as item 0 and gallery item g as item g + 1. At equal distance the query, whose index is smaller, comes first.</summary>
    private NeighbourLists<T> WithQuery(ReadOnlySpan<T> toGallery)
    {
        var lists = new NeighbourLists<T>(GalleryItems + 1, Math.Max(_options.K1 + 1, _options.K2));
        var nearest = new Core.Vectors.TopK<T>(lists.Length - 1);
        var furthest = T.Zero;
        Span<int> list = stackalloc int[lists.Length];
        for (var g = 0; g < GalleryItems; g++)
        {
            nearest.Add(-toGallery[g], g + 1);
            furthest = T.Max(furthest, toGallery[g]);
            var known = _gallery.Of(g, lists.Length);
            var place = 1;
            list[0] = g + 1;
            while (place < known.Length && _distances.Between(Queries + g, Queries + known[place]) < toGallery[g])
            {
                list[place] = known[place] + 1;
                place++;
            }

            if (place < lists.Length)
            {
                list[place] = 0;
                for (place++; place < lists.Length; place++)
                {
                    list[place] = known[place - 1] + 1;
                }
            }

            lists.Put(g + 1, list, T.Max(_gallery.Furthest[g], toGallery[g]));
        }

        lists.Put(0, nearest, furthest);
        return lists;
    }
}
