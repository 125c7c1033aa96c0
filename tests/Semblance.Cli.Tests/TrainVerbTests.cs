namespace Semblance.Cli.Tests;

public sealed class TrainVerbTests(Workshop workshop) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TellsHowTheRunWasMade()
    {
        var record = workshop.Trained.Json();

        Assert.Equal("mmet-tiny", record.GetProperty("name").GetString());
        Assert.Equal(4, record.GetProperty("options").GetProperty("stage_a").GetProperty("steps").GetInt32());
        Assert.True(record.TryGetProperty("data_fingerprint", out _));
        Assert.True(File.Exists(Path.Combine(workshop.Run, "metrics.jsonl")));
        Assert.True(File.Exists(Path.Combine(workshop.Run, "model", "model.safetensors")));
    }

    [Fact]
    public void ShowsItsStagesOnStderrAndNoEscapeSequenceWhereThereIsNoTerminal()
    {
        Assert.Contains("steps", workshop.Trained.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', workshop.Trained.Errors);
    }

    [Fact]
    public void LeavesAFinishedRunAsItIsWhenAskedToGoOn()
    {
        var weights = Path.Combine(workshop.Run, "model", "model.safetensors");
        var before = File.ReadAllBytes(weights);

        Assert.Equal("mmet-tiny", workshop.Train("--resume").Json().GetProperty("name").GetString());

        Assert.Equal(before, File.ReadAllBytes(weights));
    }

    /// <summary>Training never waits for anything: it must hear of a signal all the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ASignalEndsWithACheckpoint(int processes)
    {
        var run = Path.Combine(_folder.Root, "run");
        string[] train = ["train", SemblanceProgram.Recipe("mmet-tiny.yaml"), "--out", run, "--set", $"processes={processes}", "--set", "stage_a.steps=1000000", "--set", "checkpoints.every=1000000"];
        var metrics = Path.Combine(run, "metrics.jsonl");
        SemblanceProgram.RunInterrupted(() => File.Exists(metrics) && new FileInfo(metrics).Length > 0, train).Refused(130, "once more ends at once", "interrupted");
        Assert.Single(Directory.GetFiles(Path.Combine(run, "checkpoints")));
    }

    [Fact]
    public void NeverTrainsOverARunThatIsThere() => workshop.Train().Refused(2, "holds a run already", "--resume", "another directory");

    [Fact]
    public void RefusesToGoOnWithAnotherRecipe() => workshop.Train("--resume", "--set", "stage_b.steps=5").Refused(2, "stage_b.steps", "3", "5");

    [Fact]
    public void ShowsEveryValueWithItsOrigin()
    {
        var printed = SemblanceProgram.Run("train", SemblanceProgram.Recipe("mmet-tiny.yaml"), "--print-options", "--set", "stage_a.steps=7").Done().Output;

        Assert.Contains("steps: 7  # --set", printed, StringComparison.Ordinal);
        Assert.Contains("batch_size: 16  # mmet-tiny.yaml", printed, StringComparison.Ordinal);
        Assert.Contains("# default", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void OffersTheNearestKeyForAMisspeltOne()
    {
        var recipe = _folder.File("mine.yaml");
        File.WriteAllText(recipe, File.ReadAllText(SemblanceProgram.Recipe("mmet-tiny.yaml")).Replace("batch_size", "batch_sise", StringComparison.Ordinal));

        SemblanceProgram.Run("train", recipe, "--out", Path.Combine(_folder.Root, "run")).Refused(2, "mine.yaml", "batch_sise", "did you mean", "batch_size");

        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "run")));
    }

    [Fact]
    public void OffersTheNearestKeyForAMisspeltSetting() =>
        SemblanceProgram.Run("train", SemblanceProgram.Recipe("mmet-tiny.yaml"), "--out", Path.Combine(_folder.Root, "run"), "--set", "stage_a.stepps=3").Refused(2, "--set", "stepps", "did you mean", "steps");

    [Fact]
    public void AsksWhereTheRunShouldGo() => SemblanceProgram.Run("train", SemblanceProgram.Recipe("mmet-tiny.yaml")).Refused(2, "--out");

    [Fact]
    public void NamesARecipeThatIsNotThere() => SemblanceProgram.Run("train", Path.Combine(_folder.Root, "none.yaml"), "--out", Path.Combine(_folder.Root, "run")).Refused(2, "none.yaml", "no such recipe");

    [Fact]
    public void RefusesADeviceThatIsNotHere() =>
        SemblanceProgram.Run("train", SemblanceProgram.Recipe("mmet-tiny.yaml"), "--out", Path.Combine(_folder.Root, "run"), "--set", "device=cuda:99").Refused(2, "cuda:99", "--set device=cpu", "SEMBLANCE_LIBTORCH");

    [Fact]
    public void RefusesToRunAModelOnADeviceThatIsNotHere() => SemblanceProgram.Run(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["SEMBLANCE_DEVICE"] = "cuda:99" },
        "explain", SemblanceProgram.Recipe("world-start"), "--image", Path.Combine(_folder.Root, "none.jpg"), "--out", Path.Combine(_folder.Root, "out.png"))
        .Refused(2, "SEMBLANCE_DEVICE asks for cuda:99", "leave it empty", "SEMBLANCE_LIBTORCH");

    [Fact]
    public void SaysWhereARecipeIsNoYaml()
    {
        var recipe = _folder.File("mine.yaml");
        File.WriteAllText(recipe, "name: mine\nmodel: { preset: [\n");

        SemblanceProgram.Run("train", recipe, "--out", Path.Combine(_folder.Root, "run")).Refused(3, "mine.yaml");
    }

    [Fact]
    public void RefusesToLearnFromAnEmptyFolder()
    {
        var nothing = Directory.CreateDirectory(Path.Combine(_folder.Root, "nothing")).FullName;

        SemblanceProgram.Run("train", SemblanceProgram.Recipe("mmet-tiny.yaml"), "--out", Path.Combine(_folder.Root, "run"), "--set", $"data.sources=[{{ layout: market1501, path: \"{nothing}\" }}]")
            .Refused(3, nothing, "an empty folder", "bounding_box_train");

        Assert.False(File.Exists(Path.Combine(_folder.Root, "run", "recipe.yaml")), "the next attempt would be told that a run is there");
    }
}
