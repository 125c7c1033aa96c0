using Semblance.Models.Losses;
using Semblance.Tensors;

namespace Semblance.Models.Targets;

/// <summary>The pixels of the patch's own cell, each cell by its own mean and standard deviation; mean absolute error. Needs no weights from outside.</summary>
/// <param name="grid">The cells.</param>
public sealed class PixelTarget(PatchGrid grid) : IVisualTarget
{
    /// <summary>3 c c.</summary>
    public int OutputWidth => 3 * grid.CellSize * grid.CellSize;

    /// <inheritdoc/>
    public Tensor Loss(Tensor prediction, Tensor images, Tensor cells) => MaskedPrediction.MeanAbsoluteError(prediction, Truth(images, cells));

    /// <summary>Normalised pixels of these cells: <c>[M, 3cc]</c>, float32, channel by channel, row by row.</summary>
    /// <param name="images">Normalised pictures, <c>[B, 3, H, W]</c>.</param>
    /// <param name="cells">Indices b N + i, <c>[M]</c> int64.</param>
    public Tensor Truth(Tensor images, Tensor cells)
    {
        using var _ = Autograd.NoGrad();
        return Cells.Normalise(Cells.Cut(images, grid).IndexSelect(0, cells).To(ScalarType.Float32));
    }
}
