using System.Numerics.Tensors;

namespace Semblance.Gallery.Live;

/// <summary>
/// Mean and covariance of some vectors: how anything's cosines with them are spread, told without the vectors themselves. Of many vectors no single one can be told from it.
/// </summary>
internal sealed class CosineMoments
{
    private readonly double[] _mean;

    /// <summary>Rows of the upper triangle, the diagonal first.</summary>
    private readonly float[][] _covariance;

    private CosineMoments(double[] mean, float[][] covariance) => (_mean, _covariance) = (mean, covariance);

    /// <summary>Takes N · D² / 2 multiplications.</summary>
    /// <param name="vectors">D numbers each.</param>
    /// <param name="width">D.</param>
    public static CosineMoments Of(IReadOnlyList<ReadOnlyMemory<float>> vectors, int width)
    {
        var (mean, count) = (new double[width], Math.Max(1, vectors.Count));
        foreach (var vector in vectors)
        {
            for (var d = 0; d < width; d++)
            {
                mean[d] += vector.Span[d] / count;
            }
        }

        var (covariance, centred, scaled) = (new float[width][], new float[width], new float[width]);
        for (var d = 0; d < width; d++)
        {
            covariance[d] = new float[width - d];
        }

        foreach (var vector in vectors)
        {
            for (var d = 0; d < width; d++)
            {
                centred[d] = (float)(vector.Span[d] - mean[d]);
            }

            TensorPrimitives.Divide(centred, count, scaled);
            for (var d = 0; d < width; d++)
            {
                TensorPrimitives.MultiplyAdd(centred.AsSpan(d), scaled[d], covariance[d], covariance[d]);
            }
        }

        return new CosineMoments(mean, covariance);
    }

    /// <summary>Mean and standard deviation of a unit vector's cosines with them.</summary>
    public (double Mean, double Deviation) Spread(ReadOnlySpan<float> asked)
    {
        var (mean, variance) = (0.0, 0.0);
        for (var d = 0; d < asked.Length; d++)
        {
            mean += asked[d] * _mean[d];
            variance += asked[d] * ((2.0 * TensorPrimitives.Dot(asked[d..], _covariance[d])) - ((double)asked[d] * _covariance[d][0]));
        }

        return (mean, Math.Sqrt(Math.Max(0, variance)));
    }
}
