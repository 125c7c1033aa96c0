using System.Numerics;

namespace Semblance.Evaluation.Distances;

/// <summary>Distances or similarities from elsewhere, as a whole matrix: for pairwise matchers that have no embedding. One that comes block by block implements
/// <see cref="IDistanceSource{T}"/> instead.</summary>
public sealed class ScoreMatrix<T> : IDistanceSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _values;
    private readonly bool _negate;

    internal ScoreMatrix(ReadOnlyMemory<T> values, int queries, int galleryItems, bool negate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(queries);
        ArgumentOutOfRangeException.ThrowIfNegative(galleryItems);
        if (values.Length != (long)queries * galleryItems)
        {
            throw new ArgumentException($"{values.Length} values for {queries} queries x {galleryItems} gallery items, expected {(long)queries * galleryItems}");
        }

        _values = values;
        _negate = negate;
        Queries = queries;
        GalleryItems = galleryItems;
    }

    /// <inheritdoc/>
    public int Queries { get; }

    /// <inheritdoc/>
    public int GalleryItems { get; }

    /// <inheritdoc/>
    public string Description => $"given {(_negate ? "similarities" : "distances")}, {typeof(T).Name}";

    /// <inheritdoc/>
    public void Fill(int first, int count, Span<T> distances)
    {
        var rows = _values.Span.Slice(first * GalleryItems, count * GalleryItems);
        if (!_negate)
        {
            rows.CopyTo(distances);
            return;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            distances[i] = -rows[i];
        }
    }
}

/// <summary>Wraps matrices that somebody else computed.</summary>
public static class ScoreMatrix
{
    /// <summary>Distances <c>[Q, G]</c>, row by row, smaller is closer; borrowed.</summary>
    public static ScoreMatrix<T> OfDistances<T>(ReadOnlyMemory<T> values, int queries, int galleryItems)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(values, queries, galleryItems, negate: false);

    /// <summary>Similarities <c>[Q, G]</c>, row by row, greater is closer; borrowed.</summary>
    public static ScoreMatrix<T> OfSimilarities<T>(ReadOnlyMemory<T> values, int queries, int galleryItems)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(values, queries, galleryItems, negate: true);
}
