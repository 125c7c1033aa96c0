using static Semblance.Gallery.Tests.Galleries;

namespace Semblance.Gallery.Tests;

public sealed class GalleryIndexTests
{
    [Fact]
    public void EveryLengthAndWidthAnswersAsThePlainLoopDoes()
    {
        foreach (var (count, width) in new[] { (1, 1), (2, 3), (63, 8), (64, 16), (65, 17), (130, 31), (200, 64), (321, 5) })
        {
            using var folder = new TemporaryFolder();
            var index = OfRandom(folder.Path, count, width);
            for (var top = 0; top <= count + 1; top += Math.Max(1, count / 5))
            {
                var query = new GalleryQuery { Terms = [new QueryTerm(In("image", Random(width, 3, top)))], Top = top };
                AssertPlain(index, folder.Path, query);
            }
        }
    }

    [Fact]
    public void ComposedQuestionsAnswerAsThePlainLoopDoes()
    {
        using var folder = new TemporaryFolder();
        var index = OfRandom(folder.Path, 150, 12);
        foreach (var calibration in Enum.GetValues<ScoreCalibration>())
        {
            AssertPlain(index, folder.Path, new GalleryQuery
            {
                Terms =
                [
                    new QueryTerm(In("image", Random(12, 3, 1)), 2),
                    new QueryTerm(In("joint", Random(15, 3, 2)), 0.5),
                    new QueryTerm(In("joint", Random(15, 3, 3)), -1),
                    new QueryTerm(In("image", Random(12, 3, 4)), -0.25),
                ],
                Top = 40,
                Cameras = ["cam1", "cam2"],
                Calibration = calibration,
            });
            AssertPlain(index, folder.Path, new GalleryQuery { Terms = [new QueryTerm(In("joint", Random(15, 3, 3)), -1)], Top = 150, Calibration = calibration });
        }
    }

