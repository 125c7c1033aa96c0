using Semblance.Imaging;

namespace Semblance.Data.Tests;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DatasetCheckTests()
    {
        for (var person = 1; person <= 4; person++)
        {
            for (var camera = 1; camera <= 2; camera++)
            {
                Write($"{(person <= 2 ? "bounding_box_train" : camera == 1 ? "query" : "bounding_box_test")}/{person:0000}_c{camera}s1_000100_01.jpg", (person * 10) + camera);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ASoundSetIsRecognisedAndHasNoProblem()
    {
        var result = DatasetCheck.Run(_folder.Root);
        Assert.Equal("market1501", result.Layout);
        Assert.Empty(result.Problems);
        Assert.True(result.Sound);
        Assert.Equal((4, 2, 2), (result.Counts["train images"], result.Counts["query images"], result.Counts["gallery images"]));
    }

    [Fact]
    public void EveryPlantedDefectIsFoundAndTheRestIsRead()
    {
        File.WriteAllBytes(_folder.File("bounding_box_train/0001_c3s1_000100_01.jpg"), []);
        var whole = Picture(77).EncodeJpeg(95);
        File.WriteAllBytes(_folder.File("bounding_box_test/0004_c3s1_000100_01.jpg"), whole[..(whole.Length / 2)]);
        File.Copy(_folder.File("bounding_box_test/0003_c2s1_000100_01.jpg"), _folder.File("bounding_box_test/0003_c5s1_000200_01.jpg"));
        File.Copy(_folder.File("query/0003_c1s1_000100_01.jpg"), _folder.File("bounding_box_train/0002_c4s1_000100_01.jpg"));
        Write("query/0001_c6s1_000900_00.jpg", 99);
        Write("query/holiday.jpg", 98);

        var result = DatasetCheck.Run(_folder.Root);
        Assert.False(result.Sound);
        Has(ProblemStatus.Damaged, "bounding_box_train/0001_c3s1_000100_01.jpg", "0 bytes");
        Has(ProblemStatus.Damaged, "bounding_box_test/0004_c3s1_000100_01.jpg", "");
        Has(ProblemStatus.Duplicate, "bounding_box_test/0003_c2s1_000100_01.jpg", "the same content as bounding_box_test/0003_c5s1_000200_01.jpg");
        Has(ProblemStatus.Overlap, "bounding_box_train/0002_c4s1_000100_01.jpg", "query/0003_c1s1_000100_01.jpg: a test picture is in training (persons 0002, 0003)");
        Has(ProblemStatus.Overlap, "bounding_box_train", "1 people are in training and in query or gallery (0001)");
        Has(ProblemStatus.Unexpected, "query/holiday.jpg", "does not fit");
        Assert.Equal(6, result.Problems.Count);
        Assert.All(result.Problems, problem => Assert.Contains(problem.Status, DatasetCheck.Advice.Keys));
        Assert.Equal(5, result.Counts["train images"]);

        void Has(string status, string path, string reason) =>
            Assert.Contains(result.Problems, problem => problem.Status == status && problem.Path == path && problem.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void PicturesThatAnotherSetHoldsTooAreNamed()
    {
        using var other = new TemporaryFolder();
        File.Copy(_folder.File("query/0003_c1s1_000100_01.jpg"), other.File("camera1/somebody.jpg"));
        File.WriteAllBytes(other.File("camera1/another.jpg"), Picture(500).EncodeJpeg(95));
        var problem = Assert.Single(DatasetCheck.Run(_folder.Root, against: other.Root).Problems);
        Assert.Equal((ProblemStatus.Overlap, "query/0003_c1s1_000100_01.jpg"), (problem.Status, problem.Path));
        Assert.Contains("the same content as camera1/somebody.jpg of", problem.Reason, StringComparison.Ordinal);
        Assert.Contains("no layout is recognised", Assert.Single(DatasetCheck.Run(_folder.Root, against: Directory.CreateDirectory(Path.Combine(other.Root, "empty")).FullName).Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsMissingIsAProblemNotAnException()
    {
        Directory.Delete(Path.Combine(_folder.Root, "query"), recursive: true);
        var problem = Assert.Single(DatasetCheck.Run(_folder.Root).Problems);
        Assert.Equal(ProblemStatus.Layout, problem.Status);
        Assert.Contains("missing: query", problem.Reason);
    }

    [Fact]
    public void FoldersOfYearsAreNoFineGprAndALinkThatGoesRoundIsNotFollowed()
    {
        using var other = new TemporaryFolder();
        File.WriteAllBytes(other.File("2023/a.jpg"), Fixtures.Small(1, 2).EncodeJpeg(90));
        Directory.CreateSymbolicLink(Path.Combine(other.Root, "2023", "loop"), other.Root);
        Assert.Equal(ImageFolder.Key, DatasetCheck.Recognise(other.Root));
        Assert.Single(ImageFolder.Open(other.Root).Records);
        Assert.Contains(ImageFolder.Open(other.Root).Report.Problems, problem => problem.Reason.Contains("a link to a folder that holds it", StringComparison.Ordinal));
    }

    [Fact]
    public void OfSeveralSetsInAFolderTheOthersAreNamed()
    {
        using var both = new TemporaryFolder();
        Fixtures.Market(both, "a/");
        Fixtures.Market(both, "b/");
        Assert.Contains("2 folders hold this layout", Assert.Single(DatasetCheck.Run(both.Root).Problems).Reason, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(both.Root, "b"), recursive: true);
        File.WriteAllBytes(both.File("c/0001/0001_c01_w01_l01_p01.jpg"), Fixtures.Small(1, 2).EncodeJpeg(90));
        var result = DatasetCheck.Run(both.Root);
        Assert.Equal(Market1501.Key, result.Layout);
        Assert.Contains(result.Notes, note => note.Path == "c" && note.Reason.Contains("finegpr", StringComparison.Ordinal));
    }

    [Fact]
    public void AFolderOfSomethingElseNamesTheLayouts()
    {
        using var other = new TemporaryFolder();
        File.WriteAllText(other.File("letter.txt"), "x");
        var problem = Assert.Single(DatasetCheck.Run(other.Root).Problems);
        Assert.Contains("found letter.txt; no layout is recognised, expected one of market1501, dukemtmc-reid", problem.Reason);
        Assert.Throws<DirectoryNotFoundException>(() => DatasetCheck.Run(other.Root + "-none"));
    }

    [Fact]
    public void AnOddCaptionIsANoteSincePublishedSetsHaveThem()
    {
        using var words = new TemporaryFolder();
        var png = Picture(5).EncodePng();
        File.WriteAllBytes(words.File("imgs/a/1.png"), png);
        File.WriteAllText(words.File("reid_raw.json"), """[{"split": "train", "captions": [" "], "file_path": "a/1.png", "id": 1}]""");
        var result = DatasetCheck.Run(words.Root);
        Assert.Equal("cuhk-pedes", result.Layout);
        Assert.True(result.Sound);
        Assert.Contains("1 captions are empty", Assert.Single(result.Notes).Reason);
    }

    [Theory]
    [InlineData("query/0001_c2_f0046182.jpg", "dukemtmc-reid")]
    [InlineData("query/0001_c2_3.png", "cuhk03-np")]
    [InlineData("list_query.txt", "msmt17")]
    [InlineData("set/data_captions.json", "rstpreid")]
    [InlineData("ICFG-PEDES.json", "icfg-pedes")]
    [InlineData("cropped_images/p1_s1_1.jpg", "cuhk-sysu")]
    [InlineData("sub/000000_s00_c02_f000123.jpg", "randperson")]
    [InlineData("0001/0001_c01_w01_l01_p01.jpg", "finegpr")]
    [InlineData("holiday.jpg", "images")]
    public void LayoutsAreRecognised(string file, string layout)
    {
        using var other = new TemporaryFolder();
        File.WriteAllText(other.File(file), "x");
        Assert.Equal(layout, DatasetCheck.Recognise(other.Root));
    }

    [Theory]
    [InlineData("cuhk03_release/cuhk-03.mat", "semblance data extract", "cuhk03-classic")]
    [InlineData("annotation/Person.mat", "cropped_images", "cuhk-sysu")]
    public void ASetInAFormThatIsNotReadIsKnownAndSaysWhatToDo(string file, string way, string layout)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(file), [0]);
        File.WriteAllBytes(folder.File("Image/SSM/s1.jpg"), Fixtures.Small(1, 1).EncodeJpeg());
        var result = DatasetCheck.Run(folder.Root);

        var problem = Assert.Single(result.Problems);
        Assert.Equal(ProblemStatus.Layout, problem.Status);
        Assert.StartsWith($"found {file}, ", problem.Reason, StringComparison.Ordinal);
        Assert.Contains(way, problem.Reason, StringComparison.Ordinal);
        Assert.EndsWith($"open them as {layout}", problem.Reason, StringComparison.Ordinal);
    }

    private static Picture Picture(int look)
    {
        var rgb = new byte[8 * 16 * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)(((look * 37) + (i * 13)) % 256);
        }

        return new Picture(8, 16, rgb);
    }

    private void Write(string path, int look) => File.WriteAllBytes(_folder.File(path), Picture(look).EncodeJpeg(95));
}
