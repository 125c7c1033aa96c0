using static Semblance.Tensors.Tests.Numbers;

namespace Semblance.Tensors.Tests;

public sealed class IndexingTests
{
    [Fact]
    public void NumbersTakeADimensionAwayAndRangesKeepIt()
    {
        using var scope = new TensorScope();
        var x = Tensor.Arange(24).Reshape(2, 3, 4);
        AssertShape(x[.., 0], 2, 4);
        AssertClose(x[.., 0], [0, 1, 2, 3, 12, 13, 14, 15]);
        AssertClose(x[1, 2], [20, 21, 22, 23]);
        AssertClose(x[^1, -1, ^2], [22]);
        AssertShape(x[.., 1..3, ..^1], 2, 2, 3);
        AssertClose(x[1, 1..3, ..1], [16, 20]);
        AssertShape(x[..], 2, 3, 4);
        AssertClose(x[TensorIndex.Ellipsis, 3], [3, 7, 11, 15, 19, 23]);
        AssertShape(x[0, TensorIndex.NewAxis, 1..], 1, 2, 4);
    }

    [Fact]
    public void NumbersAndRangesShareMemory()
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros([2, 3]);
        x[1, 1..].FillInPlace(5);
        AssertClose(x, [0, 0, 0, 0, 5, 5]);
        x[.., 0].CopyFrom(Tensor.From([7f, 8f]));
        AssertClose(x, [7, 0, 0, 8, 5, 5]);
    }

    [Fact]
    public void TensorsOfIndicesGatherAndMasksSelect()
    {
        using var scope = new TensorScope();
        var x = Tensor.Arange(12).Reshape(3, 4);
        AssertClose(x[Tensor.From([2L, 0L])], [8, 9, 10, 11, 0, 1, 2, 3]);
        AssertClose(x[Tensor.From([2L, 0L]), Tensor.From([1L, 3L])], [9, 3]);
        AssertClose(x[.., Tensor.From([3L])], [3, 7, 11]);
        AssertClose(x[x.Gt(8)], [9, 10, 11]);
        AssertClose(x[Tensor.From([true, false, true]), 1], [1, 9]);
    }

    [Fact]
    public void TooManyIndicesAreRefused()
    {
        using var x = Tensor.Zeros([2]);
        Assert.Contains("2 dimensions are indexed", Assert.Throws<ArgumentException>(() => x[0, 0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IndexingIsRecorded() => AssertGradient(x => (x[.., 1..] * x[1, 0]).Sum(), [1, 2, 3, 4, 5, 6], [2, 3]);

    [Fact]
    public void GatherScatterAndMasksDoAsPyTorchSays()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2f, 3f, 4f], 2, 2);
        var index = Tensor.From([1L, 0L, 0L, 1L], 2, 2);
        AssertClose(x.Gather(1, index), [2, 1, 3, 4]);
        AssertClose(Tensor.Zeros([2, 2]).Scatter(1, index, x), [2, 1, 3, 4]);
        AssertClose(Tensor.Zeros([2, 2]).ScatterAdd(1, Tensor.Zeros([2, 2], ScalarType.Int64), x), [3, 0, 7, 0]);
        AssertClose(x.IndexSelect(1, Tensor.From([1L])), [2, 4]);
        AssertClose(x.MaskedFill(x.Gt(2), -1), [1, 2, -1, -1]);
        AssertClose(x.MaskedSelect(x.Gt(2)), [3, 4]);
        AssertClose(x.Gt(2).Nonzero(), [1, 0, 1, 1]);
        AssertClose(Tensor.Where(x.Gt(2), x, -x), [-1, -2, 3, 4]);
        AssertClose(x.IndexAdd(0, Tensor.From([1L]), Tensor.Ones([1, 2])), [1, 2, 4, 5]);
        AssertClose(x.IndexCopy(0, Tensor.From([0L]), Tensor.Ones([1, 2])), [1, 1, 3, 4]);
    }
}
