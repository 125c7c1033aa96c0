using Semblance.Tensors;
using Semblance.Tensors.Optimisers;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests;

/// <summary>The whole machinery learns: 8 people, 4 pictures each, on the processor.</summary>
public sealed class OverfitTests
{
    [Fact]
    public void StageBTellsEightPeopleApart()
    {
        using var stage = new MmetIdentification(Model(), 8);
        using var optimiser = new AdamW([new ParameterGroup(stage.Parameters().Where(p => p.RequiresGrad)) { LearningRate = 1e-3 }]);
        for (var step = 0; step < 60; step++)
        {
            using var scope = new TensorScope();
            using var batch = Batch(Options, MmetBatchKind.Identities, 8, 4, epoch: step);
            optimiser.ZeroGrad();
            stage.Forward((IdentityBatch)batch).Total.Backward();
            optimiser.Step();
        }

        stage.Eval();
        using var end = new TensorScope();
        using var nothing = Autograd.NoGrad();
        using var all = (IdentityBatch)Batch(Options, MmetBatchKind.Identities, 8, 4);
        foreach (var space in new[] { EmbeddingSpace.Image, EmbeddingSpace.Pair })
        {
            var features = stage.Features(space, all.Images, all.Tokens, all.Attention);
            var nearest = (features.MatMul(features.Transpose(0, 1)) - (Tensor.Eye(32) * 9)).Argmax(1).ToArray<long>();
            Assert.All(Enumerable.Range(0, 32), i => Assert.Equal(i / 4, nearest[i] / 4));
        }
    }

    [Fact]
    public void StageALearnsToGuessWhatWasHidden()
    {
        using var stage = Pretraining();
        using var optimiser = new AdamW([new ParameterGroup(stage.Parameters().Where(p => p.RequiresGrad)) { LearningRate = 1e-3 }], beta2: 0.98);
        var first = new Dictionary<string, double>();
        var last = new Dictionary<string, double>();
        const int steps = 498;
        for (var step = 0; step < steps; step++)
        {
            using var scope = new TensorScope();
            var kind = (MmetBatchKind)(step % 3);
            using var batch = Batch(Options, kind, 8, kind == MmetBatchKind.Pairs ? 1 : 2, epoch: step);
            optimiser.ZeroGrad();
            var losses = stage.Forward(batch);
            losses.Total.Backward();
            GradientClipping.ByNorm(stage.Parameters(), 1);
            optimiser.Step();
            foreach (var (name, loss, _) in losses.Terms)
            {
                var value = loss.Item<double>();
                if (step < 9)
                {
                    first[name] = first.TryGetValue(name, out var sum) ? sum + (value / 3) : value / 3;
                }
                else if (step >= steps - 30)
                {
                    last[name] = last.TryGetValue(name, out var sum) ? sum + (value / 10) : value / 10;
                }
            }
        }

        Assert.True(last["mlm"] < 0.7 * first["mlm"], $"L_MLM {first["mlm"]} to {last["mlm"]}");
        Assert.True(last["mim"] < 0.7 * first["mim"], $"L_MIM {first["mim"]} to {last["mim"]}");
        Assert.True(last["gc"] < 0.5 * Math.Log(8), $"L_GC {last["gc"]}");
    }
}
