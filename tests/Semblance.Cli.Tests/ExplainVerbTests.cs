using Semblance.Imaging;

namespace Semblance.Cli.Tests;

public sealed class ExplainVerbTests(Workshop workshop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ShowsThreePanelsForThePersonAlone()
    {
        var panels = Path.Combine(_folder.Root, "pages", "panels.png");

        var said = Explain(panels, "--json").Json();

        Assert.True(double.IsFinite(said.GetProperty("score").GetDouble()));
        var picture = PictureReader.Read(panels);
        // 256 x 128 each, side by side; the middle one is tinted, the last one is grey about its mean.
        Assert.True(picture.Width is >= 3 * 128 and < 4 * 128, $"{picture.Width} columns");
        Assert.True(picture.Height >= 256, $"{picture.Height} rows");
        var third = picture.Width / 3;
        Assert.NotEqual(Panel(0), Panel(1));
        Assert.NotEqual(Panel(1), Panel(2));

        byte[] Panel(int index) => picture.Crop(new Box((index * third) + 8, 8, third - 16, 240)).Rgb;
    }

    [Fact]
    public void SharesTheScoreOutAmongTheWords()
    {
        var said = Explain(Path.Combine(_folder.Root, "panels.png"), "--text", "a man in a blue jacket", "--json").Json();

        Assert.Contains("a man in a blue jacket", said.GetProperty("question").GetString(), StringComparison.Ordinal);
        Assert.Equal(["a", "man", "in", "a", "blue", "jacket"], said.GetProperty("words").EnumerateArray().Select(word => word.GetProperty("word").GetString()));
    }

    [Fact]
    public void PrintsTheWordsThatCountMost()
    {
        var panels = Path.Combine(_folder.Root, "panels.png");

        var lines = Explain(panels, "--text", "a man in a blue jacket").Done().Output.TrimEnd().Split('\n');

        Assert.StartsWith(panels, lines[0], StringComparison.Ordinal);
        Assert.Equal(6, lines.Length);
        Assert.All(lines.Skip(1), line => Assert.Matches(@"^  \w+ +[-+ ]?\d\.\d{3}$", line));
    }

    [Fact]
    public void SaysThatItCannotReadAnotherScript() =>
        Assert.Contains("1 of 1 words are unknown", Explain(Path.Combine(_folder.Root, "panels.png"), "--text", "мужчина").Done().Errors, StringComparison.Ordinal);

    [Fact]
    public void RefusesAnEndingThatIsNoPictures() => Explain(Path.Combine(_folder.Root, "panels.gif")).Refused(2, "panels.gif", "expected .jpg, .jpeg, .png or .webp");

    [Fact]
    public void RefusesABadPicture()
    {
        var path = _folder.File("cut.jpg");
        File.WriteAllBytes(path, DamagedPictures.CutOff(workshop.Picture));

        SemblanceProgram.Run("explain", workshop.Run, "--image", path, "--out", Path.Combine(_folder.Root, "panels.png")).Refused(3, path, "truncated");
    }

    private Said Explain(string output, params string[] more) => SemblanceProgram.Run(["explain", workshop.Run, "--image", workshop.Picture, "--out", output, .. more]);
}
