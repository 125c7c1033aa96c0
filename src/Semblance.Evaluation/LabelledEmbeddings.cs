using Semblance.Core.Vectors;

namespace Semblance.Evaluation;

/// <summary>Embeddings with what is known about each. They are brought to unit length here, so that a dot product is a cosine. Immutable.</summary>
public sealed class LabelledEmbeddings
{
    private readonly float[] _rows;

    /// <summary>Copies and normalises the rows.</summary>
    /// <param name="items">What each row shows.</param>
    /// <param name="rows"><c>[N, E]</c>, row by row, any norm; finite.</param>
    /// <param name="width">E.</param>
    /// <param name="fingerprint">Fingerprint of the encoder, where known: embeddings of two encoders are never compared.</param>
    /// <exception cref="ArgumentException">The sizes disagree, or a value is not finite; the message names the row.</exception>
    public LabelledEmbeddings(IReadOnlyList<Sighting> items, ReadOnlySpan<float> rows, int width, string? fingerprint = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (rows.Length != (long)items.Count * width)
        {
            throw new ArgumentException($"{rows.Length} values for {items.Count} items of width {width}, expected {(long)items.Count * width}", nameof(rows));
        }

        Items = [.. items];
        Width = width;
        Fingerprint = fingerprint;
        _rows = rows.ToArray();
        for (var i = 0; i < items.Count; i++)
        {
            ZeroVectors += Normalise(i) ? 0 : 1;
        }
    }

    /// <summary>Copies and normalises rows that lie in arrays of their own.</summary>
    /// <exception cref="ArgumentException">The rows have different lengths, their number is not that of the items, or a value is not finite.</exception>
    public static LabelledEmbeddings From(IReadOnlyList<Sighting> items, IReadOnlyList<float[]> rows, string? fingerprint = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(rows);
        var width = rows.Count == 0 ? 1 : rows[0].Length;
        var values = new float[checked(rows.Count * width)];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != width)
            {
                throw new ArgumentException($"embedding {i} has {rows[i].Length} dimensions, embedding 0 has {width}", nameof(rows));
            }

            rows[i].CopyTo(values, i * width);
        }

        return new LabelledEmbeddings(items, values, width, fingerprint);
    }

    /// <summary>What each row shows.</summary>
    public IReadOnlyList<Sighting> Items { get; }

    /// <summary>Number of rows, N.</summary>
    public int Count => Items.Count;

    /// <summary>Embedding size, E.</summary>
    public int Width { get; }

    /// <summary>Fingerprint of the encoder; null where unknown.</summary>
    public string? Fingerprint { get; }

    /// <summary>Rows whose norm is below 1e-12: their similarity to everything is 0.</summary>
    public int ZeroVectors { get; }

    /// <summary>The unit vectors, <c>[N, E]</c>, row by row.</summary>
    public ReadOnlySpan<float> Rows => _rows;

    private bool Normalise(int row)
    {
        try
        {
            return UnitVectors.NormaliseInPlace(_rows.AsSpan(row * Width, Width));
        }
        catch (ArgumentException problem)
        {
            throw new ArgumentException($"embedding {row} ({Items[row].Describe()}): {problem.Message}", problem);
        }
    }
}
