using Semblance.Tensors;

namespace Semblance.Models.Losses;

/// <summary>What was hidden must be told from the rest: masked image, language and multimodal modelling. Only the hidden items come in; the mean runs over all of the batch.</summary>
public static class MaskedPrediction
{
    /// <summary><c>L = -1/|M| Σ_{i in M} log softmax(z_i)[y_i]</c>.</summary>
    /// <param name="logits">z at the masked items, <c>[M, V]</c>, any float type; computed in float32; borrowed.</param>
    /// <param name="targets">True ids, <c>[M]</c>, int64; borrowed.</param>
    /// <returns>Scalar in nats, float32; 0 with a zero gradient when nothing was masked (the released code gives NaN); owned by the caller.</returns>
    public static Tensor CrossEntropy(Tensor logits, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        using var _ = Autocast.Off();
        var z = logits.To(ScalarType.Float32);
        return z.Size(0) == 0 ? z.Sum() * 0 : z.CrossEntropy(targets);
    }

    /// <summary><c>L = mean |x - y|</c> over the masked cells and their pixels.</summary>
    /// <param name="prediction">x, <c>[M, 3cc]</c>, any float type; computed in float32; borrowed.</param>
    /// <param name="targets">y, each row normalised by its own mean and deviation, <c>[M, 3cc]</c>; borrowed.</param>
    /// <returns>Scalar, float32; 0 when nothing was masked; owned by the caller.</returns>
    public static Tensor MeanAbsoluteError(Tensor prediction, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        using var _ = Autocast.Off();
        var x = prediction.To(ScalarType.Float32);
        return x.Size(0) == 0 ? x.Sum() * 0 : x.L1Loss(targets.To(ScalarType.Float32));
    }
}
