using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Tests;

public sealed class SimilarityDistributionTests
{
    [Fact]
    public void EveryRateIsWhatAPlainCountSays()
    {
        var (queries, gallery) = (Matrices.People(40, 16, 9, 1, "q"), WithRoles(Matrices.People(150, 16, 12, 2, "g")));
        var protocol = new ImageProtocol();
        var distribution = protocol.Distribution(queries, gallery, new EvaluationOptions { BlockSize = 7 });
        var pairs = Pairs(queries, gallery).ToArray();
        var mated = pairs.GroupBy(pair => pair.Query).Where(group => group.Any(pair => pair.Right)).ToArray();

        Assert.Equal(pairs.Count(pair => pair.Right), distribution.GenuinePairs);
        Assert.Equal(pairs.Count(pair => !pair.Right), distribution.ImpostorPairs);
        Assert.Equal(mated.Length, distribution.MatedSearches);
        Assert.Equal(queries.Count, distribution.Searches);
        for (var bin = 0; bin <= SimilarityDistribution.Bins; bin += 1024)
        {
            var threshold = (bin * SimilarityDistribution.Step) - 1;
            Assert.Equal(pairs.Count(pair => !pair.Right && pair.Cosine >= threshold) / (double)distribution.ImpostorPairs, distribution.FalseMatchRate(threshold), 1e-12);
            Assert.Equal(pairs.Count(pair => pair.Right && pair.Cosine < threshold) / (double)distribution.GenuinePairs, distribution.FalseNonMatchRate(threshold), 1e-12);
            Assert.Equal(
                mated.Count(group => group.OrderByDescending(pair => pair.Cosine).First() is { Right: true } first && first.Cosine >= threshold) / (double)mated.Length,
                distribution.TruePositiveIdentificationRate(threshold),
                1e-12);
            Assert.Equal(
                pairs.GroupBy(pair => pair.Query).Count(group => group.Where(pair => !pair.Right).Max(pair => pair.Cosine) >= threshold) / (double)queries.Count,
                distribution.FalsePositiveIdentificationRate(threshold),
                1e-12);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(1e-6)]
    public void AThresholdIsTheLeastThatKeepsTheRate(double rate)
    {
        var distribution = new ImageProtocol().Distribution(Matrices.People(40, 16, 9, 1, "q"), Matrices.People(150, 16, 12, 2, "g"));
        var threshold = distribution.ThresholdAtFalseMatchRate(rate);
        Assert.True(distribution.FalseMatchRate(threshold) <= rate);
        Assert.True(distribution.FalseMatchRate(threshold - SimilarityDistribution.Step) > rate);

        threshold = distribution.ThresholdAtFalsePositiveIdentificationRate(rate);
        Assert.True(distribution.FalsePositiveIdentificationRate(threshold) <= rate);
        Assert.True(distribution.FalsePositiveIdentificationRate(threshold - SimilarityDistribution.Step) > rate);
    }

    [Fact]
    public void AtTheEqualErrorRateBothErrorsMeet()
    {
        var distribution = new ImageProtocol().Distribution(Matrices.People(200, 16, 40, 1, "q"), Matrices.People(400, 16, 40, 2, "g"));
        var (threshold, rate) = distribution.EqualErrorRate();
        Assert.InRange(rate, 0.01, 0.5);
        Assert.Equal(rate, distribution.FalseMatchRate(threshold), 0.005);
        Assert.Equal(rate, distribution.FalseNonMatchRate(threshold), 0.005);
    }

    [Fact]
    public void PerfectScoresAreFoundWithoutAnError()
    {
        var items = Enumerable.Range(0, 4).Select(i => new Sighting($"{i}")).ToArray();
        float[][] rows = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
        var embeddings = LabelledEmbeddings.From(items, rows);
        var distribution = new TextToImageProtocol().Distribution(embeddings, embeddings);
        Assert.Equal(0, distribution.EqualErrorRate().Rate);
        Assert.Equal(1, distribution.TruePositiveIdentificationRate(distribution.ThresholdAtFalsePositiveIdentificationRate(0.01)));
        Assert.Throws<ArgumentOutOfRangeException>(() => distribution.ThresholdAtFalseMatchRate(0));
    }

    private static LabelledEmbeddings WithRoles(LabelledEmbeddings of) => new(
        [.. of.Items.Select((item, i) => item with { Role = i % 11 == 0 ? GalleryRole.Junk : i % 7 == 0 ? GalleryRole.Distractor : GalleryRole.Person })], of.Rows, of.Width);

    private static IEnumerable<(int Query, double Cosine, bool Right)> Pairs(LabelledEmbeddings queries, LabelledEmbeddings gallery)
    {
        for (var q = 0; q < queries.Count; q++)
        {
            for (var g = 0; g < gallery.Count; g++)
            {
                var (query, item) = (queries.Items[q], gallery.Items[g]);
                var same = query.Identity == item.Identity;
                if (item.Role == GalleryRole.Junk || (same && query.Camera == item.Camera))
                {
                    continue;
                }

                var dot = 0f;
                for (var d = 0; d < queries.Width; d++)
                {
                    dot = float.FusedMultiplyAdd(queries.Rows[(q * queries.Width) + d], gallery.Rows[(g * gallery.Width) + d], dot);
                }

                yield return (q, dot, same && item.Role == GalleryRole.Person);
            }
        }
    }
}
