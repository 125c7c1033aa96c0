namespace Semblance.Cli.Tests;

public sealed class GalleryVerbTests(Workshop workshop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilesTheGallerySplitOfADataSet()
    {
        var filed = workshop.Filed.Json();

        // Market-1501's junk (names that begin with -1) is nobody's picture.
        var people = Directory.GetFiles(Path.Combine(workshop.World, "bounding_box_test")).Count(path => !Path.GetFileName(path).StartsWith("-1", StringComparison.Ordinal));
        Assert.Equal(people, filed.GetProperty("sightings").GetInt32());
        Assert.Equal(0, filed.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public void LeavesBadPicturesOutWithTheReasonAndFilesTheRest()
    {
        foreach (var good in Directory.GetFiles(Path.Combine(workshop.World, "query")))
        {
            File.Copy(good, _folder.File($"pictures/morning/{Path.GetFileName(good)}"));
        }

        var count = Directory.GetFiles(Path.Combine(_folder.Root, "pictures", "morning")).Length;
        File.WriteAllBytes(_folder.File("pictures/cut.jpg"), DamagedPictures.CutOff(workshop.Picture));
        File.WriteAllBytes(_folder.File("pictures/empty.jpg"), []);
        File.WriteAllBytes(_folder.File("pictures/huge.png"), DamagedPictures.Bomb());
        File.WriteAllText(_folder.File("pictures/words.jpg"), "no picture at all");

        var said = Build("--images", Path.Combine(_folder.Root, "pictures"), "--json");

        Assert.Equal(count, said.Json().GetProperty("sightings").GetInt32());
        Assert.Equal(4, said.Json().GetProperty("problems").GetArrayLength());
        var left = said.Errors.Split('\n').Where(line => line.StartsWith("left out: ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, left.Length);
        Assert.Contains(left, line => line.Contains("cut.jpg", StringComparison.Ordinal) && line.Contains("truncated", StringComparison.Ordinal));
        Assert.Contains(left, line => line.Contains("empty.jpg", StringComparison.Ordinal) && line.Contains("0 bytes", StringComparison.Ordinal));
        Assert.Contains(left, line => line.Contains("huge.png", StringComparison.Ordinal) && line.Contains("60000 x 60000", StringComparison.Ordinal));
        Assert.Contains(left, line => line.Contains("words.jpg", StringComparison.Ordinal));
    }

    [Fact]
    public void MakesNoGalleryOfBadPicturesAlone()
    {
        File.WriteAllBytes(_folder.File("pictures/empty.jpg"), []);

        Build("--images", Path.Combine(_folder.Root, "pictures")).Refused(3, "nothing could be filed", "empty.jpg", "0 bytes");

        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "gallery")));
    }

    /// <summary>An erasure that removed nothing must not look done.</summary>
    [Fact]
    public void ErasesOnlyWhatThereIs()
    {
        var gallery = Path.Combine(_folder.Root, "gallery");
        Build("--images", Path.Combine(workshop.World, "query")).Done();
        SemblanceProgram.Run("gallery", "erase", gallery, "--sighting", "9999", "--person", "7").Refused(2, "has no sighting 9999, no person 7");
        var said = SemblanceProgram.Run("gallery", "erase", gallery, "--sighting", "1", "--sighting", "9999");
        Assert.Equal(1, said.Json().GetProperty("sightings").GetArrayLength());
        Assert.Contains("has no sighting 9999; the rest is erased", said.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatAFolderHoldsNoPicture()
    {
        var nothing = Directory.CreateDirectory(Path.Combine(_folder.Root, "nothing")).FullName;

        Build("--images", nothing).Refused(3, nothing, "an empty folder", "expected pictures");
        Build("--layout-data", nothing).Refused(3, nothing, "an empty folder", "bounding_box_test");

        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "gallery")));
    }

    [Fact]
    public void AsksForASourceWhenThereIsNone() => Build().Refused(2, "0 sources", "--images DIR", "--archive FILE", "--layout-data DIR", "--video FILE");

    [Fact]
    public void AsksWhichOfTwoSourcesIsMeant() => Build("--images", workshop.World, "--layout-data", workshop.World).Refused(2, "2 sources", "expected one of");

    [Fact]
    public void RefusesAVideoThatIsNone()
    {
        var words = _folder.File("words.avi");
        File.WriteAllText(words, "no video at all");

        Build("--video", words).Refused(3, words, "expected a video");
        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "gallery")));
    }

    [Fact]
    public void AsksWhereTheGalleryShouldGo() => SemblanceProgram.Run("gallery", "build", workshop.Run, "--images", workshop.World).Refused(2, "--out");

    [Fact]
    public void SaysThatThereIsNoSuchRun() =>
        SemblanceProgram.Run("gallery", "build", Path.Combine(_folder.Root, "none"), "--layout-data", workshop.World, "--out", Path.Combine(_folder.Root, "gallery")).Refused(2, "none", "no such directory");

    private Said Build(params string[] source) => SemblanceProgram.Run(["gallery", "build", workshop.Run, "--out", Path.Combine(_folder.Root, "gallery"), .. source]);
}
