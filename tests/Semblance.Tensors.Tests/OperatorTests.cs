using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Tests;

/// <summary>The commonest signatures are called directly when nothing but their tensors is given; with the schema's own default written out, the same operator goes by the schema.</summary>
public sealed class OperatorTests
{
    [Theory]
    [InlineData("add.Tensor")]
    [InlineData("sub.Tensor")]
    public void TheDirectCallDoesWhatTheSchemaSays(string name)
    {
        using var scope = new TensorScope();
        foreach (var autocast in new[] { false, true })
        {
            using var region = autocast ? Autocast.To(ScalarType.BFloat16) : null;
            Tensor[] left = [Tensor.Randn([3, 4]), Tensor.From<long>([1, 2, 3, 4], 4), Tensor.Randn([4]).To(ScalarType.Float64), Tensor.Zeros([0, 4])];
            foreach (var a in left)
            {
                var b = Tensor.Randn([3, 1]).Narrow(0, 0, a.Size(0) == 0 ? 1 : 3);
                var (direct, boxed) = (Operator.One(name, a, b), Operator.One(name, a, b, 1L));
                Assert.Equal(boxed.ToString(), direct.ToString());
                Assert.True(Same(boxed, direct));
            }
        }
    }

    [Fact]
    public void GradientsGoThroughADirectCall()
    {
        using var scope = new TensorScope();
        var (a, b) = (Tensor.Randn([3, 4]), Tensor.Randn([4]));
        (a.RequiresGrad, b.RequiresGrad) = (true, true);
        var direct = Autograd.Grad((Operator.One("sub.Tensor", a, b) * a).Sum(), [a, b]);
        var boxed = Autograd.Grad((Operator.One("sub.Tensor", a, b, 1L) * a).Sum(), [a, b]);
        Assert.All(direct.Zip(boxed), pair => Assert.True(Same(pair.First, pair.Second)));
    }

    [Fact]
    public void ARefusedDirectCallSaysWhatItWasGivenAndTheNextOneWorks()
    {
        using var scope = new TensorScope();
        var error = Assert.Throws<TorchException>(() => Tensor.Zeros([2, 3]) + Tensor.Zeros([4]));
        Assert.Contains("add.Tensor", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3] Float32", error.Message, StringComparison.Ordinal);
        Assert.Equal(2f, (Tensor.Ones([1]) + Tensor.Ones([1])).Item<float>());
    }

    private static bool Same(Tensor a, Tensor b) => a.Dtype == b.Dtype && a.To(ScalarType.Float64).ToArray<double>().SequenceEqual(b.To(ScalarType.Float64).ToArray<double>());
}
