namespace Semblance.Core.Vectors;

/// <summary>Bringing embeddings to unit length.</summary>
public static class UnitVectors
{
    /// <summary>A shorter vector is a zero vector: it stays nearly zero and has similarity 0 with everything. PyTorch's <c>normalize</c> uses the same bound.</summary>
    public const double LeastNorm = 1e-12;

    /// <summary>Divides a vector by its Euclidean norm (at least <see cref="LeastNorm"/>), in place; the norm is summed in float64 in the order of the dimensions.</summary>
    /// <returns>False for a zero vector.</returns>
    /// <exception cref="ArgumentException">A value is not finite; the message says where.</exception>
    public static bool NormaliseInPlace(Span<float> vector)
    {
        var sum = 0.0;
        for (var d = 0; d < vector.Length; d++)
        {
            if (!float.IsFinite(vector[d]))
            {
                throw new ArgumentException($"dimension {d} is {vector[d]}, expected a finite number", nameof(vector));
            }

            sum += (double)vector[d] * vector[d];
        }

        var norm = Math.Sqrt(sum);
        var scale = 1 / Math.Max(norm, LeastNorm);
        for (var d = 0; d < vector.Length; d++)
        {
            vector[d] = (float)(vector[d] * scale);
        }

        return norm >= LeastNorm;
    }
}
