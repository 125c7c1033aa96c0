namespace Semblance.Evaluation.Distances;

/// <summary>The negated dot product of unit vectors, summed in float64 in the order of the dimensions by a plain loop: the same on every machine.</summary>
public sealed class ExactCosineDistances : IDistanceSource<double>
{
    private readonly LabelledEmbeddings _queries;
    private readonly LabelledEmbeddings _gallery;

    /// <summary>Keeps both; copies nothing.</summary>
    /// <exception cref="ArgumentException">The widths or the encoders differ; the message names both.</exception>
    public ExactCosineDistances(LabelledEmbeddings queries, LabelledEmbeddings gallery)
    {
        CosineDistances.Comparable(queries, gallery);
        _queries = queries;
        _gallery = gallery;
    }

    /// <inheritdoc/>
    public int Queries => _queries.Count;

    /// <inheritdoc/>
    public int GalleryItems => _gallery.Count;

    /// <inheritdoc/>
    public string Description => "negated dot product of unit vectors, float64 in index order";

    /// <inheritdoc/>
    public void Fill(int first, int count, Span<double> distances)
    {
        var width = _gallery.Width;
        for (var q = 0; q < count; q++)
        {
            var query = _queries.Rows.Slice((first + q) * width, width);
            for (var g = 0; g < GalleryItems; g++)
            {
                var item = _gallery.Rows.Slice(g * width, width);
                var sum = 0.0;
                for (var d = 0; d < width; d++)
                {
                    sum += (double)query[d] * item[d];
                }

                distances[(q * GalleryItems) + g] = -sum;
            }
        }
    }
}
