using System.Diagnostics;
using System.Text.Json.Nodes;
using Semblance.Cli.Galleries;
using Semblance.Cli.Terminal;
using Semblance.Cli.Verbs;
using Semblance.Core;
using Semblance.Data;
using Semblance.Filing;
using Semblance.Gallery.Stores;
using Semblance.Models;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;
using Semblance.Tensors;
using Semblance.Training;
using Semblance.Training.Recipes;

namespace Semblance.Cli.Quickstart;

/// <summary>The main job from end to end: make a world, train in it, measure on what was never seen, build a gallery, ask it, show what the model looked at.</summary>
/// <param name="folder">Where everything goes.</param>
/// <param name="seed">Of people and of what is left to chance.</param>
/// <param name="fromScratch">Start from random weights in place of those that come with Semblance.</param>
/// <param name="footage">A video to file as well.</param>
/// <param name="cancellation">Ends the run.</param>
internal sealed class QuickstartRun(string folder, ulong seed, bool fromScratch, string? footage, CancellationToken cancellation)
{
    /// <summary>A place that training and validation never see.</summary>
    public const string UnseenDomain = "snow";

    private const string Marker = ".quickstart";
    private const int UnseenIdentities = 240;
    private const int UnseenImages = 5;
    private const long CacheBytes = 1L << 30;

