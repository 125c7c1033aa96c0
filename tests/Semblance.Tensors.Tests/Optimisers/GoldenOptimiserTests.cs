using Semblance.Tensors.Optimisers;

namespace Semblance.Tensors.Tests.Optimisers;

public sealed class GoldenOptimiserTests
{
    private const double Rate = 0.05;

    private static readonly Dictionary<string, (double Scale, double Decay, Func<ParameterGroup[], Optimiser> Make)> Optimisers = new()
    {
        ["sgd"] = (1, 0, groups => new Sgd(groups)),
        ["sgd-momentum"] = (2, 5e-2, groups => new Sgd(groups, momentum: 0.9)),
        ["sgd-nesterov"] = (0.1, 5e-2, groups => new Sgd(groups, momentum: 0.8, nesterov: true)),
        ["adam"] = (2, 5e-2, groups => new Adam(groups)),
        ["adamw"] = (2, 5e-2, groups => new AdamW(groups)),
        ["adamw-betas"] = (0.5, 0.3, groups => new AdamW(groups, 0.8, 0.95, 1e-6)),
        ["adamw-clipped"] = (1, 5e-2, groups => new AdamW(groups)),
    };

    public static TheoryData<string, bool> Ways => [.. Optimisers.Keys.SelectMany(name => new[] { (name, false), (name, true) })];

    /// <summary>Groups, scales, a falling rate, decay and a parameter without a gradient, by both ways that a step can take.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void EveryStepMovesTheParametersAsPyTorchDoes(string name, bool byOperators)
    {
        using var golden = new GoldenCase(name);
        using var run = new OptimiserRun(golden, Optimisers[name]);
        run.Optimiser.OnlyOperators = byOperators;
        var steps = int.Parse(golden.Metadata["steps"]);
        for (var step = 0; step < steps; step++)
        {
            run.Step(step, steps);
            for (var i = 0; i < run.Parameters.Count; i++)
            {
                golden.AssertClose($"step{step}.after.{i}", run.Parameters[i]);
            }
        }
    }

    [Theory]
    [InlineData("sgd-momentum")]
    [InlineData("adamw")]
    public void AResumedRunEndsWithTheSameBits(string name)
    {
        using var golden = new GoldenCase(name);
        var steps = int.Parse(golden.Metadata["steps"]);
        using var whole = new OptimiserRun(golden, Optimisers[name]);
        using var first = new OptimiserRun(golden, Optimisers[name]);
        using var second = new OptimiserRun(golden, Optimisers[name]);
        using var folder = new TemporaryFolder();
        var path = folder.File("optimiser.safetensors");
        for (var step = 0; step < steps; step++)
        {
            whole.Step(step, steps);
            (step <= 2 ? first : second).Step(step, steps);
            if (step == 2)
            {
                // After the step in which the last parameter took no part: the step counts differ.
                Safetensors.Write(path, first.Optimiser.StateDict());
                foreach (var group in second.Optimiser.ParameterGroups)
                {
                    (group.Scale, group.WeightDecay) = (77, 77);
                }

                using var scope = new TensorScope();
                second.Optimiser.LoadStateDict(Safetensors.Load(path));
                for (var i = 0; i < first.Parameters.Count; i++)
                {
                    second.Parameters[i].CopyFrom(first.Parameters[i]);
                }
            }
        }

        Assert.Equal(whole.Parameters.Select(parameter => parameter.ToArray<float>()), second.Parameters.Select(parameter => parameter.ToArray<float>()));
    }

    [Fact]
    public void GradientsAreScaledTogetherToTheirLargestNorm()
    {
        using var golden = new GoldenCase("adamw-clipped");
        using var run = new OptimiserRun(golden, Optimisers["adamw-clipped"]);
        for (var step = 0; step < 6; step++)
        {
            run.SetGradients(step);
            Assert.Equal(golden[$"step{step}.norm"].Item<double>(), GradientClipping.ByNorm(run.Parameters, 6.0), Golden.DeviceName == "cpu" ? 1e-5 : 1e-4);
            using var scope = new TensorScope();
            for (var i = 0; i < run.Parameters.Count; i++)
            {
                if (run.Parameters[i].Grad is { } gradient)
                {
                    golden.AssertClose($"step{step}.clipped.{i}", gradient);
                }
            }
        }
    }

    [Fact]
    public void SchedulesFollowPyTorchsOwn()
    {
        using var golden = new GoldenCase("schedules");
        for (var step = 0; step <= 30; step++)
        {
            Same("cosine", LearningRateSchedule.CosineWithWarmup(step, 0, 30, 0.1));
            Same("linear", LearningRateSchedule.LinearWithWarmup(step, 0, 30, 0.1));
            Same("cosine-warm", LearningRateSchedule.CosineWithWarmup(step, 5, 30, 0.1));
            Same("linear-warm", LearningRateSchedule.LinearWithWarmup(step, 5, 30, 0.1));

            void Same(string name, double factor) => Assert.Equal(golden[name].ToArray<double>()[step], factor, 1e-12);
        }

        Assert.Equal(0.1, LearningRateSchedule.CosineWithWarmup(31, 5, 30, 0.1), 1e-12);
        Assert.Equal(0.5, LearningRateSchedule.ConstantWithWarmup(1, 4));
        Assert.Equal(1, LearningRateSchedule.ConstantWithWarmup(400, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.CosineWithWarmup(-1, 0, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.LinearWithWarmup(0, 11, 10));
    }

    /// <summary>The golden run's parameters in two groups, and its gradients step by step.</summary>
    private sealed class OptimiserRun : IDisposable
    {
        private readonly GoldenCase _golden;

        public OptimiserRun(GoldenCase golden, (double Scale, double Decay, Func<ParameterGroup[], Optimiser> Make) setting)
        {
            _golden = golden;
            Parameters = [.. golden.Under("before.").OrderBy(pair => pair.Key).Select(pair => pair.Value.Clone())];
            foreach (var parameter in Parameters)
            {
                parameter.RequiresGrad = true;
            }

            Optimiser = setting.Make(
            [
                new ParameterGroup(Parameters.Take(2)) { LearningRate = Rate, WeightDecay = setting.Decay },
                new ParameterGroup(Parameters.Skip(2)) { LearningRate = Rate, Scale = setting.Scale },
            ]);
        }

        public IReadOnlyList<Tensor> Parameters { get; }

        public Optimiser Optimiser { get; }

        public void SetGradients(int step)
        {
            Optimiser.ZeroGrad();
            for (var i = 0; i < Parameters.Count; i++)
            {
                if (_golden.Has($"step{step}.gradient.{i}"))
                {
                    using var gradient = _golden[$"step{step}.gradient.{i}"].Clone();
                    Parameters[i].Grad = gradient;
                }
            }
        }

        public void Step(int step, int steps)
        {
            SetGradients(step);
            if (_golden.Metadata["clip"] != "None")
            {
                GradientClipping.ByNorm(Parameters, double.Parse(_golden.Metadata["clip"]));
            }

            Optimiser.SetLearningRate(Rate * (1 - (0.5 * step / steps)));
            Optimiser.Step();
        }

        public void Dispose()
        {
            Optimiser.Dispose();
            foreach (var parameter in Parameters)
            {
                parameter.Dispose();
            }
        }
    }
}
