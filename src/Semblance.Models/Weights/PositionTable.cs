using Semblance.Tensors;

namespace Semblance.Models.Weights;

/// <summary>Learned positions of one patch grid, brought to another.</summary>
public static class PositionTable
{
    /// <summary>Resizes the patches' rows as a picture and leaves the class token's row as it is.</summary>
    /// <param name="table"><c>[1, 1 + from.Rows from.Columns, D]</c>, class token first, then patches row by row; borrowed.</param>
    /// <param name="from">Rows and columns that the table was trained on: 14 x 14 for FLAVA and ViT-B/16.</param>
    /// <param name="to">Rows and columns that are wanted.</param>
    /// <param name="resizing">Bicubic [decision D7], or bilinear as TransReID does.</param>
    /// <returns><c>[1, 1 + to.Rows to.Columns, D]</c>; for an equal grid a bit-identical copy; owned by the caller or the open scope.</returns>
    /// <exception cref="ArgumentException">The table has another number of rows than its grid.</exception>
    public static Tensor Resize(Tensor table, (int Rows, int Columns) from, (int Rows, int Columns) to, PositionResizing resizing = PositionResizing.Bicubic)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Rank != 3 || table.Size(1) != 1 + ((long)from.Rows * from.Columns))
        {
            throw new ArgumentException($"a position table {Mmet.Shape(table)} does not belong to a grid of {from.Rows}x{from.Columns}, expected [1, {1 + (from.Rows * from.Columns)}, D]", nameof(table));
        }

        if (from == to)
        {
            return table.Clone();
        }

        using var scope = new TensorScope();
        var width = table.Size(2);
        var patches = table.Narrow(1, 1, table.Size(1) - 1).Reshape(1, from.Rows, from.Columns, width).Permute(0, 3, 1, 2);
        var mode = resizing == PositionResizing.Bicubic ? InterpolationMode.Bicubic : InterpolationMode.Bilinear;
        var resized = patches.Interpolate(to.Rows, to.Columns, mode).Permute(0, 2, 3, 1).Reshape(1, (long)to.Rows * to.Columns, width);
        return scope.Keep(Tensor.Cat([table.Narrow(1, 0, 1), resized], 1));
    }
}
