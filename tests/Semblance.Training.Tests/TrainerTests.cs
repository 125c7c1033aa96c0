using Semblance.Core;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;
using Semblance.Tensors;
using Semblance.Tensors.Layers;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

[Collection("libtorch")]
public sealed class TrainerTests
{
    [Fact]
    public void SameRecipeGivesTheSameWeightsWhateverTheLoaderDoes()
    {
        using var directory = new TemporaryDirectory();
        var first = Toy.Trainer().Train(Toy.Recipe("loader.threads=1", "loader.ahead=1", "data.cache=none"), Path.Combine(directory.Path, "a"));
        var second = Toy.Trainer().Train(Toy.Recipe("loader.threads=3", "loader.ahead=5", "checkpoints.every=100"), Path.Combine(directory.Path, "b"));
        var third = Toy.Trainer().Train(Toy.Recipe("seed=6"), Path.Combine(directory.Path, "c"));
        Assert.Equal(Toy.Weights(first), Toy.Weights(second));
        Assert.NotEqual(Toy.Weights(first), Toy.Weights(third));
    }

    [Theory]
    [InlineData("stage a", 4)]
    [InlineData("stage b", 2)]
    public void CancelledRunGoesOnToTheSameWeightsAndCurves(string phase, int step)
    {
        using var directory = new TemporaryDirectory();
        string[] settings = ["model.options.joint_weight=0.5", "validation.identities=0"];
        var undisturbed = Toy.Trainer().Train(Toy.Recipe(settings), Path.Combine(directory.Path, "undisturbed"));
        using var cancellation = new CancellationTokenSource();
        var stopAt = new Listener(report =>
        {
            if (report.Phase == phase && report.Done == step)
            {
                cancellation.Cancel();
            }
        });
        var path = Path.Combine(directory.Path, "cancelled");
        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Trainer(progress: stopAt, time: new HastyTime()).Train(Toy.Recipe(settings), path, cancellation: cancellation.Token));
        Assert.False(Run.Open(path).IsFinished);
        var resumed = Toy.Trainer().Train(Toy.Recipe([.. settings, "log_every=2", "name=renamed"]), path, resume: true);
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(resumed));
        Assert.Equal(undisturbed.ReadMetrics()[^1]["loss"]!.ToString(), resumed.ReadMetrics()[^1]["loss"]!.ToString());
        Assert.NotEmpty(resumed.ReadRecord()["resumed"]!.AsArray());
    }

    /// <summary>Stage B's necks come with the start weights, and no checkpoint of stage A holds them.</summary>
    [Fact]
    public void ARunWithStartWeightsThatIsCancelledInStageAGoesOnToTheSameWeights()
    {
        using var directory = new TemporaryDirectory();
        string In(string name) => Path.Combine(directory.Path, name);
        var start = Toy.Trainer().Train(Toy.Recipe(), In("start"));
        var recipe = Toy.Recipe($"model.start_weights=\"{start.DirectoryPath}\"");
        var undisturbed = Toy.Trainer().Train(recipe, In("undisturbed"));
        using var cancellation = new CancellationTokenSource();
        var stopAt = new Listener(report =>
        {
            if (report.Phase == "stage a" && report.Done == 4)
            {
                cancellation.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Trainer(progress: stopAt, time: new HastyTime()).Train(recipe, In("cancelled"), cancellation: cancellation.Token));
        var resumed = Toy.Trainer().Train(recipe, In("cancelled"), resume: true);
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(resumed));
        Assert.True((double)resumed.ReadRecord()["seconds"]! > 0);
    }

    /// <summary>A slip in a path costs another command, and no other folder.</summary>
    [Fact]
    public void AStartThatFailsLeavesNoRunBehind()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "run");
        Assert.ThrowsAny<Exception>(() => Toy.Trainer().Train(Toy.Recipe("model.start_weights=nowhere", "stage_a.steps=1", "stage_b.steps=1"), path));
        Assert.False(File.Exists(Path.Combine(path, "recipe.yaml")));
        Assert.True(Toy.Trainer().Train(Toy.Recipe("stage_a.steps=1", "stage_b.steps=1", "vocabulary.size=250"), path).IsFinished);
    }

    [Fact]
    public void RunRecordsHowItWasMade()
    {
        using var directory = new TemporaryDirectory();
        var run = Toy.Trainer(Toy.People(12)).Train(Toy.Recipe("validation.identities=3", "validation.every=4"), Path.Combine(directory.Path, "run"));
        var record = run.ReadRecord();
        Assert.Equal(5, (double)record["seed"]!);
        Assert.Equal(8, (double)record["options"]!["stage_a"]!["steps"]!);
        Assert.Equal(9, (int)record["data"]!["training_identities"]!);
        Assert.Equal(36, (int)record["data"]!["training_pictures"]!);
        Assert.Equal(12, (int)record["data"]!["validation_pictures"]!);
        Assert.Equal(Semblance.Tensors.Torch.Version, (string?)record["libraries"]!["libtorch"]);
        Assert.Matches("^([0-9a-f]{40}|unknown)$", (string)record["commit"]!);
        Assert.True((double)record["seconds"]! > 0);
        Assert.True(File.Exists(run.VocabularyPath));
        Assert.Equal(2, run.ReadRecipe().Threads);
        Assert.NotEmpty(Directory.GetFiles(run.DirectoryPath, "events.out.tfevents.*"));
        Assert.Equal(2, Directory.GetFiles(run.CheckpointsPath).Length);
        var validations = run.ReadMetrics().Where(line => (string?)line["stage"] == "validation").ToList();
        Assert.Equal([4, 8, 12, 14], validations.Select(line => (long)line["step"]!));
        Assert.All(validations, line => Assert.InRange((double)line["text-to-image/map"]!, 0.01, 1));
        Assert.All(run.ReadMetrics().Where(line => (string?)line["stage"] != "validation"), line => Assert.True(double.IsFinite((double)line["loss"]!)));
        Assert.Contains(run.ReadMetrics(), line => line.ContainsKey("loss/mim"));
        Assert.Contains(run.ReadMetrics(), line => line.ContainsKey("loss/id_fusion"));
    }

    [Fact]
    public void ARunSettlesThePrecisionThatTheRecipeLeavesToTheMachineAndKeepsIt()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "run");
        Interrupt(path, Toy.Recipe("precision=auto"));
        var settled = Run.Open(path).ReadRecipe().Precision;
        Assert.Equal(Autocast.IsFast(ScalarType.BFloat16) ? Precision.Bfloat16 : Precision.Float32, settled);
        Assert.Equal(settled, Toy.Trainer().Train(Toy.Recipe("precision=auto"), path, resume: true).ReadRecipe().Precision);
    }

    [Fact]
    public void ModelIsOpenedFromTheRunAndUnfinishedRunsSayHowFarTheyAre()
    {
        using var directory = new TemporaryDirectory();
        var run = Toy.Trainer().Train(Toy.Recipe("stage_a.steps=2", "stage_b.steps=2"), Path.Combine(directory.Path, "run"));
        using var encoder = TrainedModel.Open(run.DirectoryPath);
        Assert.Equal((string)run.ReadRecord()["fingerprint"]!, encoder.Fingerprint.Hex);
        var unfinished = Path.Combine(directory.Path, "unfinished");
        Interrupt(unfinished, Toy.Recipe());
        Assert.Contains("it has done 1 steps", Assert.Throws<DirectoryNotFoundException>(() => TrainedModel.Open(unfinished)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => TrainedModel.Open(Path.Combine(directory.Path, "nothing")));
    }

    [Fact]
    public void AnotherRunsDirectoryIsRefused()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(directory.Path, "recipe.yaml"), "");
        Assert.Contains("--resume", Assert.Throws<ResumeException>(() => Toy.Trainer().Train(Toy.Recipe(), directory.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResumingSaysWhatDiffers()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "run");
        Interrupt(path, Toy.Recipe());
        var recipe = Assert.Throws<ResumeException>(() => Toy.Trainer().Train(Toy.Recipe("stage_a.batch_size=6", "stage_b.optimiser.weight_decay=0.2"), path, resume: true));
        Assert.Contains("stage_a.batch_size: the run has 4, the recipe now says 6", recipe.Message, StringComparison.Ordinal);
        Assert.Contains("stage_b.optimiser.weight_decay: the run has 0.1, the recipe now says 0.2", recipe.Message, StringComparison.Ordinal);
        var data = Assert.Throws<ResumeException>(() => Toy.Trainer(Toy.People(images: 5)).Train(Toy.Recipe(), path, resume: true));
        Assert.Contains("the data changed", data.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckpointOfAnotherArchitectureIsRefusedByName()
    {
        using var directory = new TemporaryDirectory();
        var (path, other) = (Path.Combine(directory.Path, "run"), Path.Combine(directory.Path, "other"));
        Interrupt(path, Toy.Recipe());
        Interrupt(other, Toy.Recipe("model.options.image_layers=1", "model.options.hidden_width=32"));
        var own = Assert.Single(Directory.GetFiles(Path.Combine(path, "checkpoints")));
        File.Copy(Assert.Single(Directory.GetFiles(Path.Combine(other, "checkpoints"))), own, overwrite: true);
        var error = Assert.Throws<StateDictException>(() => Toy.Trainer().Train(Toy.Recipe(), path, resume: true));
        Assert.Contains(error.Missing, name => name.Contains("image_encoder", StringComparison.Ordinal));
        Assert.NotEmpty(error.Misshapen);
    }

    [Fact]
    public void CaptionlessSourcesTrainOnPicturesAloneAndSayWhatToChange()
    {
        using var directory = new TemporaryDirectory();
        var people = Toy.People(captions: false);
        var error = Assert.Throws<ArgumentException>(() => Toy.Trainer(people).Train(Toy.Recipe(), Path.Combine(directory.Path, "a")));
        Assert.Contains("stage_a.ratio", error.Message, StringComparison.Ordinal);
        var run = Toy.Trainer(people).Train(Toy.Recipe("stage_a.ratio.text=0", "stage_a.ratio.pair=0"), Path.Combine(directory.Path, "b"));
        Assert.True(run.IsFinished);
    }

    [Fact]
    public void GoesOnFromAModelWithItsVocabularyForOtherPeople()
    {
        using var directory = new TemporaryDirectory();
        var first = Toy.Trainer().Train(Toy.Recipe(), Path.Combine(directory.Path, "first"));
        var start = Path.Combine(directory.Path, "start");
        using (var encoder = TrainedModel.Open(first.DirectoryPath))
        {
            encoder.Export(start, "made up", half: false);
        }

        // No step: what comes out is what went in.
        string[] settings = [$"model.start_weights=\"{start}\"", "stage_a.steps=0", "stage_b.steps=1", "stage_b.optimiser.learning_rate=1e-12", "vocabulary.size=200"];
        var second = Toy.Trainer(Toy.People(14)).Train(Toy.Recipe(settings), Path.Combine(directory.Path, "second"));
        using var before = TrainedModel.Open(start);
        using var after = TrainedModel.Open(second.DirectoryPath);
        Assert.Equal(before.Tokenizer.Vocabulary, after.Tokenizer.Vocabulary);
        Assert.Equal(14, ((MmetEncoder)after).Model.Classes);
        string[] texts = ["a person in a red coat"];
        Assert.Equal(before.EncodeTexts(texts, EmbeddingSpace.Joint)[0], after.EncodeTexts(texts, EmbeddingSpace.Joint)[0], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Contains(before.Fingerprint.Hex, (string)second.ReadRecord()["start_weights"]!["report"]!, StringComparison.Ordinal);

        var other = Assert.Throws<SemblanceFormatException>(() =>
            Toy.Trainer().Train(Toy.Recipe([.. settings, "model.options.image_layers=1"]), Path.Combine(directory.Path, "third")));
        Assert.Contains("ImageLayers is 2, expected 1", other.Message, StringComparison.Ordinal);
    }

    /// <summary>A quickstart's model has no fusion head, and is a start for models that have one.</summary>
    [Fact]
    public void AHeadThatTheStartWeightsLackBeginsAfresh()
    {
        using var directory = new TemporaryDirectory();
        var first = Toy.Trainer().Train(Toy.Recipe("model.options.fusion_head_weight=0"), Path.Combine(directory.Path, "first"));
        var second = Toy.Trainer().Train(Toy.Recipe($"model.start_weights=\"{first.DirectoryPath}\""), Path.Combine(directory.Path, "second"));
        Assert.Matches("begun afresh: fusion_head.neck.weight, ", (string)second.ReadRecord()["start_weights"]!["report"]!);
    }

    /// <summary>Two batches a step take the gradient of their mean: plain SGD from one state moves by half the sum of both moves.</summary>
    [Fact]
    public void AccumulatedBatchesMoveAsTheMeanOfThem()
    {
        using var directory = new TemporaryDirectory();
        float[] Moved(int step, params string[] settings)
        {
            var path = Path.Combine(directory.Path, $"run{step}{settings.Length}");
            string[] plain = ["model.options.stochastic_depth=0", "stage_a.steps=0", "stage_b.optimiser.kind=sgd", "stage_b.optimiser.momentum=0", "stage_b.optimiser.weight_decay=0", "stage_b.optimiser.gradient_clip=0", "stage_b.optimiser.schedule=constant", "stage_b.optimiser.warmup=0"];
            using var encoder = (MmetEncoder)TrainedModel.Open(Toy.Trainer().Train(Toy.Recipe([.. plain, $"stage_b.steps={step}", .. settings]), path).DirectoryPath);
            return encoder.Model.StateDict().First(pair => pair.Key.Contains("image_encoder", StringComparison.Ordinal) && pair.Value.Rank == 2).Value.ToArray<float>();
        }

        // So slow that the second batch finds the weights where the first did.
        const string slow = "stage_b.optimiser.learning_rate=1e-4";
        var (none, one, two, both) = (Moved(1, "stage_b.optimiser.learning_rate=1e-12"), Moved(1, slow, "log_every=1"), Moved(2, slow), Moved(1, slow, "stage_b.optimiser.accumulate=2", "log_every=1"));
        double Apart(Func<int, double> a, Func<int, double> b) => Math.Sqrt(none.Select((_, i) => Math.Pow(a(i) - b(i), 2)).Sum() / none.Select((start, i) => Math.Pow(both[i] - start, 2)).Sum());
        Assert.InRange(Apart(i => both[i] - none[i], i => (two[i] - none[i]) / 2.0), 0, 0.05);
        Assert.InRange(Apart(i => both[i] - none[i], i => one[i] - none[i]), 0.2, 10);
    }

    /// <summary>Both other ways to find the person, in a run that masks by them.</summary>
    [Fact]
    public void MasksWhereTheStartWeightsLookOrWhereOtherMasksLie()
    {
        using var directory = new TemporaryDirectory();
        var first = Toy.Trainer().Train(Toy.Recipe("stage_b.steps=2"), Path.Combine(directory.Path, "first"));
        string[] start = [$"model.start_weights=\"{first.DirectoryPath}\"", "stage_a.steps=2", "stage_b.steps=0"];
        var runs = new[] { "auto", "attention", "mean-mask", "ellipse" }.Select(kind =>
            Toy.Trainer().Train(Toy.Recipe([.. start, $"stage_a.foreground={kind}"]), Path.Combine(directory.Path, kind))).ToList();
        Assert.All(runs, run => Assert.True(run.IsFinished));

        var weights = runs.Select(Toy.Weights).ToList();
        Assert.NotEqual(weights[0], weights[1]);
        Assert.NotEqual(weights[0], weights[3]);
        var fault = Assert.Throws<RecipeException>(() => Toy.Recipe("stage_a.foreground=attention"));
        Assert.Contains("name a model's folder in model.start_weights", fault.Message, StringComparison.Ordinal);
        var people = Toy.People();
        var maskless = people with { Pictures = new Maskless(people.Pictures) };
        var none = Assert.Throws<ArgumentException>(() => Toy.Trainer(maskless).Train(Toy.Recipe("stage_a.foreground=mean-mask"), Path.Combine(directory.Path, "none")));
        Assert.Contains("no source has masks to average", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunawayLossStopsTheRunWithTheStep()
    {
        using var directory = new TemporaryDirectory();
        var recipe = Toy.Recipe("stage_a.optimiser.kind=sgd", "stage_a.optimiser.learning_rate=10", "stage_a.optimiser.gradient_clip=0", "stage_a.optimiser.warmup=0", "stage_a.steps=200");
        var error = Assert.Throws<ArithmeticException>(() => Toy.Trainer().Train(recipe, Path.Combine(directory.Path, "run")));
        Assert.Matches("stage_a step [0-9]+", error.Message);
    }

    private static void Interrupt(string path, Semblance.Training.Recipes.Recipe recipe)
    {
        using var cancellation = new CancellationTokenSource();
        var stop = new Listener(report =>
        {
            if (report.Phase == "stage a")
            {
                cancellation.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Trainer(progress: stop, time: new HastyTime()).Train(recipe, path, cancellation: cancellation.Token));
    }

    /// <summary>A second passes whenever somebody looks, so that no report is held back for coming too soon.</summary>
    private sealed class HastyTime : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _seconds);
    }

    /// <summary>Hears at once, on the reporting thread, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }

    private sealed class Maskless(IPictureSource source) : IPictureSource
    {
        public Picture LoadPicture(PersonRecord record) => source.LoadPicture(record);

        public LabelMap? LoadMask(PersonRecord record) => null;
    }

    /// <summary>FineGPR comes with attributes; who has no captions learns from words that are written from them (decision D27).</summary>
    [Theory]
    [InlineData(null, 16)]
    [InlineData("fixed", 1)]
    public void CaptionsOfFineGprAreWrittenFromItsAttributes(string? style, int each)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "FineGPR");
        WorldWriter.Write(new World(new WorldOptions { Identities = 6, ImagesPerIdentity = 3, Width = 32, Height = 64 }), path, WorldLayout.FineGpr, WorldSplit.AllTrain);
        File.Delete(Path.Combine(path, "captions.json"));
        string[] settings = [$"data.sources=[{{ layout: finegpr, path: \"{path}\"{(style is null ? "" : $", write_captions: {style}")} }}]", "stage_a.steps=3", "stage_b.steps=2"];
        var run = new Trainer().Train(Toy.Recipe(settings), Path.Combine(directory.Path, "run"));
        Assert.Equal(18 * each, (int)run.ReadRecord()["data"]!["sources"]![0]!["captions"]!);
        using var encoder = TrainedModel.Open(run.DirectoryPath);
        Assert.Contains("man", string.Join(' ', encoder.Tokenizer.Vocabulary), StringComparison.Ordinal);
    }
}
