using Semblance.Core;
using Semblance.Evaluation.Protocols;
using static Semblance.Evaluation.Tests.Matrices;

namespace Semblance.Evaluation.Tests;

/// <summary>Worked by hand; every figure is an exact fraction.</summary>
public sealed class WorkedExamplesTests
{
    private const double Exactly = 1e-15;

    private static readonly Sighting[] JunkGallery =
    [
        Person(7, 1), Person(-1, 2) with { Role = GalleryRole.Junk }, Person(7, 2), Person(3, 1), Person(0, 3) with { Role = GalleryRole.Distractor }, Person(7, 3), Person(5, 2),
        Person(7, 4),
    ];

    private static readonly double[] JunkDistances = [0.10, 0.12, 0.20, 0.25, 0.30, 0.35, 0.50, 0.60];

    private static readonly Sighting[] TieGallery = [Person(1, 2), Person(2, 2), Person(1, 3), Person(3, 2), Person(2, 3), Person(1, 4)];

    private static readonly double[] TieDistances = [0.5, 0.5, 0.5, 0.5, 0.7, 0.9];

    [Fact]
    public void JunkAndTheSameCameraAreRemovedAndDistractorsStay()
    {
        var result = new ImageProtocol().OnDistances([Person(7, 1)], JunkGallery, [JunkDistances]);
        AssertJunkExample(result);
        Assert.Equal(6, result.PerQuery[0].Admissible);
        Assert.Equal(3, result.PerQuery[0].Positives);
        Assert.Equal(7, result.GalleryItems);
        Assert.Equal(1, result.JunkItems);
        Assert.Equal(0, result.Ties.TiedQueries);
    }

