using Semblance.Models;
using Semblance.Training.Loop;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests.Loop;

public sealed class OrderTests
{
    [Fact]
    public void KindsComeInTurnAndLargerSharesAreSpreadOut()
    {
        var even = new RoundRobin(new BatchRatio());
        Assert.Equal([MmetBatchKind.Images, MmetBatchKind.Texts, MmetBatchKind.Pairs, MmetBatchKind.Images], Enumerable.Range(0, 4).Select(step => even.At(step)));
        var uneven = new RoundRobin(new BatchRatio { Image = 1, Text = 0, Pair = 3 });
        var round = Enumerable.Range(0, 4).Select(step => uneven.At(step)).ToList();
        Assert.Equal(3, round.Count(kind => kind == MmetBatchKind.Pairs));
        Assert.DoesNotContain(MmetBatchKind.Texts, uneven.Kinds);
    }

    [Fact]
    public void BatchesOfAKindAreCountedWithoutWalkingThere()
    {
        var kinds = new RoundRobin(new BatchRatio { Image = 2, Text = 1, Pair = 4 });
        var counts = new Dictionary<MmetBatchKind, long>();
        for (var step = 0; step < 50; step++)
        {
            var kind = kinds.At(step);
            Assert.Equal(counts.GetValueOrDefault(kind), kinds.CountBefore(step, kind));
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }
    }

    [Fact]
    public void BatchesFollowOnAcrossEpochsOfDifferentLengths()
    {
        // Epoch e has 1 + e % 3 batches.
        static IReadOnlyList<int[]> Epoch(int epoch) => [.. Enumerable.Range(0, 1 + (epoch % 3)).Select(batch => new[] { (10 * epoch) + batch })];
        var stream = new BatchStream(Epoch);
        var walked = Enumerable.Range(0, 12).Select(number => stream.At(number)).ToList();
        Assert.Equal([0, 10, 11, 20, 21, 22, 30, 40, 41, 50, 51, 52], walked.Select(batch => batch.Samples[0]));
        var jumped = new BatchStream(Epoch).At(8);
        Assert.Equal((walked[8].Variation, walked[8].Samples[0]), (jumped.Variation, jumped.Samples[0]));
        Assert.Equal(0, stream.At(0).Variation);
    }

    [Fact]
    public void MeansCoverTheStepsThatHaveTheTerm()
    {
        var means = new StepMeans();
        means.Add("loss", 1);
        means.Add("loss", 3);
        means.Add("loss/mim", 5);
        Assert.Equal([KeyValuePair.Create("loss", 2.0), KeyValuePair.Create("loss/mim", 5.0)], means.Take());
        Assert.True(means.IsEmpty);
    }

    [Fact]
    public void WarmupIsFivePercentOfAShortStageAndThePeakFollows()
    {
        var recipe = new OptimiserRecipe { LearningRate = 2, Floor = 0.5 };
        Assert.Equal(0.2, ParameterGroups.LearningRate(recipe, 0, 200), 12);
        Assert.Equal(2, ParameterGroups.LearningRate(recipe, 10, 200), 12);
        Assert.Equal(1, ParameterGroups.LearningRate(recipe, 200, 200), 12);
        Assert.Equal(0.5, ParameterGroups.LearningRate(recipe with { Warmup = 4 }, 0, 200), 12);
        Assert.Equal(2, ParameterGroups.LearningRate(recipe with { Schedule = ScheduleKind.Constant }, 150, 200), 12);
    }
}
