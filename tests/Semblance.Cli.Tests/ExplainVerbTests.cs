using Semblance.Explanation;
using Semblance.Imaging;
using Semblance.Synthesis;
using Semblance.Training;

namespace Semblance.Cli.Tests;

public sealed class ExplainVerbTests(Workshop workshop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ShowsPanelsForThePersonAlone()
    {
        var panels = Path.Combine(_folder.Root, "pages", "panels.png");

        var said = Explain(panels, "--json").Json();

        Assert.True(double.IsFinite(said.GetProperty("score").GetDouble()));
        var picture = PictureReader.Read(panels);
        // 256 x 128 each, side by side: as it is, tinted, grey about its mean, tinted otherwise.
        Assert.True(picture.Width is >= 4 * 128 and < 5 * 128, $"{picture.Width} columns");
        Assert.True(picture.Height >= 256, $"{picture.Height} rows");
        var quarter = picture.Width / 4;
        Assert.NotEqual(Panel(0), Panel(1));
        Assert.NotEqual(Panel(1), Panel(2));
        Assert.NotEqual(Panel(1), Panel(3));

        byte[] Panel(int index) => picture.Crop(new Box((index * quarter) + 8, 8, quarter - 16, 240)).Rgb;
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
    public void ShowsWhereTheWordsAreFound()
    {
        var sheet = Path.Combine(_folder.Root, "words.png");

        var said = Explain(Path.Combine(_folder.Root, "panels.png"), "--text", "a man in a blue jacket", "--words", sheet).Done();

        Assert.Contains(sheet, said.Output, StringComparison.Ordinal);
        Assert.True(PictureReader.Read(sheet).Height >= 192);
        SemblanceProgram.Run("explain", workshop.Run, "--image", workshop.Picture, "--out", sheet, "--words", sheet).Refused(2, "--words", "give --text");
    }

    /// <summary>The world knows which pixels are trousers and which are a coat.</summary>
    [Fact]
    public void WordsAreFoundWhereTheWorldHasThem()
    {
        using var encoder = TrainedModel.Open(SemblanceProgram.Recipe("world-start-fine"));
        var world = new World(new WorldOptions { Domain = "snow", Seed = 77, Identities = 24, ImagesPerIdentity = 1 });
        var explainer = new Explainer(encoder);
        var (lower, upper) = (new List<double>(), new List<double>());
        for (var identity = 0; identity < 24; identity++)
        {
            var shot = world.Render(identity, 0);
            var regions = explainer.Regions(shot.Picture, shot.Sighting.Captions[0]);
            Note(lower, regions, shot, ["trousers", "jeans", "shorts", "skirt", "pants"], BodyPart.Lower);
            Note(upper, regions, shot, ["coat", "jacket", "hoodie", "shirt", "blouse", "sweater"], BodyPart.Upper, BodyPart.Sleeve, BodyPart.Inner);
        }

        Assert.True(lower.Count >= 8 && upper.Count >= 8, $"{lower.Count} and {upper.Count} words");
        Assert.True(lower.Average() > 1.5, $"lower garments: {lower.Average():0.00} times what an even map would have there");
        Assert.True(upper.Average() > 1.2, $"upper garments: {upper.Average():0.00}");

        // How much of a word's heat lies on its part, beside the part's share of the picture.
        static void Note(List<double> into, WordRegions regions, RenderedPicture shot, string[] words, params BodyPart[] parts)
        {
            var (heat, inside, area) = (0.0, 0.0, 0);
            if (regions.Words.FirstOrDefault(word => words.Contains(word.Word)) is not { } region)
            {
                return;
            }

            for (var i = 0; i < region.Heat.Length; i++)
            {
                var (y, x) = (i / regions.Width * shot.Parts.Height / regions.Height, i % regions.Width * shot.Parts.Width / regions.Width);
                var on = parts.Contains((BodyPart)shot.Parts.Labels[(y * shot.Parts.Width) + x]);
                (heat, inside, area) = (heat + region.Heat[i], inside + (on ? region.Heat[i] : 0), area + (on ? 1 : 0));
            }

            if (area > 100 && heat > 0)
            {
                into.Add(inside / heat / ((double)area / region.Heat.Length));
            }
        }
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
