using System.Text.Json.Nodes;
using Semblance.Core;
using Semblance.Data;
using Semblance.Models;
using Semblance.Models.Weights;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Text;
using Semblance.Training.Loop;
using Semblance.Training.Methods;
using Semblance.Training.Metrics;
using Semblance.Training.Processes;
using Semblance.Training.Recipes;
using Semblance.Training.Samples;

namespace Semblance.Training;

/// <summary>
/// Trains what a recipe asks for. The same recipe gives the same weights; a run that was killed and resumed gives the same weights as one that was not, on the
/// processor bit for bit.
/// </summary>
/// <remarks>
/// A recipe for several processes is trained by this one and others like it, which it starts; or by those that a launcher has started, each told by torchrun's variables which one
/// it is. All of them read the same data, and the first of them alone writes the run.
/// </remarks>
/// <param name="progress">Hears of every phase.</param>
/// <param name="time">Where the time comes from.</param>
/// <param name="open">Opens the sources of a recipe, in place of reading data sets from disk and rendering worlds.</param>
/// <param name="program">
/// What starts this program, and its first arguments, so that <c>train RECIPE --out RUN --resume</c> may follow: how other processes are started for a recipe that wants several.
/// </param>
public sealed class Trainer(
    IProgress<TrainingProgress>? progress = null, TimeProvider? time = null, Func<Recipe, IReadOnlyList<PersonDataset>>? open = null, IReadOnlyList<string>? program = null)
{
    // A look at held-out people may take the first process long, while the others wait.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    private readonly Func<Recipe, IReadOnlyList<PersonDataset>> _open = open ?? (recipe => SourceOpener.Open(recipe.Data, recipe.Model.Options));
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Whether a launcher started this process as another than the first of several: it trains, and has nothing to say.</summary>
    public static bool IsSilent => ProcessSeat.FromEnvironment() is { Rank: > 0 };

    /// <summary>For work that goes on after a training, which would be done by each process.</summary>
    /// <exception cref="ArgumentException">A launcher started this process as one of several.</exception>
    public static void RefuseLaunchers(string work)
    {
        if (ProcessSeat.FromEnvironment() is { } seat)
        {
            throw new ArgumentException($"{work} starts the processes of its trainings itself: unset WORLD_SIZE ({seat.Size}), and set \"processes\" in the recipe or by --set");
        }
    }

    /// <summary>Trains from the beginning, or from the newest checkpoint.</summary>
    /// <param name="recipe">What to train.</param>
    /// <param name="directory">Where the run goes.</param>
    /// <param name="resume">Go on with the run in that directory, if there is one; refused if the recipe or the data differ in what matters.</param>
    /// <param name="cancellation">Ends after the current step with a checkpoint to go on from.</param>
    /// <returns>The finished run.</returns>
    /// <exception cref="ResumeException">The directory holds a run and <paramref name="resume"/> is false, or the recipe or the data are not those that the run began with.</exception>
    /// <exception cref="ArgumentException">The recipe asks for a device that is not here.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ArithmeticException">The loss is not finite.</exception>
    public Run Train(Recipe recipe, string directory, bool resume = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var seat = ProcessSeat.FromEnvironment();
        recipe = Shared(recipe, seat);
        Device.Find(Seated(recipe, seat).Device, "the recipe", "device: cpu, or --set device=cpu");
        var goesOn = resume && File.Exists(Path.Combine(directory, "recipe.yaml"));
        var run = goesOn ? Run.Open(directory) : Run.Create(directory);
        recipe = Seated(goesOn ? Continued(recipe, run) : Settled(recipe, seat), seat);
        if (run.IsFinished)
        {
            return run;
        }

        if (recipe.Processes == 1)
        {
            return Train(recipe, run, cancellation);
        }

        if (seat is not null)
        {
            HelperProcesses.Arrive(seat);
            using var group = ProcessGroup.Join(seat.Place, seat.Rank, seat.Size, Patience);
            using var member = group.Enter();
            return Train(recipe, run, cancellation);
        }

        using var helpers = HelperProcesses.Start(
            program ?? throw new ArgumentException($"the recipe wants {recipe.Processes} processes, which this program cannot start: set processes to 1, or start it by a launcher such as torchrun"),
            recipe,
            directory);
        try
        {
            using var group = helpers.Join(Patience, cancellation);
            using var member = group.Enter();
            return Train(recipe, run, cancellation);
        }
        catch (TorchException exception)
        {
            // By now the group is left. What ended a helper may have been the same Ctrl-C.
            cancellation.ThrowIfCancellationRequested();
            if (helpers.Failure(exception.Message) is { } failure)
            {
                throw new InvalidOperationException(failure, exception);
            }

            throw;
        }
    }

    private Run Train(Recipe recipe, Run run, CancellationToken cancellation)
    {
        var (start, group) = (_time.GetTimestamp(), ProcessGroup.Current);
        var writes = group is null or { IsFirst: true };
        Torch.SetThreads(recipe.Threads);
        var samples = SampleSet.Gather(_open(recipe), recipe.Validation, recipe.Seed);
        var checkpoint = Checkpoint.Newest(run.CheckpointsPath);
        var reached = checkpoint is null ? null : Checkpoint.Read(checkpoint);
        if (reached is not null && reached.Data != samples.Fingerprint)
        {
            throw new ResumeException($"{run.DirectoryPath}: the data changed since {Path.GetFileName(checkpoint)} was written (fingerprint {reached.Data[..12]}, now {samples.Fingerprint[..12]}): "
                + "bring the old data back, or begin a new run");
        }

        if (group is not null)
        {
            // Each machine has its own devices and processors.
            Agree(group, "recipe, which leaves precision to the machine unless it names one", RecipeFile.Write(recipe with { Device = "any", Threads = 1, Loader = new LoaderRecipe() }));
            Agree(group, "data", samples.Fingerprint);
            Agree(group, "checkpoint", $"{reached?.GlobalStep}");
        }

        var tokenizer = OneVocabulary(recipe, samples, run);
        if (recipe.Model.Options.FaultOf(tokenizer) is { } fault)
        {
            throw new ArgumentException($"the vocabulary ({recipe.Vocabulary.Path ?? run.VocabularyPath}) holds {fault}");
        }

        var options = recipe.Model.Options with { VocabularySize = tokenizer.VocabularySize };
        options = recipe.Model.Words is { } bert ? options.ReadingWordsBy(ImportedWeights.BertOf(bert))! : options;
        if (writes)
        {
            WriteRecord(run, recipe, samples, tokenizer, reached);
        }

        var pictures = new PictureStore([.. samples.Training, .. samples.HeldOut], options.Height, options.Width, recipe.Data.Cache);
        pictures.Fill(Math.Max(recipe.Loader.Threads, recipe.Threads), progress, _time, cancellation);

        var work = new MethodWork(recipe, samples, pictures, tokenizer);
        using IMethod method = DualTowerMethod.For(options) is { } towers ? new DualTowerTraining(work, towers, options) : new MmetMethod(new MmetWork(work, (MmetOptions)options), run);

        // Also for a run that goes on: a checkpoint holds what its own stage trains, and a later stage may begin from what it does not.
        if (recipe.Model.StartWeights is { } weights)
        {
            var taken = new JsonObject { ["path"] = weights, ["report"] = method.StartFrom(weights) };
            if (writes)
            {
                Note(run, "start_weights", taken, reached);
            }
        }

        if (method.TakeParts(recipe.Model) is { Count: > 0 } parts && writes)
        {
            Note(run, "public_weights", new JsonObject(parts.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)JsonValue.Create(part.Value)))), reached);
        }

        // Not before everything that it names has been opened: a directory with a recipe holds a run, which another recipe may not enter.
        group?.Meet();
        if (writes)
        {
            AtomicFile.WriteText(run.RecipePath, RecipeFile.Write(recipe));
        }

        double Elapsed() => (reached?.Seconds ?? 0) + _time.GetElapsedTime(start).TotalSeconds;
        RunStages(work, method, run, checkpoint, reached, Elapsed, cancellation);
        if (writes)
        {
            Finish(run, method, Elapsed());
        }

        group?.Meet();
        return run;
    }

    /// <summary>Processes with different sums would teach each other nonsense; none of them trains on.</summary>
    private static void Agree(ProcessGroup group, string what, string text)
    {
        using var scope = new TensorScope();
        var own = (long)Randomness.Key(text);
        var first = Tensor.From([own], 1);
        group.Spread(first);
        if (group.Any(first.Item<long>() != own))
        {
            throw new ArgumentException($"the processes that are to train together have not the same {what}: give all of them the same recipe, the same data and a run's directory that all of them reach");
        }
    }

    /// <summary>Writes down what the run started from; one that goes on must find the same.</summary>
    private static void Note(Run run, string name, JsonObject taken, Checkpoint? reached)
    {
        var record = run.ReadRecord();
        if (reached is not null && record[name] is { } before && !JsonNode.DeepEquals(before, taken))
        {
            throw new ResumeException($"{run.DirectoryPath}: the {name.Replace('_', ' ')} are others than those that the run began with ({before.ToJsonString()}, now {taken.ToJsonString()}): bring these back, or begin a new run");
        }

        record[name] = taken;
        JsonFile.Write(run.RecordPath, record);
    }

    private void RunStages(MethodWork work, IMethod method, Run run, string? checkpoint, Checkpoint? reached, Func<double> elapsed, CancellationToken cancellation)
    {
        var recipe = work.Recipe;
        using var curves = ProcessGroup.Current is null or { IsFirst: true } ? RunCurves.Open(run, reached?.GlobalStep ?? 0, _time) : null;
        var loop = new TrainingLoop(run, recipe, work.Samples.Fingerprint, Device.Parse(recipe.Device), curves, progress, _time, elapsed);
        var validation = recipe.Validation.Identities == 0 || curves is null ? null : new Validation(recipe.Validation, work, method, curves, progress, _time);
        var before = 0L;
        foreach (var stage in method.Stages)
        {
            // The stages before the one that the checkpoint is of are in its weights already.
            if (reached is null || reached.Stage == stage.Key)
            {
                loop.Run(stage, before, reached is null ? null : checkpoint, stage.TrainsTheEncoder && validation is not null ? validation.Run : null, cancellation);
                reached = null;
            }

            before += stage.Steps;
        }
    }

    /// <summary>The recipe with as many processes as a launcher started.</summary>
    private static Recipe Shared(Recipe recipe, ProcessSeat? seat)
    {
        if (seat is null)
        {
            return recipe;
        }

        if (recipe.Processes != 1 && recipe.Processes != seat.Size)
        {
            throw new ArgumentException($"the recipe wants {recipe.Processes} processes, but {seat.Size} were started (WORLD_SIZE): start as many, or leave \"processes\" out");
        }

        recipe = recipe with { Processes = seat.Size };
        var faults = RecipeChecks.Faults(recipe).Select(fault => fault with { Origin = "WORLD_SIZE" }).ToList();
        return faults.Count == 0 ? recipe : throw new RecipeException(recipe.Name, faults);
    }

    /// <summary>The recipe with the device that is this process's own.</summary>
    private static Recipe Seated(Recipe recipe, ProcessSeat? seat) =>
        seat is not null && Device.Parse(recipe.Device) is { Kind: DeviceKind.Cuda } first ? recipe with { Device = Device.Cuda(first.Index + seat.LocalRank).ToString() } : recipe;

    /// <summary>What a recipe leaves to the machine, as this machine has it.</summary>
    private static Recipe Settled(Recipe recipe, ProcessSeat? seat) => recipe with
    {
        Threads = recipe.Threads > 0 ? recipe.Threads : Math.Max(1, Environment.ProcessorCount / (seat?.LocalSize ?? recipe.Processes)),
        Precision = recipe.Precision != Precision.Auto ? recipe.Precision
            : Autocast.IsFast(ScalarType.BFloat16, Device.Parse(recipe.Device)) ? Precision.Bfloat16 : Precision.Float32,
    };

    /// <summary>The recipe that the run goes on with: its own, but for what is free to change.</summary>
    internal static Recipe Continued(Recipe asked, Run run)
    {
        var own = run.ReadRecipe();
        asked = asked with
        {
            Threads = asked.Threads > 0 ? asked.Threads : own.Threads,
            Precision = asked.Precision == Precision.Auto ? own.Precision : asked.Precision,
        };
        var differences = RecipeFile.Differences(own, asked);
        return differences.Count == 0 ? asked : throw new ResumeException(
            $"{run.DirectoryPath} was begun with another recipe:{string.Concat(differences.Select(row => $"\n  {row.Path}: the run has {row.First}, the recipe now says {row.Second}"))}"
            + "\nGo on with the recipe that it was begun with (recipe.yaml in its directory), or begin a new run.");
    }

    /// <summary>The first process's, where several train together.</summary>
    private static ITokenizer OneVocabulary(Recipe recipe, SampleSet samples, Run run)
    {
        if (ProcessGroup.Current is not { } group)
        {
            return Vocabulary(recipe, samples, run);
        }

        var own = group.IsFirst ? Vocabulary(recipe, samples, run) : null;
        group.Meet();
        var tokenizer = own ?? Tokenizers.Load(run.VocabularyPath);
        Agree(group, "vocabulary", tokenizer.Fingerprint);
        return tokenizer;
    }

    /// <summary>That of the run so far, of the start weights, of a file, or learnt from the captions.</summary>
    private static ITokenizer Vocabulary(Recipe recipe, SampleSet samples, Run run)
    {
        if (run.HasBegun && File.Exists(run.VocabularyPath))
        {
            return Tokenizers.Load(run.VocabularyPath);
        }

        // What a grammar writes uses the same words over and over.
        var captions = samples.Training.SelectMany(sample => sample.Record.Captions is WrittenCaptions written ? written.Take(1) : sample.Record.Captions);
        var tokenizer = recipe.Model.StartWeights is { } start && Directory.Exists(start) ? ModelFile.VocabularyOf(TrainedModel.ModelFolder(start))
            : recipe.Vocabulary.Path is { } path ? Tokenizers.Load(path)
            : captions.Any() ? WordPieceTrainer.Learn(captions, recipe.Vocabulary.Size) : WordPieceTokenizer.FromVocabulary(SpecialTokens.All.Append("person"));
        tokenizer.Save(run.VocabularyPath);
        return tokenizer;
    }

    private void WriteRecord(Run run, Recipe recipe, SampleSet samples, ITokenizer tokenizer, Checkpoint? reached)
    {
        var now = _time.GetUtcNow();
        var record = reached is not null && File.Exists(run.RecordPath) ? run.ReadRecord() : RunRecord.Begin(recipe, samples, tokenizer.VocabularySize, now);
        if (reached is not null)
        {
            (record["resumed"] as JsonArray)?.Add(new JsonObject { ["at"] = now.ToString("O"), ["step"] = reached.GlobalStep, ["libraries"] = RunRecord.Libraries() });
        }

        JsonFile.Write(run.RecordPath, record);
    }

    // The record last: without it the run is not finished, and whoever goes on writes the model again.
    private void Finish(Run run, IMethod method, double seconds)
    {
        var record = run.ReadRecord();
        record["fingerprint"] = method.Save(run.ModelPath).Hex;
        record["finished"] = _time.GetUtcNow().ToString("O");
        record["seconds"] = Math.Round(seconds, 1);
        JsonFile.Write(run.RecordPath, record);
    }
}