    // The unseen people are drawn from a stream of their own, whatever the seed of training.
    private const ulong UnseenSeedOffset = 1_000_003;
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);

    private string WorldFolder => Path.Combine(folder, "world");

    private string RunFolder => Path.Combine(folder, "run");

    private string GalleryFolder => Path.Combine(folder, "gallery");

    private string FootageFolder => Path.Combine(folder, "footage-gallery");

    private string ResultPath => Path.Combine(folder, "quickstart.json");

    private string ReportPath => Path.Combine(folder, "report.html");

    public async Task<QuickstartResult> RunAsync()
    {
        Trainer.RefuseLaunchers("quickstart");
        var start = Stopwatch.GetTimestamp();
        await ClaimFolderAsync();
        var recipe = ReadRecipe();
        var unseen = Step("world", MakeUnseenWorld);
        var run = Step("training", () => Train(recipe));
        using var encoder = TrainedModel.Open(RunFolder);
        var (unseenFigures, startFigures, untrainedFigures, histogramFigures) = Step("measuring", () => (
            Measure(encoder, unseen, "trained"), MeasureStart(recipe, unseen), MeasureUntrained(encoder, unseen), Measure(new ColourBaseline(), unseen, "colours")));
        await StepAsync("gallery", () => FileAsync(GalleryFolder, encoder, new FilingSettings { Kind = FilingKind.Dataset, Layout = "market1501", Path = WorldFolder }, "filing the unseen gallery", "pictures"));
        var found = footage is null ? null : await StepAsync("footage", () => FileFootageAsync(encoder));
        var body = await StepAsync("answers and explanations", async () =>
        {
            await using var gallery = await OpenedGallery.OpenAsync(GalleryFolder, encoder, cancellation: cancellation);
            await using var footageGallery = found is null ? null : await OpenedGallery.OpenAsync(FootageFolder, encoder, cancellation: cancellation);
            return await new QuickstartPage(encoder, gallery, unseen, footageGallery).PrepareAsync();
        });
        var result = new QuickstartResult
        {
            Unseen = unseenFigures,
            Start = startFigures,
            Untrained = untrainedFigures,
            Histogram = histogramFigures,
            Seconds = new(Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1), _seconds),
            Seed = seed,
            Run = RunFolder,
            World = WorldFolder,
            Gallery = GalleryFolder,
            Report = ReportPath,
            Footage = found,
        };
        AtomicFile.WriteText(ReportPath, QuickstartPage.Write(result, run, body));
        AtomicFile.WriteText(ResultPath, Json.Write(result));
        return result;
    }

    private PersonDataset MakeUnseenWorld()
    {
        var world = new World(new WorldOptions { Domain = UnseenDomain, Seed = seed + UnseenSeedOffset, Identities = UnseenIdentities, ImagesPerIdentity = UnseenImages });
        Clear(WorldFolder);
        using (var progress = Talk.Begin($"rendering {UnseenDomain}, which training never sees", "pictures"))
        {
            WorldWriter.Write(world, WorldFolder, WorldLayout.Market1501, WorldSplit.AllTest, new Relay<int>(done => progress.Report(done, Math.Max(done, world.Count))), cancellation: cancellation);
        }

        return DataLayout.Open("market1501", WorldFolder, new DatasetOptions { CacheBytes = CacheBytes });
    }

    private Recipe ReadRecipe() => RecipeFile.Read(
        Path.Combine(AppContext.BaseDirectory, "recipes", "quickstart.yaml"),
        [$"seed={seed}", $"data.sources.0.world.seed={seed}", .. fromScratch ? (string[])["model.start_weights=null"] : []],
        TrainVerb.EnvironmentVariables()).Recipe;

    private Run Train(Recipe recipe)
    {
        Clear(RunFolder);
        using var progress = new PhaseProgress();
        return new Trainer(progress, program: OwnProgram.Command).Train(recipe, RunFolder, cancellation: cancellation);
    }

    private QuickstartResult.Measured Measure(IPersonEncoder encoder, PersonDataset unseen, string who)
    {
        using var progress = new PhaseProgress($"{who}: ");
        var evaluator = new Evaluator(encoder, progress);
        JsonObject Figures(EvaluationTask task) => evaluator.Evaluate(unseen, task, cancellation).ToJson();
        return new() { Domain = UnseenDomain, TextToImage = Figures(EvaluationTask.TextToImage), Image = Figures(EvaluationTask.Image) };
    }

    /// <summary>What the start weights can do by themselves: the rest is the training's.</summary>
    private QuickstartResult.Measured? MeasureStart(Recipe recipe, PersonDataset unseen)
    {
        if (recipe.Model.StartWeights is not { } path)
        {
            return null;
        }

        using var start = TrainedModel.Open(path);
        return Measure(start, unseen, "start weights");
    }

    private QuickstartResult.Measured MeasureUntrained(TorchEncoder trained, PersonDataset unseen)
    {
        TorchRandom.Seed((long)seed);
        using var encoder = new MmetEncoder(new MmetIdentification(new Mmet((MmetOptions)trained.Options), classes: 0), trained.Tokenizer);
        return Measure(encoder, unseen, "untrained");
    }

    private async Task<int> FileAsync(string gallery, TorchEncoder encoder, FilingSettings settings, string step, string unit)
    {
        Clear(gallery);
        await using var store = await GalleryStores.OpenAsync(gallery, create: true, cancellation: cancellation);
        await GalleryModels.AddAsync(store, TrainedModel.ModelFolder(RunFolder), encoder, Path.GetFileName(RunFolder), cancellation: cancellation);
        using var progress = Talk.Begin(step, unit);
        return (int)(await BulkFiling.RunAsync(store, settings, progress, encoder, cancellation)).Job.Sightings;
    }

    private async Task<QuickstartResult.FootageFigures> FileFootageAsync(TorchEncoder encoder)
    {
        var settings = new FilingSettings { Kind = FilingKind.Video, Path = footage! };
        return new(Path.GetFileName(footage!), await FileAsync(FootageFolder, encoder, settings, $"finding people in {Path.GetFileName(footage)}", "videos"), FootageFolder);
    }

    private async Task<T> StepAsync<T>(string name, Func<Task<T>> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await work();
        _seconds[name] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
        return result;
    }

    private T Step<T>(string name, Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        _seconds[name] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
        return result;
    }

    /// <summary>What lies in the places that are made anew must be an earlier quickstart's, and a gallery only what that one filed.</summary>
    private async Task ClaimFolderAsync()
    {
        OutputFolder.Checked("--out", folder);
        var marker = Path.Combine(folder, Marker);
        string[] taken = [.. new[] { WorldFolder, RunFolder, GalleryFolder, FootageFolder }.Where(path => Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())];
        if (taken.Length > 0 && !File.Exists(marker) && !File.Exists(ResultPath))
        {
            throw new ArgumentException($"{taken[0]} was not made by a quickstart, which would make it anew: name another folder with --out");
        }

        foreach (var gallery in taken.Where(GalleryStores.Exists))
        {
            await using var store = await GalleryStores.OpenAsync(gallery, cancellation: cancellation);
            var jobs = await store.JobsAsync(2, cancellation);
            if (jobs.Count > 1 || await store.CountAsync(cancellation) != jobs.Sum(job => job.Sightings)
                || await store.KeysAsync(cancellation) is { Count: > 0 } || await store.PeopleAsync(long.MaxValue, 1, cancellation) is { Count: > 0 })
            {
                throw new ArgumentException($"{gallery} holds more than a quickstart filed (pictures, people or keys of yours), and would be made anew: move it away, or name another folder with --out");
            }
        }

        AtomicFile.WriteText(marker, "world, run, gallery and footage-gallery beside this file are made anew by each quickstart.\n");
    }

    private static void Clear(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
