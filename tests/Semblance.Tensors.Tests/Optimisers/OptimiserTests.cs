using Semblance.Tensors.Layers;
using Semblance.Tensors.Optimisers;

namespace Semblance.Tensors.Tests.Optimisers;

// Changes the number of threads.
[Collection(nameof(OptimiserTests))]
[CollectionDefinition(nameof(OptimiserTests), DisableParallelization = true)]
public sealed class OptimiserTests
{
    [Fact]
    public void ThousandsOfStepsLeaveNoTensorBehind()
    {
        using var net = new Sequential(new Linear(4, 8), new Gelu(), new BatchNorm1d(8), new Linear(8, 2));
        using var optimiser = new AdamW([new ParameterGroup(net.Parameters()) { LearningRate = 1e-3, WeightDecay = 0.1 }]);
        Step(net, optimiser);
        optimiser.ZeroGrad();
        TensorDiagnostics.AssertNoneLeft(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                Step(net, optimiser);
            }

            optimiser.ZeroGrad();
        });

        static void Step(Sequential net, Optimiser optimiser)
        {
            using var scope = new TensorScope();
            optimiser.ZeroGrad();
            net.Forward(Tensor.Randn([8, 4])).Square().Mean().Backward();
            GradientClipping.ByNorm(net.Parameters(), 1);
            optimiser.Step();
        }
    }

    [Fact]
    public void AnOptimiserFreesItsState() => TensorDiagnostics.AssertNoneLeft(() =>
    {
        using var scope = new TensorScope();
        using var net = new Linear(3, 2);
        using var optimiser = new Adam([new ParameterGroup(net.Parameters()) { LearningRate = 1e-3 }]);
        net.Forward(Tensor.Ones([1, 3])).Sum().Backward();
        optimiser.Step();
        optimiser.LoadStateDict(optimiser.StateDict().ToDictionary(pair => pair.Key, pair => pair.Value.Clone()));
        optimiser.Step();
    });

    /// <summary>Lengths around the vector width and the size of a piece of work.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(200_003)]
    public void OnePassOverMemoryEqualsTheListOperators(int length)
    {
        using var scope = new TensorScope();
        TorchRandom.Seed(length);
        var start = Tensor.Randn([length]);
        Tensor[] gradients = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Randn([length]))];
        Same(groups => new AdamW(groups));
        Same(groups => new Adam(groups));
        Same(groups => new Sgd(groups, momentum: 0.9, nesterov: true));
        Same(groups => new Sgd(groups));

        void Same(Func<ParameterGroup[], Optimiser> make)
        {
            var fast = Run(make, onlyOperators: false);
            var plain = Run(make, onlyOperators: true);
            for (var i = 0; i < length; i++)
            {
                Assert.True(Math.Abs(fast[i] - plain[i]) <= 2e-6, $"element {i} is {fast[i]} in one pass, {plain[i]} by operators");
            }
        }

        float[] Run(Func<ParameterGroup[], Optimiser> make, bool onlyOperators)
        {
            var parameter = start.Clone();
            parameter.RequiresGrad = true;
            using var optimiser = make([new ParameterGroup([parameter]) { LearningRate = 0.01, WeightDecay = 0.1 }]);
            optimiser.OnlyOperators = onlyOperators;
            foreach (var gradient in gradients)
            {
                parameter.Grad = gradient;
                optimiser.Step();
            }

            return parameter.ToArray<float>();
        }
    }

    [Fact]
    public void ThreadsDoNotChangeTheBits()
    {
        var threads = Torch.Threads;
        using var scope = new TensorScope();
        TorchRandom.Seed(8);
        Tensor start = Tensor.Randn([300_001]), gradient = Tensor.Randn([300_001]);
        try
        {
            Assert.Equal(Run(1), Run(4));
        }
        finally
        {
            Torch.SetThreads(threads);
        }

        float[] Run(int count)
        {
            Torch.SetThreads(count);
            var parameter = start.Clone();
            parameter.RequiresGrad = true;
            parameter.Grad = gradient;
            using var optimiser = new AdamW([new ParameterGroup([parameter]) { LearningRate = 0.01, WeightDecay = 0.1 }]);
            optimiser.Step();
            optimiser.Step();
            return parameter.ToArray<float>();
        }
    }

    [Fact]
    public void OtherElementTypesAndLayoutsTakeTheOperators()
    {
        using var scope = new TensorScope();
        var doubles = Tensor.Ones([4], ScalarType.Float64);
        var turned = Tensor.Ones([3, 2]).T();
        foreach (var parameter in new[] { doubles, turned })
        {
            parameter.RequiresGrad = true;
            parameter.Grad = Tensor.OnesLike(parameter);
        }

        using var optimiser = new Sgd([new ParameterGroup([doubles, turned]) { LearningRate = 0.25 }]);
        optimiser.Step();
        Assert.All(doubles.ToArray<double>(), value => Assert.Equal(0.75, value));
        Assert.All(turned.ToArray<float>(), value => Assert.Equal(0.75f, value));
    }

    [Fact]
    public void AParameterMayNotBeMovedTwice()
    {
        using var net = new Linear(3, 2);
        ParameterGroup Group() => new(net.Parameters()) { LearningRate = 1 };
        Assert.Contains("[2, 3] Float32 is given twice", Assert.Throws<ArgumentException>(() => new Adam([Group(), Group()])).Message);
        Assert.Throws<ArgumentException>(() => new Adam([]));
        Assert.Throws<ArgumentException>(() => new Sgd([Group()], momentum: 0, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd([Group()], momentum: 1));
    }

    [Fact]
    public void AStateOfOtherParametersIsRefusedWithEveryFault()
    {
        using var scope = new TensorScope();
        using var small = new Linear(3, 2, bias: false);
        using var large = new Linear(4, 2);
        using var from = new Adam([new ParameterGroup(large.Parameters()) { LearningRate = 1 }]);
        using var to = new Adam([new ParameterGroup(small.Parameters()) { LearningRate = 3 }]);
        large.Forward(Tensor.Ones([1, 4])).Sum().Backward();
        from.Step();
        var error = Assert.Throws<ArgumentException>(() => to.LoadStateDict(from.StateDict()));
        Assert.Contains("0.exp_avg is [2, 4], expected [2, 3]", error.Message);
        Assert.Contains("1.step is unexpected", error.Message);
        Assert.Equal(3, to.ParameterGroups[0].LearningRate);
    }

    [Fact]
    public void AGradientThatIsNotFiniteIsReportedAndLeftAlone()
    {
        using var scope = new TensorScope();
        var parameter = Tensor.Ones([2]);
        parameter.RequiresGrad = true;
        parameter.Grad = Tensor.From([float.NaN, 1f]);
        Assert.True(double.IsNaN(GradientClipping.ByNorm([parameter], 0.1)));
        Assert.Equal([float.NaN, 1f], parameter.Grad!.ToArray<float>());
        Assert.Equal(0, GradientClipping.ByNorm([Tensor.Ones([1])], 1));
    }
}
