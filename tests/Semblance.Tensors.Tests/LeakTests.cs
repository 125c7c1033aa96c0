using System.Diagnostics;

namespace Semblance.Tensors.Tests;

/// <summary>These count tensors of the whole process and its memory, so they run alone.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class LeakTests
{
    [Fact]
    public void ThousandsOfTrainingStepsLeaveNoTensorAndNoMemoryBehind()
    {
        using var weights = new TensorScope();
        var first = Parameter(64, 32);
        var second = Parameter(8, 64);
        var inputs = Tensor.Randn([16, 32]);
        var classes = Tensor.RandInt(0, 8, [16]);
        Run(500);
        var tensors = TensorDiagnostics.LiveTensors;
        var memory = ResidentBytes();
        Run(4000);

        // Less than before is no fault: the collector may have freed what an earlier test left.
        Assert.InRange(TensorDiagnostics.LiveTensors, 0, tensors);

        // 4000 steps make over 300 MB of temporaries; what may grow is the managed heap's and malloc's own slack.
        Assert.InRange(ResidentBytes() - memory, long.MinValue, 48L << 20);

        void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = new TensorScope();
                var hidden = inputs.Linear(first).Gelu();
                hidden.RegisterHook(gradient => gradient * 1.0);
                hidden.Linear(second).CrossEntropy(classes).Backward();
                foreach (var parameter in (Tensor[])[first, second])
                {
                    using (Autograd.NoGrad())
                    {
                        parameter.AddInPlace(parameter.Grad!, -0.01);
                    }

                    parameter.Grad = null;
                }
            }
        }

        static Tensor Parameter(params long[] shape)
        {
            var made = Tensor.Randn(shape) * 0.1;
            made.RequiresGrad = true;
            return made;
        }
    }

    [Fact]
    public void WhatNobodyDisposesIsFreedWhenCollected()
    {
        var before = TensorDiagnostics.LiveTensors;
        var clock = Stopwatch.StartNew();

        // 8 MB each and no dispose: the collector must come of itself, for it is told of the native memory.
        for (var i = 0; i < 120; i++)
        {
            Tensor.Ones([2 << 20]);
        }

        while (TensorDiagnostics.LiveTensors - before > 60)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{TensorDiagnostics.LiveTensors - before} tensors wait for the collector");
            Tensor.Ones([2 << 20]);
            Thread.Yield();
        }
    }

    private static long ResidentBytes()
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        return process.WorkingSet64;
    }
}
