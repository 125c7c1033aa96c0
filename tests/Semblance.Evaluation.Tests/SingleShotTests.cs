using Semblance.Core;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation.Tests;

public sealed class SingleShotTests
{
    /// <summary>Three people with one picture in each view: nothing is left to chance, so the ranks are those of the table.</summary>
    [Fact]
    public void WithOnePictureOfEachViewTheRanksAreThoseOfTheTable()
    {
        Sighting[] items = [Of("a", 1), Of("a", 2), Of("b", 1), Of("b", 2), Of("c", 1), Of("c", 2)];
        float[,] table =
        {
            { 0, .2f, .05f, .1f, .1f, .3f },    // a, view 1: b is nearer than a in view 2, rank 2
            { .2f, 0, .4f, .05f, .5f, .05f },   // a, view 2: rank 1
            { .05f, .3f, 0, .3f, .1f, .3f },    // b, view 1: the other two lie at the same distance, a before it by index: rank 2
            { .9f, .1f, .8f, 0, .7f, .1f },     // b, view 2: c is nearer: rank 2
            { .1f, .1f, .1f, .2f, 0, .3f },     // c, view 1: rank 3
            { .3f, .1f, .4f, .1f, .2f, 0 },     // c, view 2: rank 1
        };
        var distances = ScoreMatrix.OfDistances<float>(table.Cast<float>().ToArray(), 6, 6);
        var result = SingleShot.Evaluate(items, distances, new SingleShotOptions { Draws = 3 });
        Assert.Equal((6, 0, 3), (result.Queries, result.Skipped, result.People));
        Assert.Equal([2 / 6.0, 5 / 6.0, 1], result.Cmc);
        Assert.Equal([0.0, 0, 0], result.Deviations);
        Assert.Equal(1, result.RankAt(50));

        // By torchreid's rule other people come from the query's own view too: there is something to draw now.
        var loose = SingleShot.Evaluate(items, distances, new SingleShotOptions { Draws = 200, OwnViewStays = true });
        Assert.True(loose.RankAt(1) < result.RankAt(1), $"{loose.RankAt(1)}");
        Assert.True(loose.Deviations[0] > 0);
    }

    /// <summary>The mean over many draws is the mean over all galleries.</summary>
    [Fact]
    public void ManyDrawsComeNearToEveryGallery()
    {
        var random = Randomness.For(8);
        Sighting[] items = [.. Enumerable.Range(0, 30).Select(i => Of($"p{i % 5}", 1 + (i / 5 % 2)))];
        var values = new float[30 * 30];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextDouble();
        }

        var expected = 0.0;
        for (var q = 0; q < 30; q++)
        {
            int[][] across = [.. Enumerable.Range(0, 5).Select(p => Enumerable.Range(0, 30).Where(g => items[g].Identity == $"p{p}" && items[g].Camera != items[q].Camera).ToArray())];
            var own = int.Parse(items[q].Identity[1..]);
            expected += across[own].Average(right => across.Where((_, p) => p != own).Aggregate(1.0, (all, person) => all * person.Count(g => values[(30 * q) + g] > values[(30 * q) + right]) / person.Length)) / 30;
        }

        Assert.Equal(expected, SingleShot.Evaluate(items, ScoreMatrix.OfDistances<float>(values, 30, 30), new SingleShotOptions { Draws = 4000 }).RankAt(1), 2);
    }

    [Fact]
    public void WhoIsSeenInOneViewOnlyIsSkippedAndAPictureWithoutAViewRefused()
    {
        Sighting[] items = [Of("a", 1), Of("a", 2), Of("b", 1), Of("b", 1)];
        var distances = ScoreMatrix.OfDistances<float>(new float[16], 4, 4);
        var result = SingleShot.Evaluate(items, distances);
        Assert.Equal((2, 2, 2), (result.Queries, result.Skipped, result.People));
        Assert.Contains("has no view", Assert.Throws<ArgumentException>(() => SingleShot.Evaluate([new Sighting("a"), .. items[1..]], distances)).Message, StringComparison.Ordinal);
        Assert.Contains("none of 1 people", Assert.Throws<ArgumentException>(() => SingleShot.Evaluate([items[0]], ScoreMatrix.OfDistances<float>(new float[1], 1, 1))).Message, StringComparison.Ordinal);
    }

    private static Sighting Of(string identity, int view) => new(identity, view);
}
