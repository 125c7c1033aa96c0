using Semblance.Tensors;

namespace Semblance.Models.Targets;

/// <summary>Pictures cut into the cells that patches own.</summary>
internal static class Cells
{
    /// <summary>The region that the cells cover: <c>[B, 3, Gh c, Gw c]</c>, a view.</summary>
    public static Tensor Region(Tensor images, PatchGrid grid) =>
        images.Narrow(2, grid.CellOffset, grid.CoveredHeight).Narrow(3, grid.CellOffset, grid.CoveredWidth);

    /// <summary>Pixels of each cell, channel by channel: <c>[B, 3, H, W]</c> to <c>[B N, 3 c c]</c>.</summary>
    public static Tensor Cut(Tensor images, PatchGrid grid)
    {
        var (batch, c) = (images.Size(0), grid.CellSize);
        return Region(images, grid).Reshape([batch, 3, grid.Rows, c, grid.Columns, c]).Permute(0, 2, 4, 1, 3, 5).Reshape([batch * grid.Count, 3 * c * c]);
    }

    /// <summary>Each cell by its own mean and standard deviation; a flat cell becomes 0.</summary>
    public static Tensor Normalise(Tensor cells)
    {
        var centred = cells - cells.Mean(1, keepDim: true);
        return centred / (centred * centred).Mean(1, keepDim: true).ClampMin(1e-6).Sqrt();
    }
}
