namespace Semblance.Models.Tests;

public sealed class PatchGridTests
{
    [Theory]
    [InlineData(256, 128, 16, 12, 21, 10)]
    [InlineData(256, 128, 16, 16, 16, 8)]
    [InlineData(224, 224, 16, 16, 14, 14)]
    [InlineData(64, 32, 8, 8, 8, 4)]
    public void GridFollowsTheConvolution(int height, int width, int patch, int stride, int rows, int columns)
    {
        var grid = new PatchGrid(height, width, patch, stride);
        Assert.Equal((rows, columns, rows * columns), (grid.Rows, grid.Columns, grid.Count));
    }

    [Fact]
    public void CellsOfOverlappingPatchesTileRowsTwoToTwoHundredFiftyThree()
    {
        var grid = MmetOptions.Paper.Grid;
        Assert.Equal((2, 2), grid.CellOrigin(0));
        Assert.Equal((2 + (12 * 20), 2 + (12 * 9)), grid.CellOrigin(grid.Count - 1));
        Assert.Equal((252, 120), (grid.CoveredHeight, grid.CoveredWidth));
    }

    [Fact]
    public void CellsOfTouchingPatchesAreThePatches()
    {
        var grid = MmetOptions.Default.Grid;
        Assert.Equal((16, 32), grid.CellOrigin(grid.Columns + 2));
        Assert.Equal((256, 128), (grid.CoveredHeight, grid.CoveredWidth));
    }
}
