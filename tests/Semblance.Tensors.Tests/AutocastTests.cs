namespace Semblance.Tensors.Tests;

public sealed class AutocastTests
{
    [Fact]
    public void ProductsTakeTheShortTypeAndIslandsDoNot()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([2, 3]);
        var weight = Tensor.Ones([4, 3]);
        Assert.False(Autocast.IsEnabled());
        using (Autocast.To(ScalarType.BFloat16))
        {
            Assert.True(Autocast.IsEnabled());
            Assert.Equal(ScalarType.BFloat16, x.Linear(weight).Dtype);
            Assert.Equal(ScalarType.BFloat16, x.MatMul(weight.T()).Dtype);
            Assert.Equal(ScalarType.Float32, x.Softmax(-1).Dtype);
            using (Autocast.Off())
            {
                Assert.False(Autocast.IsEnabled());
                Assert.Equal(ScalarType.Float32, x.Linear(weight).Dtype);
            }

            Assert.Equal(ScalarType.BFloat16, x.Linear(weight).Dtype);
        }

        Assert.False(Autocast.IsEnabled());
        Assert.Equal(ScalarType.Float32, x.Linear(weight).Dtype);
    }

    [Fact]
    public void GradientsOfParametersComeBackInTheirOwnType()
    {
        using var scope = new TensorScope();
        var weight = Tensor.Ones([4, 3]);
        weight.RequiresGrad = true;
        Tensor loss;
        using (Autocast.To(ScalarType.BFloat16))
        {
            loss = Tensor.Ones([2, 3]).Linear(weight).To(ScalarType.Float32).Sum();
        }

        loss.Backward();
        Assert.Equal(ScalarType.Float32, weight.Grad!.Dtype);
        Numbers.AssertClose(weight.Grad!, [.. Enumerable.Repeat(2.0, 12)]);
    }

    [Fact]
    public void LayerNormGoesBackToTheTypeOfItsWeights()
    {
        using var scope = new TensorScope();
        using var autocast = Autocast.To(ScalarType.BFloat16);
        var weight = Tensor.Ones([3]);
        weight.RequiresGrad = true;
        var product = Tensor.From([1f, 2f, 3f, 4f], 2, 2).Linear(Tensor.From([1f, 0f, 0f, 1f, 1f, 1f], 3, 2));
        Assert.Equal(ScalarType.BFloat16, product.Dtype);
        var normalised = product.LayerNorm(weight, Tensor.Zeros([3]));
        Assert.Equal(ScalarType.Float32, normalised.Dtype);
        Numbers.AssertClose(normalised.Mean(1), [0, 0], 1e-6);
        normalised.Square().Sum().Backward();
        Assert.Equal(ScalarType.Float32, weight.Grad!.Dtype);
    }

    [Fact]
    public void CastsOfParametersAreForgottenAtTheEndOfTheRegionOrOnDemand()
    {
        using var scope = new TensorScope();
        var x = Tensor.Ones([1, 2]);
        var weight = Tensor.Ones([1, 2]);
        weight.RequiresGrad = true;
        using (Autocast.To(ScalarType.BFloat16))
        {
            Assert.Equal(2f, x.Linear(weight).Item<float>());
            weight.CopyFrom(Tensor.Full([1, 2], 3));
            Autocast.ForgetCasts();
            Assert.Equal(6f, x.Linear(weight).Item<float>());
            weight.CopyFrom(Tensor.Full([1, 2], 5));
        }

        using (Autocast.To(ScalarType.BFloat16))
        {
            Assert.Equal(10f, x.Linear(weight).Item<float>());
        }
    }

    [Fact]
    public void ATypeWithoutFastArithmeticIsRefused()
    {
        Assert.Throws<ArgumentException>(() => Autocast.To(ScalarType.Float16));
        Assert.Throws<ArgumentException>(() => Autocast.To(ScalarType.Float64, Device.Cuda()));
    }
}
