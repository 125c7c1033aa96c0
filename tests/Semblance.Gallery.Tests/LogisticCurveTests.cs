using Semblance.Core;

namespace Semblance.Gallery.Tests;

public sealed class LogisticCurveTests
{
    [Theory, InlineData(4, -2), InlineData(20, -14), InlineData(0.5, 1)]
    public void FindsTheCurveThatMadeTheSamples(double slope, double offset)
    {
        var (truth, random) = (new LogisticCurve(slope, offset), Randomness.For(3, (long)slope));
        var samples = Enumerable.Range(0, 40_000).Select(_ =>
        {
            var score = random.NextDouble(-1, 2);
            return (score, random.Chance(truth.At(score)));
        }).ToArray();
        var fit = LogisticCurve.Fit(samples)!;
        Assert.InRange(fit.Slope / slope, 0.9, 1.1);
        foreach (var score in new[] { -0.5, 0, 0.5, 1, 1.5 })
        {
            Assert.Equal(truth.At(score), fit.At(score), 0.02);
        }
    }

    [Fact]
    public void PartedScoresGiveAFiniteCurveAndOneKindAloneGivesNone()
    {
        var parted = LogisticCurve.Fit([(0.1, false), (0.2, false), (0.8, true), (0.9, true)])!;
        Assert.True(double.IsFinite(parted.Slope) && parted.Slope > 0);
        Assert.True(parted.At(0.9) > 0.7 && parted.At(0.1) < 0.3);
        Assert.Null(LogisticCurve.Fit([(0.1, true), (0.2, true)]));
        Assert.Null(LogisticCurve.Fit([]));
    }
}
