using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>The main job from end to end, with a training of a few steps: every part runs and every figure is there; how good they are is not for a test to say.</summary>
public sealed class QuickstartVerbTests : IDisposable
{
    private static readonly Dictionary<string, string> Shrunk = new(StringComparer.Ordinal)
    {
        ["SEMBLANCE_RECIPE__STAGE_A__STEPS"] = "4",
        ["SEMBLANCE_RECIPE__STAGE_A__BATCH_SIZE"] = "4",
        ["SEMBLANCE_RECIPE__STAGE_B__STEPS"] = "3",
        ["SEMBLANCE_RECIPE__STAGE_B__IDENTITIES"] = "4",
        ["SEMBLANCE_RECIPE__STAGE_B__OPTIMISER__WARMUP"] = "1",
        ["SEMBLANCE_RECIPE__DATA__SOURCES__0__WORLD__IDENTITIES"] = "10",
        ["SEMBLANCE_RECIPE__VALIDATION__IDENTITIES"] = "2",
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void QuickstartEndsWithEveryFigureAndAPageThatNeedsNothingElse()
    {
        var result = SemblanceProgram.Run(Shrunk, "quickstart", "--out", _folder.Root, "--seed", "3", "--json").Json();

        foreach (var who in new[] { "unseen", "untrained", "histogram" })
        {
            foreach (var task in new[] { "text-to-image", "image" })
            {
                var figures = result.GetProperty(who).GetProperty(task);
                Assert.All(["rank1", "rank5", "rank10", "map", "map_trap", "minp"], key => Assert.InRange(figures.GetProperty(key).GetDouble(), 0, 1));
                Assert.True(figures.GetProperty("data").GetProperty("identities").GetInt32() >= 200);
                Assert.True(figures.GetProperty("queries").GetInt32() > 0);
            }
        }

        Assert.Equal("snow", result.GetProperty("unseen").GetProperty("domain").GetString());
        Assert.True(result.GetProperty("seconds").GetProperty("total").GetDouble() > 0);
        Assert.True(Directory.Exists(result.GetProperty("run").GetString()));
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Root, "quickstart.json"))).RootElement.ValueKind);
        var page = File.ReadAllText(Path.Combine(_folder.Root, "report.html"));
        Assert.Contains("data:image/jpeg;base64,", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    /// <summary>Its folders are made anew each time: somebody else's, and what somebody filed since, must not go with them.</summary>
    [Fact]
    public async Task NeitherAnothersFolderNorAGalleryInUseIsMadeAnew()
    {
        File.WriteAllText(_folder.File("theirs/world/notes.txt"), "mine");
        SemblanceProgram.Run("quickstart", "--out", Path.Combine(_folder.Root, "theirs")).Refused(2, "world was not made by a quickstart", "--out");
        Assert.True(File.Exists(_folder.File("theirs/world/notes.txt")));

        File.WriteAllText(_folder.File("used/.quickstart"), "");
        await using (var store = await Gallery.Stores.GalleryStores.OpenAsync(Path.Combine(_folder.Root, "used", "gallery"), create: true))
        {
            await store.MakePersonAsync("Ann", null, []);
        }

        SemblanceProgram.Run("quickstart", "--out", Path.Combine(_folder.Root, "used")).Refused(2, "holds more than a quickstart filed", "move it away");
    }

    [Fact]
    public void FootageWithoutAVideoSaysHowToGetIt() => SemblanceProgram.Run("quickstart", "--out", _folder.Root, "--footage").Refused(2, "./run quickstart --footage", "SEMBLANCE_FOOTAGE");

    public void Dispose() => _folder.Dispose();
}
