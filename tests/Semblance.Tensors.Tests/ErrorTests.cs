namespace Semblance.Tensors.Tests;

public sealed class ErrorTests
{
    [Fact]
    public void ARefusalNamesTheOperatorTheShapesAndLibtorchsReason()
    {
        using var a = Tensor.Zeros([2, 3]);
        using var b = Tensor.Zeros([4, 5], ScalarType.Float64);
        var error = Assert.Throws<TorchException>(() => a.MatMul(b));
        Assert.Equal("matmul", error.Operation);
        Assert.Equal("[2, 3] Float32, [4, 5] Float64", error.Shapes);
        Assert.StartsWith("matmul([2, 3] Float32, [4, 5] Float64): ", error.Message, StringComparison.Ordinal);
        Assert.Contains("mat1 and mat2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ListsAreShownInARefusal()
    {
        using var scope = new TensorScope();
        var a = Tensor.Zeros([2, 3]);
        Assert.Contains("view([2, 3] Float32, (4, 2))", Assert.Throws<TorchException>(() => a.View(4, 2)).Message, StringComparison.Ordinal);
        var error = Assert.Throws<TorchException>(() => Tensor.Cat([a, Tensor.Zeros([1, 4])]));
        Assert.Contains("cat({[2, 3] Float32, [1, 4] Float32}, 0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownOperatorIsNamed()
    {
        var error = Assert.Throws<TorchException>(() => Interop.Operator.One("soft_max"));
        Assert.Contains("has no operator aten::soft_max", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingArgumentIsNamed()
    {
        using var a = Tensor.Zeros([1]);
        Assert.Contains("argument other is missing", Assert.Throws<TorchException>(() => Interop.Operator.One("add.Tensor", a)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATensorLivesOnAfterARefusal() => TensorDiagnostics.AssertNoneLeft(() =>
    {
        using var a = Tensor.Ones([2, 3]);
        using var b = Tensor.Ones([5, 7]);
        for (var i = 0; i < 100; i++)
        {
            Assert.Throws<TorchException>(() => a + b);
        }

        Assert.Equal(6, a.ToArray<float>().Sum());
    });
}
