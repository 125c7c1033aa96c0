using Semblance.Core;

namespace Semblance.Data.Tests;

public sealed class CuhkPedesTests
{
    [Fact]
    public void ReadsTheAnnotationInItsOrder()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        var set = CuhkPedes.Open(folder.Root, new DatasetOptions { Deep = true });
        Assert.Equal(["imgs/Market/0001.jpg", "imgs/CUHK01/0002001.png", "imgs/cam_a/003.bmp", "imgs/test_query/p4_s1.jpg"], set.Records.Select(record => record.ImagePath));
        Assert.Equal([Split.Train, Split.Train, Split.Val, Split.Test], set.Records.Select(record => record.Split));
        Assert.Equal(["1", "2", "3", "4"], set.Records.Select(record => record.RawId));
        Assert.All(set.Records, record => Assert.Null(record.Camera));
        Assert.Equal(["A man in red. ", "A man, red."], set.Records[0].Captions);
        Assert.Equal(["One plain string."], set.Records[1].Captions);
        Assert.Equal(10, set.Records[3].Captions.Count);
        Assert.Equal((2, 2, 3), (set.Report.Counts["train images"], set.Report.Counts["val captions"], set.Report.Counts["train captions"]));
        Assert.Equal(1, set.Report.Counts["pictures without annotation"]);
        Assert.False(set.Report.Standard);
    }

    [Fact]
    public void OddCaptionsAreReportedAndKept()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        var captions = CuhkPedes.Open(folder.Root).Report.Problems.Where(problem => problem.Status == ProblemStatus.Caption).Select(problem => problem.Reason).ToArray();
        Assert.Equal(2, captions.Length);
        Assert.StartsWith("1 captions are empty, first imgs/cam_a/003.bmp", captions[0]);
        Assert.StartsWith("1 captions equal a caption of another person, first imgs/test_query/p4_s1.jpg and imgs/cam_a/003.bmp", captions[1]);
    }

    [Fact]
    public void TheFirstCaptionsCanBeAskedFor()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        Assert.Equal(["1", "2"], CuhkPedes.Open(folder.Root, new DatasetOptions { CaptionsPerPicture = 2 }).Records[3].Captions);
    }

    [Theory]
    [InlineData("""{"split": "tst", "captions": [], "file_path": "Market/0001.jpg", "id": 1}""", "entry 0 has the split \"tst\", expected train, val or test (did you mean \"test\"?)")]
    [InlineData("""{"captions": [], "file_path": "Market/0001.jpg", "id": 1}""", "entry 0 lacks \"split\" (it has captions, file_path, id)")]
    [InlineData("""{"split": "test", "captions": [], "file_path": "../secret.jpg", "id": 1}""", "names the path \"../secret.jpg\", expected one inside the data set's folder")]
    [InlineData("""{"split": "test", "captions": [], "file_path": "/etc/x.jpg", "id": 1}""", "names the path \"/etc/x.jpg\"")]
    [InlineData("""{"split": "test", "captions": [], "file_path": "C:\\x.jpg", "id": 1}""", "expected one inside")]
    [InlineData("""{"split": "test", "captions": 7, "file_path": "a.jpg", "id": 1}""", "has a number as captions, expected an array of strings")]
    [InlineData("""{"split": "test", "captions": [null], "file_path": "a.jpg", "id": 1}""", "has null among its captions")]
    [InlineData("""{"split": "test", "captions": [], "file_path": "a.jpg", "id": 1.5}""", "has the id 1.5, expected a whole number")]
    [InlineData("""{"split": "test", "captions": [], "file_path": "a.jpg", "id": "x7"}""", "has the id \"x7\"")]
    public void AWrongEntryIsNamedWithItsNumber(string entry, string message)
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        Fixtures.WriteAnnotation(folder, $"[{entry}]");
        var error = Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root));
        Assert.Contains(message, error.Message);
        Assert.Contains("reid_raw.json", error.Message);
    }

    [Theory]
    [InlineData("[{\"split\": \"train\",\n oops", "not JSON", 2)]
    [InlineData("", "not JSON", 1)]
    [InlineData("{}", "the file holds an object, expected an array", null)]
    [InlineData("[]", "the array is empty", null)]
    [InlineData("[3]", "entry 0 is a number, expected an object", null)]
    public void ABrokenAnnotationIsRefused(string json, string message, int? line)
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        Fixtures.WriteAnnotation(folder, json);
        var error = Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root));
        Assert.Contains(message, error.Message);
        Assert.Equal(line, error.Position);
    }

    [Fact]
    public void AMissingFolderIsNamedWithTheNumberOfItsPictures()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        Directory.Delete(Path.GetDirectoryName(folder.File("imgs/CUHK01/x"))!, recursive: true);
        var error = Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root)).Message;
        Assert.Contains("1 of 2 training pictures are missing or damaged, at most 0 accepted (imgs/CUHK01/ 1)", error);
        var set = CuhkPedes.Open(folder.Root, new DatasetOptions { MaxMissing = 1 });
        Assert.Equal(3, set.Records.Count);
        Assert.Contains(set.Report.Problems, problem => problem is { Path: "imgs/CUHK01/0002001.png", Status: ProblemStatus.Missing });
    }

    [Fact]
    public void ANameInOtherCaseIsMissingAndSaidSo()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        File.Move(folder.File("imgs/Market/0001.jpg"), folder.File("imgs/Market/0001.JPG"));
        Assert.Contains("on the disk only as 0001.JPG (other case)", Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root)).Message);
    }

    [Fact]
    public void APictureNamedTwiceIsAnErrorUnlessMergingIsAskedForAndThePersonIsTheSame()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        const string two = """[{"split": "train", "captions": ["a"], "file_path": "Market/0001.jpg", "id": 1}, {"split": "train", "captions": ["b"], "file_path": "Market/0001.jpg", "id": ID}]""";
        Fixtures.WriteAnnotation(folder, two.Replace("ID", "1"));
        Assert.Contains("entry 1 names imgs/Market/0001.jpg again, after entry 0 (persons 1 and 1): set MergeDuplicates", Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root)).Message);
        Assert.Equal(["a", "b"], Assert.Single(CuhkPedes.Open(folder.Root, new DatasetOptions { MergeDuplicates = true }).Records).Captions);
        Fixtures.WriteAnnotation(folder, two.Replace("ID", "2"));
        Assert.Contains("(persons 1 and 2)", Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root, new DatasetOptions { MergeDuplicates = true })).Message);
    }

    [Fact]
    public void AnAnnotationWithoutSplitsIsNotTakenForTheOther()
    {
        using var folder = new TemporaryFolder();
        Fixtures.Pedes(folder);
        File.Move(folder.File("reid_raw.json"), folder.File("caption_all.json"));
        var error = Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root)).Message;
        Assert.Contains("caption_all.json is there, but it has no splits", error);
        Assert.Contains("found caption_all.json, imgs/", error);
    }

    [Fact]
    public void AnEmptyFolderIsNamedWithWhatWasExpected()
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith($"{folder.Root}: CUHK-PEDES: found an empty folder; expected reid_raw.json", Assert.Throws<SemblanceFormatException>(() => CuhkPedes.Open(folder.Root)).Message);
    }
}
