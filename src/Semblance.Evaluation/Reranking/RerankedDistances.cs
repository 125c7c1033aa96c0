using System.Buffers;
using System.Numerics;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation.Reranking;

/// <summary>Steps 8 and 9, a row at a time: the Jaccard distance through an inverted index over the gallery, mixed with the original one.</summary>
internal sealed class RerankedDistances<T> : IDistanceSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A gallery read once for some queries costs little more than for one.
    private const int RowsAtOnce = 24;

    private readonly IJointDistances<T> _distances;
    private readonly NeighbourLists<T> _lists;
    private readonly SparseRows<T> _encoding;
    private readonly SparseRows<T> _gallery;
    private readonly RerankingOptions _options;

    public RerankedDistances(IJointDistances<T> distances, int queries, NeighbourLists<T> lists, RerankingOptions options)
    {
        (_distances, Queries, _lists, _options) = (distances, queries, lists, options);
        _encoding = KReciprocalEncoding<T>.Of(distances, lists, options);
        _gallery = _encoding.Inverted(queries, distances.Count);
    }

    public int Queries { get; }

    public int GalleryItems => _distances.Count - Queries;

    public string Description => _options.Describe<T>();

    public void Fill(int first, int count, Span<T> distances)
    {
        var width = _distances.Count;
        var rows = ArrayPool<T>.Shared.Rent(Math.Min(count, RowsAtOnce) * width);
        try
        {
            for (var start = 0; start < count; start += RowsAtOnce)
            {
                var some = Math.Min(RowsAtOnce, count - start);
                _distances.FillRows(first + start, some, rows.AsSpan(0, some * width));
                for (var q = 0; q < some; q++)
                {
                    Fill(first + start + q, rows.AsSpan((q * width) + Queries, GalleryItems), distances.Slice((start + q) * GalleryItems, GalleryItems));
                }
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(rows);
        }
    }

    private void Fill(int query, ReadOnlySpan<T> original, Span<T> final)
    {
        // First the shared mass Σ min(V'[q, t], V'[g, t]): only items that share a neighbour get any.
        final.Clear();
        var columns = _encoding.Columns(query);
        var values = _encoding.Values(query);
        for (var k = 0; k < columns.Length; k++)
        {
            var items = _gallery.Columns(columns[k]);
            var theirs = _gallery.Values(columns[k]);
            for (var n = 0; n < items.Length; n++)
            {
                final[items[n]] += T.Min(values[k], theirs[n]);
            }
        }

        var (furthest, lambda, two) = (_lists.Furthest[query], T.CreateChecked(_options.Lambda), T.One + T.One);
        for (var g = 0; g < final.Length; g++)
        {
            var jaccard = T.One - (final[g] / (two - final[g]));
            final[g] = ((T.One - lambda) * jaccard) + (lambda * KReciprocalEncoding<T>.Normalised(original[g], furthest));
        }
    }
}
