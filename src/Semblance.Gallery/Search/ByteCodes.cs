using System.Numerics.Tensors;

namespace Semblance.Gallery.Search;

/// <summary>
/// Vectors in 8 bits. Each has a scale of its own, its largest magnitude by 127: one scale for all would have to be known before the first vector arrives,
/// would be spoilt by one
/// outlier, and would save 4 bytes of some 500.
/// </summary>
internal static class ByteCodes
{
    private const int RowLimit = 127;
    private const int QueryLimit = 63;

    /// <summary>Codes of a row, unsigned: 128 is 0.</summary>
    /// <returns>The scale: value ≈ scale × (code - 128). 0 for the zero vector.</returns>
    public static float OfRow(ReadOnlySpan<float> vector, Span<byte> codes)
    {
        var (largest, inverse) = Scale(vector, RowLimit);
        for (var d = 0; d < vector.Length; d++)
        {
            codes[d] = (byte)(int)((vector[d] * inverse) + 128.5f);
        }

        codes[vector.Length..].Fill(128);
        return largest / RowLimit;
    }

    /// <summary>Codes of a query, signed. Their scale changes no ranking of one query's and is left out.</summary>
    /// <returns>What the dot product with unsigned codes has too much: 128 × the sum of the codes.</returns>
    public static int OfQuery(ReadOnlySpan<float> vector, Span<sbyte> codes)
    {
        var (_, inverse) = Scale(vector, QueryLimit);
        var sum = 0;
        for (var d = 0; d < vector.Length; d++)
        {
            codes[d] = (sbyte)((int)((vector[d] * inverse) + 128.5f) - 128);
            sum += codes[d];
        }

        codes[vector.Length..].Clear();
        return 128 * sum;
    }

    private static (float Largest, float Inverse) Scale(ReadOnlySpan<float> vector, int limit)
    {
        // A vector too short for its inverse to be finite counts as zero.
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        var inverse = limit / largest;
        return float.IsFinite(inverse) ? (largest, inverse) : (0, 0);
    }
}
