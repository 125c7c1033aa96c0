using Semblance.Models.Weights;
using Semblance.Tensors;

namespace Semblance.Models.Tests.Weights;

public sealed class PositionTableTests
{
    [Fact]
    public void AnEqualGridComesBackBitIdentical()
    {
        using var scope = new TensorScope();
        var table = Tensor.Randn([1, 1 + 196, 8]);
        Assert.Equal(table.ToArray<float>(), PositionTable.Resize(table, (14, 14), (14, 14)).ToArray<float>());
    }

    [Theory]
    [InlineData(16, 8)]
    [InlineData(21, 10)]
    public void AnotherGridKeepsTheClassRowAndAConstantTableStaysConstant(int rows, int columns)
    {
        using var scope = new TensorScope();
        var table = Tensor.Randn([1, 197, 8]);
        foreach (var resizing in new[] { PositionResizing.Bicubic, PositionResizing.Bilinear })
        {
            var resized = PositionTable.Resize(table, (14, 14), (rows, columns), resizing);
            Assert.Equal([1, 1 + (rows * columns), 8], resized.Shape);
            Assert.Equal(table[0, 0].ToArray<float>(), resized[0, 0].ToArray<float>());
            Assert.All(PositionTable.Resize(Tensor.Full([1, 197, 4], 0.7), (14, 14), (rows, columns), resizing).ToArray<float>(), value => Assert.Equal(0.7f, value, 1e-5f));
        }
    }

    [Fact]
    public void RowsStayRowsAndColumnsStayColumns()
    {
        // Value = row index: after resizing 14 rows to 7 it must rise down the picture and be level across it.
        using var scope = new TensorScope();
        var table = Tensor.From<float>([0, .. Enumerable.Range(0, 14).SelectMany(row => Enumerable.Repeat((float)row, 14))], 1, 197, 1);
        var resized = PositionTable.Resize(table, (14, 14), (7, 3), PositionResizing.Bilinear).ToArray<float>()[1..];
        for (var row = 0; row < 7; row++)
        {
            Assert.Equal([(2 * row) + 0.5f, (2 * row) + 0.5f, (2 * row) + 0.5f], resized[(row * 3)..((row + 1) * 3)]);
        }
    }

    [Fact]
    public void ATableOfAnotherGridIsRefused()
    {
        using var scope = new TensorScope();
        Assert.Contains("14x14, expected [1, 197, D]", Assert.Throws<ArgumentException>(() => PositionTable.Resize(Tensor.Zeros([1, 129, 8]), (14, 14), (16, 8))).Message, StringComparison.Ordinal);
    }
}
