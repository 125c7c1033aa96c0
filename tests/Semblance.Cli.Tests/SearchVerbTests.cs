namespace Semblance.Cli.Tests;

public sealed class SearchVerbTests(Workshop workshop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnswersWordsBestFirst()
    {
        var answer = Ask("--text", "a man in a blue jacket", "--top", "5", "--json").Json();

        Assert.Equal(workshop.Filed.Json().GetProperty("sightings").GetInt32(), answer.GetProperty("items").GetInt32());
        Assert.Equal(workshop.Trained.Json().GetProperty("fingerprint").GetString(), answer.GetProperty("fingerprint").GetString());
        var matches = answer.GetProperty("matches").EnumerateArray().ToArray();
        Assert.Equal([1, 2, 3, 4, 5], matches.Select(match => match.GetProperty("rank").GetInt32()));
        var scores = matches.Select(match => match.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(scores.OrderDescending(), scores);
    }

    [Fact]
    public void FindsAPictureThatIsInTheGalleryFirst()
    {
        var own = Directory.GetFiles(Path.Combine(workshop.World, "bounding_box_test")).Order(StringComparer.Ordinal).Last();

        var first = Ask("--image", own, "--top", "1", "--json").Json().GetProperty("matches")[0];

        Assert.Equal($"bounding_box_test/{Path.GetFileName(own)}", first.GetProperty("sighting").GetProperty("source").GetString());
        Assert.Equal(1, first.GetProperty("score").GetDouble(), 3);
    }

    [Fact]
    public void AnswersWordsAndPictureTogetherFromOneCameraOnAPageOfItsOwn()
    {
        var page = Path.Combine(_folder.Root, "pages", "answer.html");

        var answer = Ask("--text", "a man in a <blue> jacket", "--image", workshop.Picture, "--not-text", "a woman in a dress", "--camera", "2", "--html", page, "--json").Json();

        var matches = answer.GetProperty("matches").EnumerateArray().ToArray();
        Assert.NotEmpty(matches);
        Assert.All(matches, match => Assert.Equal("2", match.GetProperty("sighting").GetProperty("camera").GetString()));
        Assert.All(matches, match => Assert.Equal(3, match.GetProperty("terms").GetArrayLength()));
        var html = File.ReadAllText(page);
        Assert.Equal(matches.Length, html.Split("data:image/jpeg;base64,").Length - 1);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<blue>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;blue&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void PrintsALineForEachAnswer() =>
        Assert.Matches(@"\A +1 +-?\d\.\d{3} +\d +market1501/bounding_box_test/.+\n +2 .+\n\z", Ask("--text", "a man", "--top", "2").Done().Output);

    /// <summary>As in the pages: probabilities where the gallery was calibrated, and a line in the log for every search.</summary>
    [Fact]
    public async Task SearchesAreLoggedAndShowWhatWasCalibrated()
    {
        var gallery = Path.Combine(_folder.Root, "gallery");
        SemblanceProgram.Run("gallery", "build", workshop.Run, "--layout-data", workshop.World, "--out", gallery).Done();
        var labelled = Path.Combine(_folder.Root, "labelled");
        SemblanceProgram.Run("world", "make", labelled, "--domain", "station", "--identities", "40", "--images", "4", "--size", "64x32", "--seed", "8").Done();
        Assert.Matches(@"right half of the time|not measured", SemblanceProgram.Run("gallery", "calibrate", gallery, "--data", labelled).Done().Output);
        var answer = SemblanceProgram.Run("search", gallery, "--image", workshop.Picture, "--purpose", "a trial", "--json").Json();
        Assert.InRange(answer.GetProperty("matches")[0].GetProperty("probability").GetDouble(), 0, 1);
        Assert.Contains(answer.GetProperty("nobody").GetBoolean(), new[] { true, false });
        await using var store = await Gallery.Stores.GalleryStores.OpenAsync(gallery);
        var line = (await store.AuditAsync(long.MaxValue, 1))[0].Draft;
        Assert.Equal(("command line", "search", "a trial"), (line.Actor, line.Action, line.Purpose));
        Assert.DoesNotContain(workshop.Picture, line.Details, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatALongTextWasCutAndAnswersAllTheSame()
    {
        var said = Ask("--text", string.Join(" and ", Enumerable.Repeat("a woman in a red coat", 8)), "--json");

        Assert.NotEqual(0, said.Json().GetProperty("matches").GetArrayLength());
        Assert.Contains("the model reads 16", said.Errors, StringComparison.Ordinal);
        Assert.Contains("were cut", said.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatItCannotReadAnotherScriptAndAnswersAllTheSame()
    {
        var said = Ask("--text", "мужчина в синей куртке", "--json");

        Assert.NotEqual(0, said.Json().GetProperty("matches").GetArrayLength());
        Assert.Equal("\"мужчина в синей куртке\"", said.Json().GetProperty("question").GetString());
        Assert.Contains("4 of 4 words are unknown", said.Errors, StringComparison.Ordinal);
        Assert.Contains("in English", said.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ListsTheCamerasForAnUnknownOne() => Ask("--text", "a man", "--camera", "99").Refused(2, "no camera \"99\"", "it has: 1, 2");

    [Theory]
    [InlineData("1.5")]
    [InlineData("-0.1")]
    [InlineData("NaN")]
    public void RefusesAWeightThatIsNoShare(string weight) => Ask("--text", "a man", "--weight", weight).Refused(2, $"--weight is {weight}", "from 0", "to 1");

    [Fact]
    public void RefusesNoAnswers() => Ask("--text", "a man", "--top", "0").Refused(2, "--top is 0", "1 or more");

    [Fact]
    public void SaysThatAFolderCannotSearchItself() => Ask("--text", "a man", "--in-database").Refused(2, "no PostgreSQL database");

    [Fact]
    public void AsksForAQuestion() => Ask().Refused(2, "the question is empty", "--text", "--image");

    [Theory]
    [InlineData("cut.jpg", "truncated")]
    [InlineData("empty.jpg", "0 bytes")]
    [InlineData("huge.png", "60000 x 60000")]
    public void RefusesABadPicture(string name, string reason)
    {
        var path = _folder.File(name);
        File.WriteAllBytes(path, name switch { "cut.jpg" => DamagedPictures.CutOff(workshop.Picture), "huge.png" => DamagedPictures.Bomb(), _ => [] });

        Ask("--image", path).Refused(3, path, reason);
    }

    [Fact]
    public void NamesAPictureThatIsNotThere() => Ask("--image", Path.Combine(_folder.Root, "none.jpg")).Refused(2, "none.jpg");

    [Fact]
    public void SaysThatAFolderIsNoGallery() => SemblanceProgram.Run("search", _folder.Root, "--text", "a man").Refused(2, _folder.Root, "no gallery", "gallery build");

    [Fact]
    public void RefusesAGalleryWhoseDatabaseIsDamaged()
    {
        foreach (var file in Directory.GetFiles(workshop.Gallery, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, _folder.File($"copy/{Path.GetRelativePath(workshop.Gallery, file)}"));
        }

        var database = Path.Combine(_folder.Root, "copy", "gallery.db");
        var bytes = File.ReadAllBytes(database);
        Assert.True(bytes.Length > 100_000);
        bytes.AsSpan(4096, bytes.Length - 8192).Fill(0xA5);
        File.WriteAllBytes(database, bytes);

        SemblanceProgram.Run("search", Path.Combine(_folder.Root, "copy"), "--text", "a man").Refused(3, "copy", "is damaged", "restore");
    }

    private Said Ask(params string[] question) => SemblanceProgram.Run(["search", workshop.Gallery, .. question]);
}