    [Fact]
    public void RowsInAnyOrderGiveTheSameFiguresWhereNothingIsTied()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var order = Permutation(JunkGallery.Length, seed);
            AssertJunkExample(new ImageProtocol().OnDistances([Person(7, 1)], Reorder(JunkGallery, order), [Reorder(JunkDistances, order)]));
        }
    }

    [Fact]
    public void TiesGoByGalleryIndexAndAreReported()
    {
        var result = new ImageProtocol().OnDistances([Person(1, 1)], TieGallery, [TieDistances]);
        Assert.Equal(13.0 / 18, result.MeanAveragePrecision, Exactly);
        Assert.Equal(61.0 / 90, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(0.5, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal(1, result.RankAt(1));
        Assert.Equal(1, result.Ties.TiedQueries);
        Assert.Equal(5.0 / 6, result.Ties.Optimistic.MeanAveragePrecision, Exactly);
        Assert.Equal(4.0 / 9, result.Ties.Pessimistic.MeanAveragePrecision, Exactly);
        Assert.Equal(1, result.Ties.Optimistic.Rank1);
        Assert.Equal(0, result.Ties.Pessimistic.Rank1);
        Assert.Contains("100.00 points", result.Ties.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void TiedRowsInAnotherOrderGiveWhatSortingThemGives()
    {
        var reversed = Enumerable.Range(0, TieGallery.Length).Reverse().ToArray();
        var result = new ImageProtocol().OnDistances([Person(1, 1)], Reorder(TieGallery, reversed), [Reorder(TieDistances, reversed)]);
        Assert.Equal(0.5, result.MeanAveragePrecision, Exactly);
        for (var seed = 0UL; seed < 50; seed++)
        {
            var order = Permutation(TieGallery.Length, seed);
            var gallery = Reorder(TieGallery, order);
            var distances = Reorder(TieDistances, order);
            var expected = PlainRanking.Of(distances, [.. gallery.Select(item => item.Identity == "1" ? Match.Positive : Match.Negative)]);
            result = new ImageProtocol().OnDistances([Person(1, 1)], gallery, [distances]);
            Assert.Equal(Metrics.AveragePrecision(expected.Ranks), result.MeanAveragePrecision, Exactly);
            Assert.Equal(Metrics.AveragePrecisionTrapezoid(expected.Ranks), result.MeanAveragePrecisionTrapezoid, Exactly);
            Assert.Equal(5.0 / 6, result.Ties.Optimistic.MeanAveragePrecision, Exactly);
            Assert.Equal(4.0 / 9, result.Ties.Pessimistic.MeanAveragePrecision, Exactly);
        }
    }

    [Fact]
    public void AQueryWithoutMatchIsSkippedAndCounted()
    {
        var result = WithoutMatch(new EvaluationOptions { CmcLength = 5 });
        Assert.Equal(5.0 / 12, result.MeanAveragePrecision, Exactly);
        Assert.Equal(13.0 / 48, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(11.0 / 24, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal([0, 0.5, 0.5, 1, 1], result.Cmc);
        Assert.Equal(3, result.Queries);
        Assert.Equal(2, result.Valid);
        Assert.Equal(1, result.Skipped);
        Assert.Equal([5, 4, 4], result.PerQuery.Select(query => query.Admissible));
        Assert.Equal(7.0 / 12, result.PerQuery[0].Figures.AveragePrecision, Exactly);
        Assert.Equal(1.0 / 8, result.PerQuery[2].Figures.AveragePrecisionTrapezoid, Exactly);
    }

    [Fact]
    public void AQueryWithoutMatchCountsZeroWhereAsked()
    {
        var result = WithoutMatch(new EvaluationOptions { CmcLength = 5, NoMatch = NoMatchRule.Zero });
        Assert.Equal(5.0 / 18, result.MeanAveragePrecision, Exactly);
        Assert.Equal(13.0 / 72, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(11.0 / 36, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal([0, 1.0 / 3, 1.0 / 3, 2.0 / 3, 2.0 / 3], result.Cmc);
        Assert.Equal(2.0 / 3, result.RankAt(100));
        Assert.Equal(1, result.Skipped);
    }

    [Fact]
    public void TextToImageCountsTheOwnPictureAndTiesGoByPicture()
    {
        var result = new TextToImageProtocol().OnSimilarities(Captions, Images, CaptionToImage);
        Assert.Equal([0.75, 0.75, 1, 1, 1], result.Cmc.Take(5));
        Assert.Equal(1, result.RankAt(10));
        Assert.Equal(0.75, result.MeanAveragePrecision, Exactly);
        Assert.Equal(11.0 / 16, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(2.0 / 3, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal(4, result.Valid);
        Assert.Equal(1, result.Ties.TiedQueries);
        Assert.Equal(0.5, result.Ties.Pessimistic.Rank1);
        Assert.Equal(11.0 / 16, result.Ties.Pessimistic.MeanAveragePrecision, Exactly);
    }

    [Fact]
    public void ImageToTextIsTheTranspose()
    {
        double[][] transposed = [.. Enumerable.Range(0, 3).Select(i => CaptionToImage.Select(row => row[i]).ToArray())];
        var result = new ImageToTextProtocol().OnSimilarities(Images, Captions, transposed);
        Assert.Equal([1, 1, 1], result.Cmc.Take(3));
        Assert.Equal(29.0 / 36, result.MeanAveragePrecision, Exactly);
        Assert.Equal(55.0 / 72, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(11.0 / 18, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal(3, result.Valid);
    }

    [Fact]
    public void WithoutTheOwnPictureTheCaptionMustFindTheOthers()
    {
        var result = new TextToOtherImageProtocol().OnSimilarities(Captions, Images, CaptionToImage);
        Assert.Equal([0, 1, 1], result.Cmc.Take(3));
        Assert.Equal(0.5, result.MeanAveragePrecision, Exactly);
        Assert.Equal(0.25, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(0.5, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal(2, result.Valid);
        Assert.Equal(2, result.Skipped);
    }

    [Fact]
    public void TheDefinitionsSideBySide()
    {
        int[] ranks = [1, 2, 4, 7];
        Assert.Equal(93.0 / 112, Metrics.AveragePrecision(ranks), Exactly);
        Assert.Equal(545.0 / 672, Metrics.AveragePrecisionTrapezoid(ranks), Exactly);
        Assert.Equal(4.0 / 7, Metrics.InverseNegativePenalty(ranks), Exactly);
    }

    [Theory]
    [InlineData(2, 1.0 / 2, 1.0 / 4)]
    [InlineData(3, 1.0 / 3, 1.0 / 6)]
    [InlineData(10, 1.0 / 10, 1.0 / 20)]
    public void OnePositiveHalvesTheTrapezoid(int rank, double step, double trapezoid)
    {
        Assert.Equal(step, Metrics.AveragePrecision([rank]), Exactly);
        Assert.Equal(trapezoid, Metrics.AveragePrecisionTrapezoid([rank]), Exactly);
        Assert.Equal(step, Metrics.InverseNegativePenalty([rank]), Exactly);
    }

    [Fact]
    public void ShortListsAndTiesAcrossIdentities()
    {
        Sighting[] gallery = [Person(5, 1), Person(5, 2), Person(5, 2), Person(6, 1), Person(6, 2)];
        var result = new ImageProtocol().OnDistances(
            [Person(5, 1), Person(5, 2)],
            gallery,
            [[0.05, 0.30, 0.30, 0.30, 0.10], [0.40, 0.01, 0.02, 0.40, 0.41]],
            new EvaluationOptions { CmcLength = 5 });
        Assert.Equal(19.0 / 24, result.MeanAveragePrecision, Exactly);
        Assert.Equal(17.0 / 24, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(5.0 / 6, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal([0.5, 1, 1, 1, 1], result.Cmc);
        Assert.Equal([4, 3], result.PerQuery.Select(query => query.Admissible));
        Assert.Equal(5.0 / 12, result.PerQuery[0].Pessimistic.AveragePrecision, Exactly);
        Assert.Equal(0.5, result.PerQuery[1].Pessimistic.AveragePrecision, Exactly);
    }

    [Fact]
    public void EveryExampleWithItsGalleryInAnyOrderGivesWhatSortingGives()
    {
        Sighting[] twoViews = [Person(5, 1), Person(5, 2), Person(5, 2), Person(6, 1), Person(6, 2)];
        Sighting[] five = [Person(1, 2), Person(2, 1), Person(3, 2), Person(1, 3), Person(2, 2)];
        (RetrievalProtocol Protocol, Sighting[] Queries, Sighting[] Gallery, double[][] Distances)[] examples =
        [
            (new ImageProtocol(), [Person(7, 1)], JunkGallery, [JunkDistances]),
            (new ImageProtocol(), [Person(1, 1)], TieGallery, [TieDistances]),
            (new ImageProtocol(), [Person(1, 1), Person(3, 2), Person(2, 1)], five, [[0.2, 0.1, 0.4, 0.3, 0.5], [0.9, 0.8, 0.1, 0.7, 0.6], [0.6, 0.05, 0.2, 0.7, 0.9]]),
            (new TextToImageProtocol(), Captions, Images, [.. CaptionToImage.Select(row => row.Select(s => -s).ToArray())]),
            (new TextToOtherImageProtocol(), Captions, Images, [.. CaptionToImage.Select(row => row.Select(s => -s).ToArray())]),
            (new ImageProtocol(), [Person(5, 1), Person(5, 2)], twoViews, [[0.05, 0.30, 0.30, 0.30, 0.10], [0.40, 0.01, 0.02, 0.40, 0.41]]),
        ];
        foreach (var (protocol, queries, gallery, distances) in examples)
        {
            for (var seed = 0UL; seed < 30; seed++)
            {
                var order = Permutation(gallery.Length, seed);
                var items = Reorder(gallery, order);
                double[][] rows = [.. distances.Select(row => Reorder(row, order))];
                var result = protocol.OnDistances(queries, items, rows);
                for (var q = 0; q < queries.Length; q++)
                {
                    var expected = PlainRanking.Of(rows[q], [.. items.Select(item => Plainly(protocol, queries[q], item))]);
                    var figures = result.PerQuery[q].Figures;
                    Assert.Equal(expected.Ranks.Count, result.PerQuery[q].Positives);
                    Assert.Equal(expected.Admissible, result.PerQuery[q].Admissible);
                    if (expected.Ranks.Count > 0)
                    {
                        Assert.Equal(expected.Ranks[0], figures.FirstRank);
                        Assert.Equal(Metrics.AveragePrecision(expected.Ranks), figures.AveragePrecision, Exactly);
                        Assert.Equal(Metrics.AveragePrecisionTrapezoid(expected.Ranks), figures.AveragePrecisionTrapezoid, Exactly);
                        Assert.Equal(Metrics.InverseNegativePenalty(expected.Ranks), figures.InverseNegativePenalty, Exactly);
                    }
                }
            }
        }
    }

    // The protocols' removals, rule by rule.
    private static Match Plainly(RetrievalProtocol protocol, Sighting query, Sighting item)
    {
        var same = query.Identity == item.Identity;
        var removed = item.Role == GalleryRole.Junk
            || (protocol.SameCameraRule && same && query.Camera is not null && query.Camera == item.Camera)
            || (protocol.OwnPictureExcluded && query.Picture == item.Picture);
        return removed ? Match.Removed : same && item.Role == GalleryRole.Person ? Match.Positive : Match.Negative;
    }

    private static Sighting[] Images => [new("1", Picture: "i0"), new("1", Picture: "i1"), new("2", Picture: "i2")];

    private static Sighting[] Captions => [new("1", Picture: "i0"), new("1", Picture: "i1"), new("2", Picture: "i2"), new("2", Picture: "i2")];

    private static double[][] CaptionToImage => [[0.9, 0.4, 0.6], [0.3, 0.8, 0.8], [0.5, 0.7, 0.2], [0.1, 0.2, 0.9]];

    private static RetrievalResult WithoutMatch(EvaluationOptions options) => new ImageProtocol().OnDistances(
        [Person(1, 1), Person(3, 2), Person(2, 1)],
        [Person(1, 2), Person(2, 1), Person(3, 2), Person(1, 3), Person(2, 2)],
        [[0.2, 0.1, 0.4, 0.3, 0.5], [0.9, 0.8, 0.1, 0.7, 0.6], [0.6, 0.05, 0.2, 0.7, 0.9]],
        options);

    private static void AssertJunkExample(RetrievalResult result)
    {
        Assert.Equal(2.0 / 3, result.MeanAveragePrecision, Exactly);
        Assert.Equal(28.0 / 45, result.MeanAveragePrecisionTrapezoid, Exactly);
        Assert.Equal(0.5, result.MeanInverseNegativePenalty, Exactly);
        Assert.Equal(1, result.RankAt(1));
    }

    private static int[] Permutation(int count, ulong seed)
    {
        var order = Enumerable.Range(0, count).ToArray();
        Randomness.For(seed, 3).Shuffle<int>(order);
        return order;
    }

    private static T[] Reorder<T>(T[] items, int[] order) => [.. order.Select(i => items[i])];
}
