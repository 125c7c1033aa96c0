namespace Semblance.Models;

/// <summary>How an image is cut into patches, and which pixels each patch owns.</summary>
/// <param name="Height">Input rows in pixels.</param>
/// <param name="Width">Input columns in pixels.</param>
/// <param name="Patch">Side of the convolution's kernel in pixels.</param>
/// <param name="Stride">Step of the convolution in pixels; smaller than <paramref name="Patch"/> means overlapping patches.</param>
/// <remarks>
/// Patches are numbered row by row from the top left. With overlap, a patch sees <c>Patch x Patch</c> pixels but <em>owns</em> only a <b>cell</b> of
/// <c>Stride x Stride</c> pixels at its centre: patch (i, j) of the 16/12 grid owns rows 12i+2 .. 12i+13. Cells tile the covered part of the image without overlap,
/// so masks, reconstruction targets and heat maps are all counted in cells.
/// </remarks>
public readonly record struct PatchGrid(int Height, int Width, int Patch, int Stride)
{
    /// <summary>Patches from top to bottom: <c>floor((H - k) / s) + 1</c>.</summary>
    public int Rows => ((Height - Patch) / Stride) + 1;

    /// <summary>Patches from left to right: <c>floor((W - k) / s) + 1</c>.</summary>
    public int Columns => ((Width - Patch) / Stride) + 1;

    /// <summary>Patches in all, N.</summary>
    public int Count => Rows * Columns;

    /// <summary>Side of a cell in pixels.</summary>
    public int CellSize => Stride;

    /// <summary>Rows above the first cell, and columns to the left of it.</summary>
    public int CellOffset => (Patch - Stride) / 2;

    /// <summary>True when neighbouring patches share pixels.</summary>
    public bool Overlaps => Stride < Patch;

    /// <summary>Rows that the cells cover, from <see cref="CellOffset"/> on.</summary>
    public int CoveredHeight => Rows * CellSize;

    /// <summary>Columns that the cells cover, from <see cref="CellOffset"/> on.</summary>
    public int CoveredWidth => Columns * CellSize;

    /// <summary>The upper left pixel of a cell.</summary>
    public (int Top, int Left) CellOrigin(int index) => (CellOffset + (index / Columns * CellSize), CellOffset + (index % Columns * CellSize));

    /// <summary>"21x10 (256x128, patch 16, stride 12)".</summary>
    public override string ToString() => $"{Rows}x{Columns} ({Height}x{Width}, patch {Patch}, stride {Stride})";
}
