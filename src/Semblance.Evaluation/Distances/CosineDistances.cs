using Semblance.Core.Vectors;

namespace Semblance.Evaluation.Distances;

/// <summary>The negated dot product of unit vectors, float32: one fused multiply-add per dimension, in order, whatever the block or the thread.</summary>
/// <remarks>2 - 2s and its root rank alike, but their rounding makes ties and negative values.</remarks>
public sealed class CosineDistances : IDistanceSource<float>
{
    private readonly VectorBlocks _gallery;
    private readonly float[] _queries;

    /// <summary>Packs the gallery (a copy of its size) and negates the queries.</summary>
    /// <exception cref="ArgumentException">The widths or the encoders differ; the message names both.</exception>
    public CosineDistances(LabelledEmbeddings queries, LabelledEmbeddings gallery)
    {
        Comparable(queries, gallery);
        Queries = queries.Count;
        _gallery = VectorBlocks.Pack(gallery.Rows, gallery.Width);
        _queries = new float[queries.Rows.Length];
        System.Numerics.Tensors.TensorPrimitives.Negate(queries.Rows, _queries);
    }

    /// <inheritdoc/>
    public int Queries { get; }

    /// <inheritdoc/>
    public int GalleryItems => _gallery.Count;

    /// <inheritdoc/>
    public string Description => "negated dot product of unit vectors, float32";

    /// <inheritdoc/>
    public void Fill(int first, int count, Span<float> distances)
    {
        var queries = _queries.AsSpan(first * _gallery.Width, count * _gallery.Width);
        var whole = GalleryItems / VectorBlocks.BlockSize;
        for (var block = 0; block < whole; block++)
        {
            _gallery.Dot(queries, block, distances[(block * VectorBlocks.BlockSize)..], GalleryItems);
        }

        var rest = GalleryItems - (whole * VectorBlocks.BlockSize);
        if (rest > 0)
        {
            var last = new float[count * VectorBlocks.BlockSize];
            _gallery.Dot(queries, whole, last, VectorBlocks.BlockSize);
            for (var q = 0; q < count; q++)
            {
                last.AsSpan(q * VectorBlocks.BlockSize, rest).CopyTo(distances[((q * GalleryItems) + (whole * VectorBlocks.BlockSize))..]);
            }
        }
    }

    internal static void Comparable(LabelledEmbeddings queries, LabelledEmbeddings gallery)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        if (queries.Count > 0 && gallery.Count > 0 && queries.Width != gallery.Width)
        {
            throw new ArgumentException($"queries have {queries.Width} dimensions but the gallery has {gallery.Width}: encode both with the same encoder");
        }

        if (queries.Fingerprint is { } q && gallery.Fingerprint is { } g && q != g)
        {
            throw new ArgumentException($"queries come from encoder {q} but the gallery from encoder {g}: encode both with the same encoder");
        }
    }
}