    [Fact]
    public void TheNumberOfThreadsLeavesNoTrace()
    {
        using var folder = new TemporaryFolder();
        var query = new GalleryQuery { Terms = [new QueryTerm(In("image", Random(9, 3, 1))), new QueryTerm(In("joint", Random(12, 3, 2)), -2)], Top = 500 };
        var one = OfRandom(folder.Path, 500, 9, threads: 1).Search(query);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            var many = OfRandom(folder.Path, 500, 9, threads).Search(query);
            Assert.Equal(one.Select(match => (match.Index, BitConverter.DoubleToInt64Bits(match.Score))), many.Select(match => (match.Index, BitConverter.DoubleToInt64Bits(match.Score))));
        }
    }

    [Fact]
    public void EqualScoresGoByIndexAndRanksCountFromOne()
    {
        using var folder = new TemporaryFolder();
        var matches = OfAngles(folder.Path, 50, 10, 50, 10, 90).Search(new GalleryQuery { Terms = [new QueryTerm(In("image", At(0)))], Top = 4 });
        Assert.Equal([1, 3, 0, 2], matches.Select(match => match.Index));
        Assert.Equal([1, 2, 3, 4], matches.Select(match => match.Rank));
        Assert.Equal(Math.Cos(10 * Math.PI / 180), matches[0].Score, 1e-6);
    }

    [Fact]
    public void OnePositiveTermScoresItsCosineWhateverItsWeight()
    {
        using var folder = new TemporaryFolder();
        var index = OfAngles(folder.Path, 60);
        var match = Assert.Single(index.Search(new GalleryQuery { Terms = [new QueryTerm(In("image", 3, 0), 7)] }));
        Assert.Equal(0.5, match.Score, 1e-6);
        Assert.Equal(0.5, match.Terms[0].Cosine, 1e-6);
    }

    [Fact]
    public void CalibrationLetsTheTermCountThatTellsItemsApart()
    {
        // Image cosines lie within a hair of 1 (a common direction dominates), joint cosines spread widely: raw, the words alone would decide.
        using var folder = new TemporaryFolder();
        var builder = new GalleryBuilder(folder.Path, Encoder, new GallerySpace("image", 2), new GallerySpace("joint", 2));
        double[] imageAngles = [0, 4, 8, 12];
        double[] jointAngles = [60, 50, 55, 40];
        for (var i = 0; i < 4; i++)
        {
            builder.Add(new GalleryItem { Id = $"{i}" }, In("image", At(imageAngles[i])), In("joint", At(jointAngles[i])));
        }

        builder.Save();
        var index = GalleryIndex.Open(folder.Path);
        QueryTerm[] terms = [new(In("image", At(0))), new(In("joint", At(0)))];
        Assert.Equal(3, index.Search(new GalleryQuery { Terms = terms, Calibration = ScoreCalibration.None })[0].Index);
        var calibrated = index.Search(new GalleryQuery { Terms = terms });
        Assert.Equal(1, calibrated[0].Index);

        // Over the whole gallery each term's calibrated cosines have mean 0 and deviation 1.
        for (var t = 0; t < 2; t++)
        {
            Assert.Equal(0, calibrated.Average(match => match.Terms[t].Calibrated), 1e-9);
            Assert.Equal(1, calibrated.Average(match => Math.Pow(match.Terms[t].Calibrated, 2)), 1e-9);
        }
    }

    [Fact]
    public void CalibrationDoesNotDependOnTheFilter()
    {
        using var folder = new TemporaryFolder();
        var index = OfRandom(folder.Path, 60, 6);
        var all = new GalleryQuery { Terms = [new QueryTerm(In("image", Random(6, 3, 1))), new QueryTerm(In("joint", Random(9, 3, 2)))], Top = 60 };
        var filtered = index.Search(all with { Cameras = ["cam2"] });
        var expected = index.Search(all).Where(match => match.Item.Camera == "cam2").ToArray();
        Assert.Equal(expected.Select(match => (match.Index, match.Score)), filtered.Select(match => (match.Index, match.Score)));
        Assert.Equal(20, filtered.Count);
    }

    [Fact]
    public void NotThisTakesAwayOnlyTheExcess()
    {
        // Wanted: 0 degrees. Not wanted: 90. The item at 45 loses; the one at -45 is as near, and gains nothing from being far from 90.
        using var folder = new TemporaryFolder();
        var index = OfAngles(folder.Path, 45, -45, 0, 180);
        var matches = index.Search(new GalleryQuery
        {
            Terms = [new QueryTerm(In("image", At(0))), new QueryTerm(In("image", At(90)), -1)],
            Calibration = ScoreCalibration.None,
        });
        Assert.Equal([2, 1, 0, 3], matches.Select(match => match.Index));
        Assert.Equal(0, matches[1].Terms[1].Contribution);
        Assert.Equal(Math.Cos(Math.PI / 4) / 2, matches[1].Score, 1e-6);
        Assert.Equal(0, matches[2].Score, 1e-6);
        Assert.All(matches, match => Assert.Equal(match.Score, match.Terms.Sum(term => term.Contribution), 1e-12));
    }

    [Fact]
    public void WithNothingWantedTheLeastAlikeComesFirst()
    {
        using var folder = new TemporaryFolder();
        var index = OfAngles(folder.Path, 10, 80, 120, 60);
        foreach (var calibration in Enum.GetValues<ScoreCalibration>())
        {
            var matches = index.Search(new GalleryQuery { Terms = [new QueryTerm(In("image", At(0)), -1)], Calibration = calibration });
            Assert.Equal([2, 1, 3, 0], matches.Select(match => match.Index));
        }
    }

    [Fact]
    public void ATermThatFindsAllAlikeSaysNothing()
    {
        using var folder = new TemporaryFolder();
        var builder = new GalleryBuilder(folder.Path, Encoder, new GallerySpace("image", 2), new GallerySpace("joint", 2));
        builder.Add(new GalleryItem { Id = "a" }, In("image", At(70)), In("joint", At(5)));
        builder.Add(new GalleryItem { Id = "b" }, In("image", At(20)), In("joint", At(5)));
        builder.Save();
        var matches = GalleryIndex.Open(folder.Path).Search(new GalleryQuery { Terms = [new QueryTerm(In("image", At(0))), new QueryTerm(In("joint", At(80)), 100)] });
        Assert.Equal([1, 0], matches.Select(match => match.Index));
        Assert.All(matches, match => Assert.Equal(0, match.Terms[1].Contribution));
    }

    [Fact]
    public void FiltersAreAppliedBeforeRanking()
    {
        using var folder = new TemporaryFolder();
        var index = OfRandom(folder.Path, 100, 8);
        var question = new GalleryQuery { Terms = [new QueryTerm(In("image", Random(8, 3, 1)))], Top = 3 };
        Assert.All(index.Search(question with { Cameras = ["cam0"] }), match => Assert.Equal("cam0", match.Item.Camera));
        Assert.All(index.Search(question with { Identity = "4" }), match => Assert.Equal("4", match.Item.Identity));
        var odd = index.Search(question with { Where = item => item.Id.EndsWith('1'), Cameras = ["cam0", "cam2"] });
        Assert.Equal(3, odd.Count);
        Assert.All(odd, match => Assert.EndsWith("1", match.Item.Id, StringComparison.Ordinal));
        Assert.Empty(index.Search(question with { Identity = "nobody" }));
    }

    [Fact]
    public void AnUnknownCameraIsAnErrorThatListsTheKnownOnes()
    {
        using var folder = new TemporaryFolder();
        var index = OfRandom(folder.Path, 10, 4);
        var problem = Assert.Throws<ArgumentException>(() => index.Search(new GalleryQuery { Terms = [new QueryTerm(In("image", 1, 2, 3, 4))], Cameras = ["cam9"] }));
        Assert.Contains("no camera \"cam9\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("cam0, cam1, cam2", problem.Message, StringComparison.Ordinal);

        using var bare = new TemporaryFolder();
        problem = Assert.Throws<ArgumentException>(() => OfAngles(bare.Path, 1).Search(new GalleryQuery { Terms = [new QueryTerm(In("image", 1, 0))], Cameras = ["x"] }));
        Assert.Contains("its items name no camera", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AQuestionOfAnotherEncoderIsRefusedNamingBoth()
    {
        using var folder = new TemporaryFolder();
        var index = OfAngles(folder.Path, 1);
        var problem = Assert.Throws<ArgumentException>(() => index.Search(new GalleryQuery { Terms = [new QueryTerm(new Embedding("image", new float[] { 1, 0 }, "2222"))] }));
        Assert.Contains("2222", problem.Message, StringComparison.Ordinal);
        Assert.Contains("1111 (test encoder)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATermThatDoesNotFitIsRefusedAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        var index = OfAngles(folder.Path, 1);
        string Problem(params QueryTerm[] terms) => Assert.ThrowsAny<ArgumentException>(() => index.Search(new GalleryQuery { Terms = terms })).Message;
        Assert.Contains("no term", Problem(), StringComparison.Ordinal);
        Assert.Contains("it has: image", Problem(new QueryTerm(In("joint", 1, 0))), StringComparison.Ordinal);
        Assert.Contains("3 dimensions, but space \"image\" of the gallery has 2", Problem(new QueryTerm(In("image", 1, 0, 0), Label: "red coat")), StringComparison.Ordinal);
        Assert.Contains("weight 0", Problem(new QueryTerm(In("image", 1, 0), 0)), StringComparison.Ordinal);
        Assert.Contains("weight NaN", Problem(new QueryTerm(In("image", 1, 0), double.NaN)), StringComparison.Ordinal);
        Assert.Contains("NaN", Problem(new QueryTerm(In("image", 1, float.NaN))), StringComparison.Ordinal);
    }

    [Fact]
    public void AZeroVectorIsAlikeToNothing()
    {
        using var folder = new TemporaryFolder();
        var builder = new GalleryBuilder(folder.Path, Encoder, new GallerySpace("image", 2));
        builder.Add(new GalleryItem { Id = "nothing" }, In("image", 0, 0));
        builder.Add(new GalleryItem { Id = "far" }, In("image", -1, 0));
        builder.Add(new GalleryItem { Id = "near" }, In("image", 1, 0));
        builder.Save();
        Assert.Equal(1, builder.ZeroVectors);
        var matches = GalleryIndex.Open(folder.Path).Search(new GalleryQuery { Terms = [new QueryTerm(In("image", 1, 0))] });
        Assert.Equal(["near", "nothing", "far"], matches.Select(match => match.Item.Id));
        Assert.Equal(0, matches[1].Score);
    }

    private static void AssertPlain(GalleryIndex index, string folder, GalleryQuery query)
    {
        using var file = GalleryFile.Open(folder);
        var expected = PlainSearch.Answer(file, query);
        var actual = index.Search(query);
        Assert.Equal(expected.Select(item => item.Index), actual.Select(match => match.Index));
        Assert.All(actual, match => Assert.Equal(expected[match.Rank - 1].Score, match.Score, 1e-5));
    }
}
