using Semblance.Tensors.Layers;
using Semblance.Tensors.Optimisers;

namespace Semblance.Tensors.Tests;

/// <summary>What only a CUDA device can show; the golden cases run there too when SEMBLANCE_TEST_DEVICE says so.</summary>
[Collection(nameof(CudaTests))]
[CollectionDefinition(nameof(CudaTests), DisableParallelization = true)]
public sealed class CudaTests
{
    private static readonly Device Cuda = Device.Cuda();

    [Fact]
    public void ATensorGoesThereAndComesBackUnchanged()
    {
        Needed();
        using var scope = new TensorScope();
        float[] numbers = [.. Enumerable.Range(0, 1000).Select(i => MathF.Sin(i))];
        var there = Tensor.From(numbers, 10, 100).To(Cuda);
        Assert.Equal(Cuda, there.Device);
        Assert.Equal(numbers, there.ToArray<float>());
        Assert.Equal(numbers.Sum(x => (double)x), (there * 2).Sum().Item<double>() / 2, 1e-3);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void AutocastComputesProductsInTheShorterTypeAndGradientsInTheLonger(ScalarType dtype)
    {
        Needed();
        using var scope = new TensorScope();
        using var layer = new Linear(64, 32);
        layer.To(Cuda);
        var x = Tensor.Randn([16, 64], device: Cuda);
        var whole = layer.Forward(x);
        Tensor y;
        using (Autocast.To(dtype, Cuda))
        {
            y = layer.Forward(x);
            Assert.Equal(dtype, y.Dtype);
            using var full = Autocast.Off();
            Assert.Equal(ScalarType.Float32, layer.Forward(x).Dtype);
        }

        Assert.InRange((y.To(ScalarType.Float32) - whole).Abs().Max().Item<double>(), 1e-7, 0.05);
        y.To(ScalarType.Float32).Sum().Backward();
        Assert.Equal(ScalarType.Float32, layer.Weight.Grad!.Dtype);
        layer.Weight.Grad = null;
    }

    [Fact]
    public void RandomNumbersFollowTheSeedAndTheState()
    {
        Needed();
        using var scope = new TensorScope();
        TorchRandom.Seed(7);
        var first = Tensor.Rand([5], device: Cuda).ToArray<float>();
        var state = TorchRandom.GetState(Cuda);
        var second = Tensor.Rand([5], device: Cuda).ToArray<float>();
        TorchRandom.Seed(7);
        Assert.Equal(first, Tensor.Rand([5], device: Cuda).ToArray<float>());
        TorchRandom.SetState(state, Cuda);
        Assert.Equal(second, Tensor.Rand([5], device: Cuda).ToArray<float>());
        Assert.NotEqual(first, second);
    }

    /// <summary>Small gradients that Float16 would round to nothing arrive; a factor that is too large is found and halved.</summary>
    [Fact]
    public void ScaledLossesKeepSmallGradientsAndLeaveOutStepsThatOverflow()
    {
        Needed();
        using var scope = new TensorScope();
        using var layer = new Linear(8, 1, bias: false);
        layer.To(Cuda);
        var x = Tensor.Full([4, 8], 1e-5, device: Cuda);
        double Gradient(LossScaling? scaling, double gain)
        {
            layer.Weight.Grad = null;
            using (Autocast.To(ScalarType.Float16, Cuda))
            {
                var loss = layer.Forward(x).To(ScalarType.Float32).Sum() * gain;
                (scaling is null ? loss : loss * scaling.Factor).Backward();
            }

            scaling?.Unscale([layer.Weight]);
            return layer.Weight.Grad!.Abs().Max().Item<double>();
        }

        var scaling = new LossScaling();
        Assert.Equal(0, Gradient(null, 1e-4));
        Assert.Equal(4e-9, Gradient(scaling, 1e-4), 4e-10);
        var norm = GradientClipping.ByNorm([layer.Weight], double.MaxValue);
        scaling.Note(double.IsFinite(norm));
        Assert.Equal(65536, scaling.Factor);
        Gradient(scaling, 1e12);
        norm = GradientClipping.ByNorm([layer.Weight], double.MaxValue);
        Assert.False(double.IsFinite(norm));
        scaling.Note(double.IsFinite(norm));
        Assert.Equal(32768, scaling.Factor);
        layer.Weight.Grad = null;
    }

    [Fact]
    public void ThousandsOfStepsLeaveNoTensorBehind()
    {
        Needed();
        using var layer = new Linear(32, 32);
        layer.To(Cuda);
        using var optimiser = new AdamW([new ParameterGroup(layer.Parameters()) { LearningRate = 1e-3 }]);
        using var x = Tensor.Randn([8, 32], device: Cuda);
        void Step()
        {
            using var scope = new TensorScope();
            optimiser.ZeroGrad();
            layer.Forward(x).Pow(2).Mean().Backward();
            GradientClipping.ByNorm(optimiser.Parameters, 1);
            optimiser.Step();
        }

        for (var i = 0; i < 100; i++)
        {
            Step();
        }

        var before = TensorDiagnostics.LiveTensors;
        for (var i = 0; i < 2000; i++)
        {
            Step();
        }

        Torch.Synchronize(Cuda);
        Assert.InRange(TensorDiagnostics.LiveTensors, 0, before);
    }

    private static void Needed() => Assert.SkipUnless(Device.HasCuda, $"libtorch {Torch.Version} finds no CUDA device");
}
