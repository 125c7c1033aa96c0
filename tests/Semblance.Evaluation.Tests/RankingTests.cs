using FsCheck;
using FsCheck.Fluent;
using Semblance.Core;

namespace Semblance.Evaluation.Tests;

public sealed class RankingTests
{
    [Fact]
    public void CountingEqualsSortingOnTenThousandCasesWithManyTies()
    {
        for (var seed = 0; seed < 10_000; seed++)
        {
            var random = Randomness.For((ulong)seed, Randomness.Key("ranking"));
            var (distances, matches) = RandomCase(ref random);
            AssertSame(PlainRanking.Of(distances, matches), Ranking.Of<double>(distances, matches), $"seed {seed}");
            AssertSame(PlainRanking.Of(distances, matches), Ranking.Of<float>([.. distances.Select(d => (float)d)], matches), $"seed {seed}, float");
        }
    }

    [Fact]
    public void MinusZeroIsZero()
    {
        var ranks = Ranking.Of<float>([0f, -0f, 0f, -0f], [Match.Negative, Match.Positive, Match.Negative, Match.Positive]);
        Assert.Equal([2, 4], ranks.Ranks);
        Assert.Equal([1, 2], ranks.Optimistic);
        Assert.Equal([3, 4], ranks.Pessimistic);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void WhatIsNotFiniteIsAnErrorThatNamesTheItemWhereverItStands(float broken)
    {
        for (var length = 1; length <= 40; length++)
        {
            for (var at = 0; at < length; at++)
            {
                var distances = new float[length];
                distances[at] = broken;
                var problem = Assert.Throws<ArgumentException>(() => Ranking.Of<float>(distances, new Match[length]));
                Assert.Contains($"gallery item {at} is", problem.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void AListWithoutPositivesHasNoRanks()
    {
        var ranks = Ranking.Of<float>([1, 2, 3], [Match.Negative, Match.Removed, Match.Negative]);
        Assert.Empty(ranks.Ranks);
        Assert.Equal(2, ranks.Admissible);
        Assert.False(ranks.Tied);
    }

    [Fact]
    public void DifferentLengthsAreRefused() => Assert.Throws<ArgumentException>(() => Ranking.Of<float>([1, 2], [Match.Positive]));

    [Fact]
    public void OneIsTheBestAverageAndTheTrapezoidLiesBetweenHalfTheStepAndTheStep()
    {
        var rankSets = Gen.Choose(1, 400).NonEmptyListOf().Select(list => list.Distinct().Order().ToArray());
        Prop.ForAll(rankSets.ToArbitrary(), ranks =>
        {
            var step = Metrics.AveragePrecision(ranks);
            var trapezoid = Metrics.AveragePrecisionTrapezoid(ranks);
            var perfect = ranks[^1] == ranks.Length;
            return trapezoid <= step && trapezoid >= step / 2 && step <= 1 && (trapezoid == step) == perfect && (Metrics.InverseNegativePenalty(ranks) == 1) == perfect;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void FiguresNeedAPositive() => Assert.Throws<ArgumentException>(() => Metrics.AveragePrecision([]));

    private static (double[] Distances, Match[] Matches) RandomCase(ref Randomness random)
    {
        var length = random.Next(1, 60);
        var values = random.Next(1, 20);
        var distances = new double[length];
        var matches = new Match[length];
        for (var g = 0; g < length; g++)
        {
            distances[g] = (random.Next(values) - 3) * (random.Chance(0.5) ? 0.25 : -0.25);
            matches[g] = random.PickWeighted([0.5, 0.3, 0.2]) switch { 0 => Match.Negative, 1 => Match.Positive, _ => Match.Removed };
        }

        return (distances, matches);
    }

    private static void AssertSame(PositiveRanks expected, PositiveRanks actual, string which)
    {
        Assert.True(expected.Ranks.SequenceEqual(actual.Ranks), which);
        Assert.True(expected.Optimistic.SequenceEqual(actual.Optimistic), which + ", optimistic");
        Assert.True(expected.Pessimistic.SequenceEqual(actual.Pessimistic), which + ", pessimistic");
        Assert.Equal(expected.Admissible, actual.Admissible);
        Assert.Equal(expected.Tied, actual.Tied);
    }
}
