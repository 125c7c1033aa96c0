using System.Buffers;

namespace Semblance.Evaluation.Distances;

/// <summary>Late fusion of two distances of the same queries and gallery: <c>α a + (1 - α) b</c>.</summary>
public sealed class FusedDistances : IDistanceSource<float>
{
    private readonly IDistanceSource<float> _first;
    private readonly IDistanceSource<float> _second;
    private readonly float _alpha;

    /// <summary>Fuses two sources.</summary>
    /// <param name="first">Weighted by α.</param>
    /// <param name="second">Weighted by 1 - α.</param>
    /// <param name="alpha">In [0, 1].</param>
    /// <exception cref="ArgumentException">The sources have different sizes.</exception>
    public FusedDistances(IDistanceSource<float> first, IDistanceSource<float> second, double alpha)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!(alpha is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "the weight of the first distance must be in [0, 1]");
        }

        if (first.Queries != second.Queries || first.GalleryItems != second.GalleryItems)
        {
            throw new ArgumentException(
                $"the first distance is {first.Queries} x {first.GalleryItems}, the second {second.Queries} x {second.GalleryItems}: row i must be the same query in both");
        }

        _first = first;
        _second = second;
        _alpha = (float)alpha;
    }

    /// <inheritdoc/>
    public int Queries => _first.Queries;

    /// <inheritdoc/>
    public int GalleryItems => _first.GalleryItems;

    /// <inheritdoc/>
    public string Description => $"{_alpha} x ({_first.Description}) + {1 - _alpha} x ({_second.Description})";

    /// <inheritdoc/>
    public void Fill(int first, int count, Span<float> distances)
    {
        var rented = ArrayPool<float>.Shared.Rent(distances.Length);
        try
        {
            var other = rented.AsSpan(0, distances.Length);
            _first.Fill(first, count, distances);
            _second.Fill(first, count, other);
            for (var i = 0; i < distances.Length; i++)
            {
                distances[i] = (_alpha * distances[i]) + ((1 - _alpha) * other[i]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
