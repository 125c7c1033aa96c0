using Semblance.Tensors;

namespace Semblance.Models.Targets;

/// <summary>What a hidden patch must be told from [decision D17]: ids of a tokenizer, or the pixels themselves.</summary>
public interface IVisualTarget
{
    /// <summary>Values that a prediction head gives per patch: classes, or pixels of a cell.</summary>
    int OutputWidth { get; }

    /// <summary>How far the predictions are from the truth: cross-entropy of ids, or mean absolute error of pixels.</summary>
    /// <param name="prediction">One row per hidden patch, <c>[M, OutputWidth]</c>, with its graph; borrowed.</param>
    /// <param name="images">The clean normalised pictures, <c>[B, 3, H, W]</c>; borrowed.</param>
    /// <param name="cells">The hidden patches as indices b N + i, <c>[M]</c> int64, in the order of the predictions; borrowed.</param>
    /// <returns>Scalar, float32, the mean over the M patches; 0 when there is none.</returns>
    Tensor Loss(Tensor prediction, Tensor images, Tensor cells);
}
