using Semblance.Core;
using Semblance.Imaging;

namespace Semblance.Data.Tests;

public sealed class Market1501Tests
{
    [Fact]
    public void ReadsAllSplitsWithRolesInOrdinalOrder()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        var set = Market1501.Open(folder.Root);
        Assert.Equal("market1501", set.Key);
        Assert.Equal((13, 12, 15), (set.Of(Split.Train).Count, set.Of(Split.Query).Count, set.Of(Split.Gallery).Count));
        Assert.Equal(set.Records.Select(record => record.ImagePath).Order(StringComparer.Ordinal), set.Records.Select(record => record.ImagePath));
        Assert.Equal(Enumerable.Range(0, set.Records.Count), set.Records.Select(record => record.Order));

        // "-" sorts before digits, so junk comes first.
        Assert.Equal(("bounding_box_test/-1_c1s1_000001_01.jpg", Role.Junk), (set.Records[0].ImagePath, set.Records[0].Role));
        Assert.Equal((Role.Distractor, 2), (set.Records[1].Role, set.Records[1].Camera));
        var twice = Assert.Single(set.Records, record => record.ImagePath.EndsWith(".jpg.jpg", StringComparison.Ordinal));
        Assert.Equal(("0008", 1, 2, 801), (twice.RawId, twice.Camera!.Value, twice.Sequence!.Value, twice.Frame!.Value));
        Assert.Contains(set.Records, record => record.ImagePath == "bounding_box_train/0004_c3s3_000401_20.JPG");
        Assert.Equal(Fixtures.Small(1, 1).Width, set.Pictures.LoadPicture(set.Of(Split.Train)[0]).Width);
        Assert.Null(set.Pictures.LoadMask(set.Of(Split.Train)[0]));
        Assert.StartsWith("Market-1501 was published by", set.Notice);
    }

    /// <summary>They are neither queries nor gallery, and a box that is a query's very picture is no double.</summary>
    [Fact]
    public void HandDrawnBoxesAreReadWhereTheyAre()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        Directory.CreateDirectory(Path.Combine(folder.Root, "gt_bbox"));
        var query = Market1501.Open(folder.Root).Of(Split.Query)[0];
        File.Copy(Path.Combine(folder.Root, query.ImagePath), Path.Combine(folder.Root, "gt_bbox", Path.GetFileName(query.ImagePath)));
        var set = Market1501.Open(folder.Root);
        var box = Assert.Single(set.Of(Split.Boxes));
        Assert.Equal((query.RawId, query.Camera), (box.RawId, box.Camera));
        Assert.Equal((12, 15), (set.Of(Split.Query).Count, set.Of(Split.Gallery).Count));
        Assert.Equal(set.Records.Select(record => record.ImagePath).Order(StringComparer.Ordinal), set.Records.Select(record => record.ImagePath));
        Assert.Equal((1, 25_259), (set.Report.Counts["boxes images"], set.Report.Published["boxes images"]));
        Assert.DoesNotContain(DatasetCheck.Run(folder.Root).Problems, problem => problem.Status == ProblemStatus.Duplicate && problem.Reason.Contains("gt_bbox", StringComparison.Ordinal));

        // The published folder has boxes of training's people too, who leak nothing.
        var learnt = set.Of(Split.Train).First(record => record.Role == Role.Person);
        File.Copy(Path.Combine(folder.Root, learnt.ImagePath), Path.Combine(folder.Root, "gt_bbox", Path.GetFileName(learnt.ImagePath)));
        Assert.DoesNotContain(DatasetCheck.Run(folder.Root).Problems, problem => problem.Reason.Contains("people are in training", StringComparison.Ordinal));

        // One box less pools another query, so it is no small matter.
        File.WriteAllBytes(Path.Combine(folder.Root, "gt_bbox", Path.GetFileName(learnt.ImagePath)), []);
        Assert.Contains("boxes", Assert.Throws<SemblanceFormatException>(() => Market1501.Open(folder.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CountsStandBesideThePublishedOnesAndASmallerSetIsWelcome()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        var report = Market1501.Open(folder.Root).Report;
        Assert.False(report.Standard);
        Assert.Equal((13, 4, 3, 1, 1), (report.Counts["train images"], report.Counts["train identities"], report.Counts["train cameras"], report.Counts["gallery junk"], report.Counts["gallery distractors"]));
        Assert.Equal(12_936, report.Published["train images"]);
        var gif = Assert.Single(report.Problems);
        Assert.Equal(("query/anim.gif", ProblemStatus.Unexpected), (gif.Path, gif.Status));
        Assert.Contains("12,936 published", report.Table());
    }

    [Fact]
    public void TheOuterFolderMayBeGivenAndItsNameNeverChangesAnId()
    {
        var random = Randomness.For(5);
        for (var i = 0; i < 5; i++)
        {
            using var folder = new TemporaryFolder();
            Fixtures.Market(folder, $"run_{random.Next(10_000):0000}_c{random.Next(1, 7)}s{random.Next(1, 7)}_000000_00.jpg/");
            var set = Market1501.Open(folder.Root);
            Assert.Equal(["0001", "0002", "0003", "0004"], set.Of(Split.Train).Select(record => record.RawId).Distinct());
            Assert.Equal([1, 2, 3], set.Of(Split.Query).Select(record => record.Camera!.Value).Distinct());
        }
    }

    [Fact]
    public void ParsingWhatWasWrittenGivesTheSameName()
    {
        var random = Randomness.For(6);
        for (var i = 0; i < 2000; i++)
        {
            var name = new MarketName(
                random.Pick("-1", "0000", $"{random.Next(1, 10_000):0000}"), random.Next(1, 7), random.Next(1, 7), random.Next(1_000_000), random.Next(100), random.Pick(".jpg", ".jpg.jpg", ".PNG"));
            Assert.Equal(name, MarketName.Parse(name.ToString()));
        }
    }

    [Theory]
    [InlineData("0002_c7s1_000451_03.jpg"), InlineData("002_c1s1_000451_03.jpg"), InlineData("0002_c1s1_000451_03.jpg\n"), InlineData("x0002_c1s1_000451_03.jpg"),
        InlineData("٠٠٠٢_c1s1_000451_03.jpg"), InlineData("0002_c1s1_000451_03.jpg.png"), InlineData("-2_c1s1_000451_03.jpg")]
    public void OtherNamesAreNotRead(string name) => Assert.Null(MarketName.Parse(name));

    [Fact]
    public void AnUnfittingNameIsReportedAndNotRead()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        File.Copy(folder.File("query/0005_c1s1_000500_00.jpg"), folder.File("query/0005_c9s1_000500_00.jpg"));
        var set = Market1501.Open(folder.Root);
        Assert.Equal(12, set.Of(Split.Query).Count);
        Assert.Contains(set.Report.Problems, problem => problem is { Path: "query/0005_c9s1_000500_00.jpg", Status: ProblemStatus.Unexpected } && problem.Reason.Contains("the name does not fit"));
    }

    [Fact]
    public void OnePictureUnderBothEndingsIsAnError()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        File.Copy(folder.File("query/0005_c1s1_000500_00.jpg"), folder.File("query/0005_c1s1_000500_00.jpg.jpg"));
        Assert.Contains("both 0005_c1s1_000500_00.jpg and 0005_c1s1_000500_00.jpg.jpg exist", Assert.Throws<SemblanceFormatException>(() => Market1501.Open(folder.Root)).Message);
    }

    [Fact]
    public void AnEmptyOrMissingFolderIsNamedWithWhatWasExpected()
    {
        using var folder = new TemporaryFolder();
        var empty = Assert.Throws<SemblanceFormatException>(() => Market1501.Open(folder.Root)).Message;
        Assert.StartsWith($"{folder.Root}: Market-1501: found an empty folder; expected bounding_box_train/, bounding_box_test/ and query/", empty);
        Assert.Contains("found no such folder", Assert.Throws<SemblanceFormatException>(() => Market1501.Open(folder.Root + "-none")).Message);

        Fixtures.Market(folder);
        Directory.Delete(folder.File("query/x")[..^2], recursive: true);
        var missing = Assert.Throws<SemblanceFormatException>(() => Market1501.Open(folder.Root)).Message;
        Assert.Contains("found bounding_box_test/, bounding_box_train/, readme.txt", missing);
        Assert.Contains("missing: query", missing);
    }

    [Fact]
    public void AZeroByteQueryIsRefusedAndAllowedOnlyAsNotStandard()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        File.WriteAllBytes(folder.File("query/0005_c1s1_000500_00.jpg"), []);
        var error = Assert.Throws<SemblanceFormatException>(() => Market1501.Open(folder.Root)).Message;
        Assert.Contains("1 of 12 query pictures are missing or damaged, at most 0 accepted (query/ 1). query/0005_c1s1_000500_00.jpg: the file is empty (0 bytes)", error);
        Assert.Contains("AllowIncomplete", error);

        var set = Market1501.Open(folder.Root, new DatasetOptions { AllowIncomplete = true });
        Assert.Equal(11, set.Of(Split.Query).Count);
        Assert.Contains(set.Report.Problems, problem => problem is { Path: "query/0005_c1s1_000500_00.jpg", Status: ProblemStatus.Damaged });
        Assert.Equal(Enumerable.Range(0, set.Records.Count), set.Records.Select(record => record.Order));
    }

    [Fact]
    public void ATruncatedTrainingPictureIsFoundByTheDeepCheckOnly()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        var path = folder.File("bounding_box_train/0002_c1s1_000200_01.jpg");
        var bytes = new Picture(64, 128).EncodeJpeg(95);
        File.WriteAllBytes(path, bytes.AsSpan(0, bytes.Length / 2).ToArray());
        Assert.Equal(13, Market1501.Open(folder.Root).Of(Split.Train).Count);
        var error = Assert.Throws<SemblanceFormatException>(() => Market1501.Open(folder.Root, new DatasetOptions { Deep = true }));
        Assert.Contains("1 of 13 training pictures are missing or damaged", error.Message);

        var set = Market1501.Open(folder.Root, new DatasetOptions { Deep = true, MaxMissing = 1 });
        Assert.Equal(12, set.Of(Split.Train).Count);
        Assert.Contains(set.Report.Problems, problem => problem.Status == ProblemStatus.Damaged && problem.Path.EndsWith("0002_c1s1_000200_01.jpg", StringComparison.Ordinal));
        Assert.Equal(39, set.Report.Problems.Count(problem => problem.Status == ProblemStatus.Suspicious));
    }

    [Fact]
    public void PeopleInBothTrainingAndTestAreReported()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        File.Copy(folder.File("query/0005_c1s1_000500_00.jpg"), folder.File("bounding_box_train/0005_c1s1_000500_01.jpg"));
        Assert.Contains(Market1501.Open(folder.Root).Report.Problems, problem => problem.Status == ProblemStatus.Overlap && problem.Reason.Contains("1 people are in training and in query or gallery (0005)"));
    }

    [Fact]
    public void AWorldInThisLayoutBringsCaptionsAndShowsNobody()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        File.WriteAllText(folder.File("captions.json"), """{ "query/0005_c1s1_000500_00.jpg": ["a man", "a tall man"] }""");
        File.WriteAllText(folder.File("world.json"), "{}");
        var set = Market1501.Open(folder.Root);
        Assert.Equal(["a man", "a tall man"], set.Of(Split.Query)[0].Captions);
        Assert.Empty(set.Of(Split.Query)[1].Captions);
        Assert.Equal(2, set.Report.Counts["query captions"]);
        Assert.Equal(DataNotice.Synthetic, set.Notice);
    }

    [Fact]
    public void MasksAreReadFromTheParallelFolder()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        File.WriteAllBytes(folder.File("masks/query/0005_c1s1_000500_00.png"), new LabelMap(2, 4, [0, 1, 0, 2, 0, 3, 0, 4]).EncodePng());
        var set = Market1501.Open(folder.Root, new DatasetOptions { CacheBytes = 1 << 20 });
        var record = set.Of(Split.Query)[0];
        Assert.Equal([0, 1, 0, 2, 0, 3, 0, 4], set.Pictures.LoadMask(record)!.Labels);
        Assert.Same(set.Pictures.LoadMask(record), set.Pictures.LoadMask(record));
        Assert.Same(set.Pictures.LoadPicture(record), set.Pictures.LoadPicture(record));
        Assert.Null(set.Pictures.LoadMask(set.Of(Split.Query)[1]));
    }

    [Fact]
    public void TheCacheHoldsNoMoreThanItsRoom()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        var records = Market1501.Open(folder.Root).Of(Split.Query);
        var pictures = new FolderPictures(folder.Root, cacheBytes: 50);
        Assert.Same(pictures.LoadPicture(records[0]), pictures.LoadPicture(records[0]));
        Assert.Same(pictures.LoadPicture(records[1]), pictures.LoadPicture(records[1]));
        Assert.NotSame(pictures.LoadPicture(records[2]), pictures.LoadPicture(records[2]));
    }

    [Fact]
    public void APictureThatIsGoneIsNamed()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Market(folder);
        var set = Market1501.Open(folder.Root);
        File.Delete(folder.File("query/0005_c1s1_000500_00.jpg"));
        Assert.Contains("0005_c1s1_000500_00.jpg", Assert.Throws<SemblanceFormatException>(() => set.Pictures.LoadPicture(set.Of(Split.Query)[0])).Message);
    }
}
