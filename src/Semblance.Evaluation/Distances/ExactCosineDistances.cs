using Semblance.Core.Vectors;

namespace Semblance.Evaluation.Distances;

/// <summary>The negated dot product of unit vectors, summed in float64 in the order of the dimensions: the same on every machine, and free of float32's rounding.</summary>
public sealed class ExactCosineDistances : IDistanceSource<double>
{
    private readonly LabelledEmbeddings _queries;
    private readonly VectorBlocks _gallery;

    /// <summary>Packs the gallery (a copy of its size).</summary>
    /// <exception cref="ArgumentException">The widths or the encoders differ; the message names both.</exception>
    public ExactCosineDistances(LabelledEmbeddings queries, LabelledEmbeddings gallery)
    {
        CosineDistances.Comparable(queries, gallery);
        _queries = queries;
        _gallery = VectorBlocks.Pack(gallery.Rows, gallery.Width);
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
        Span<double> scores = stackalloc double[VectorBlocks.BlockSize];
        for (var block = 0; block < _gallery.BlockCount; block++)
        {
            var start = block * VectorBlocks.BlockSize;
            var items = Math.Min(VectorBlocks.BlockSize, GalleryItems - start);
            for (var q = 0; q < count; q++)
            {
                _gallery.DotExact(_queries.Rows.Slice((first + q) * _gallery.Width, _gallery.Width), block, scores);
                for (var g = 0; g < items; g++)
                {
                    distances[(q * GalleryItems) + start + g] = -scores[g];
                }
            }
        }
    }
}
