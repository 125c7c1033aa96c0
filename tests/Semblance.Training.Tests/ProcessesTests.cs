using Semblance.Tensors;
using Semblance.Training.Processes;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

/// <summary>Several processes on one run. The plain twin is the same recipe in one process.</summary>
[Collection("libtorch")]
public sealed class ProcessesTests
{
    /// <summary>Steps in proportion to the gradient, so that rounding stays what it is; Adam's first steps make a sign of it.</summary>
    private static readonly string[] Plain =
    [
        "threads=1", "log_every=1",
        "stage_a.optimiser.kind=sgd", "stage_b.optimiser.kind=sgd", "stage_a.optimiser.learning_rate=1e-3", "stage_b.optimiser.learning_rate=1e-3",
        "stage_a.optimiser.warmup=0", "stage_b.optimiser.warmup=0",
    ];

    public static TheoryData<string, string[]> Methods => new()
    {
        { "dual-encoder-small", [] },
        { "dual-encoder-small", ["stage_b.optimiser.accumulate=2"] },
        { "axm-net-small", ["model.options.height=64", "model.options.width=32"] },
        { "lcr2s-small", ["model.options.height=64", "model.options.width=32", "model.options.support=drawn", "model.options.support_gradient=false", "stage_b.order=random"] },
        { "lcr2s-small", ["model.options.height=64", "model.options.width=32", "model.options.support=drawn", "model.options.matching=ranking", "model.options.other_sentence_weight=0"] },
    };

    [Theory]
    [MemberData(nameof(Methods), DisableDiscoveryEnumeration = true)]
    public void TwoProcessesTakeTheStepsOfOne(string preset, string[] settings) => TakesTheSameSteps(more => DualTowerTrainingTests.Recipe(preset, [.. Plain, .. settings, .. more]));

    [Theory]
    [InlineData("model.options.triplet_place=before-neck")]
    [InlineData("model.options.contrastive=one-to-one")]
    public void TwoProcessesTakeTheStepsOfOneInMmetsSecondStage(string setting) =>
        TakesTheSameSteps(more => Toy.Recipe([.. Plain, "model.options.stochastic_depth=0", "model.options.joint_weight=0", "model.options.identification_contrastive_weight=1", "stage_a.steps=0", setting, .. more]));

    /// <summary>Masked predictions are means over a process's own share, and mismatched pairs are made within it: a run by two is another one, but just as good.</summary>
    [Fact]
    public void MmetsFirstStageIsTrainedToo()
    {
        using var directory = new TemporaryDirectory();
        var run = Together().Train(Toy.Recipe("processes=2", "threads=1", "log_every=1"), Path.Combine(directory.Path, "run"));
        Assert.Equal(14, run.ReadMetrics().Count);
        Assert.Equal(2, (double)run.ReadRecord()["options"]!["processes"]!);
        using var encoder = TrainedModel.Open(run.DirectoryPath);
        Assert.Equal((string)run.ReadRecord()["fingerprint"]!, encoder.Fingerprint.Hex);
    }

    [Fact]
    public void CancelledRunGoesOnToTheSameWeights()
    {
        using var directory = new TemporaryDirectory();
        var recipe = DualTowerTrainingTests.Recipe("lcr2s-small", "processes=2", "threads=1", "model.options.height=64", "model.options.width=32");
        var undisturbed = Together().Train(recipe, Path.Combine(directory.Path, "undisturbed"));
        using var cancellation = new CancellationTokenSource();
        var path = Path.Combine(directory.Path, "cancelled");
        Assert.ThrowsAny<OperationCanceledException>(() => Together(new DualTowerTrainingTests.Stop(cancellation)).Train(recipe, path, cancellation: cancellation.Token));
        Assert.False(Run.Open(path).IsFinished);
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(Together().Train(recipe, path, resume: true)));
        var other = Assert.Throws<ResumeException>(() => Together().Train(recipe with { Processes = 1, Name = "alone" }, Unfinished(path), resume: true));
        Assert.Contains("processes: the run has 2, the recipe now says 1", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHelperThatCannotStartIsHeard()
    {
        using var directory = new TemporaryDirectory();
        var recipe = DualTowerTrainingTests.Recipe("dual-encoder-small", "processes=2");
        var error = Assert.Throws<InvalidOperationException>(() => Together(program: ["/bin/sh", "-c", "echo no such thing >&2; exit 3"]).Train(recipe, Path.Combine(directory.Path, "run")));
        Assert.Contains("rank 1 of 2 ended with exit code 3: no such thing", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(directory.Path, "run", "recipe.yaml")));
        var none = Assert.Throws<ArgumentException>(() => Toy.Trainer().Train(recipe, Path.Combine(directory.Path, "run")));
        Assert.Contains("2 processes, which this program cannot start", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHelperThatDiesStopsTheRun()
    {
        using var directory = new TemporaryDirectory();
        var recipe = DualTowerTrainingTests.Recipe("dual-encoder-small", "processes=2", "stage_b.steps=1000000", "checkpoints.every=1");
        var killer = new Killer();
        var error = Assert.Throws<InvalidOperationException>(() => Together(killer).Train(recipe, Path.Combine(directory.Path, "run")));
        Assert.Contains("rank 1 of 2 ended with exit code 137", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Run.Open(Path.Combine(directory.Path, "run")).CheckpointsPath));
    }

    [Fact]
    public void ALossThatIsNotFiniteStopsAllOfThem()
    {
        using var directory = new TemporaryDirectory();
        var recipe = DualTowerTrainingTests.Recipe("dual-encoder-small", [.. Plain, "processes=2", "stage_b.optimiser.learning_rate=0.99", "stage_b.optimiser.gradient_clip=0", "model.options.matching_weight=1e30", "stage_b.steps=50"]);
        Assert.Throws<ArithmeticException>(() => Together().Train(recipe, Path.Combine(directory.Path, "run")));
    }

    [Fact]
    public void BatchesThatCannotBeSharedAreRefusedBeforehand()
    {
        Assert.Contains("stage_b.identities gives 4, expected a multiple of 3", Assert.Throws<RecipeException>(() => DualTowerTrainingTests.Recipe("dual-encoder-small", "processes=3")).Message, StringComparison.Ordinal);
        Assert.Contains("stage_a.batch_size gives 5", Assert.Throws<RecipeException>(() => Toy.Recipe("processes=2", "stage_a.batch_size=5")).Message, StringComparison.Ordinal);
        Assert.Equal(4, DualTowerTrainingTests.Recipe("lcr2s-small", "processes=4", "stage_b.order=random", "model.options.support=drawn", "stage_b.identities=6").Processes);
    }

    [Fact]
    public void LaunchersSayWhoIsWho()
    {
        Assert.Null(Seat([]));
        Assert.Null(Seat([("WORLD_SIZE", "1"), ("RANK", "0")]));
        var seat = Seat([("WORLD_SIZE", "8"), ("RANK", "5"), ("LOCAL_WORLD_SIZE", "4"), ("LOCAL_RANK", "1"), ("MASTER_ADDR", "node7"), ("MASTER_PORT", "29500")])!;
        Assert.Equal((5, 8, 1, 4, "node7:29500"), (seat.Rank, seat.Size, seat.LocalRank, seat.LocalSize, seat.Place.ToString()));
        Assert.Contains("not where the processes meet", Assert.Throws<ArgumentException>(() => Seat([("WORLD_SIZE", "2"), ("RANK", "1")])).Message, StringComparison.Ordinal);
        Assert.Contains("RANK is \"one\"", Assert.Throws<ArgumentException>(() => Seat([("WORLD_SIZE", "2"), ("RANK", "one"), ("MASTER_ADDR", "a"), ("MASTER_PORT", "1")])).Message, StringComparison.Ordinal);
    }

    /// <summary>Losses and gradients of every step, and the weights at the end.</summary>
    private static void TakesTheSameSteps(Func<string[], Recipe> recipe)
    {
        using var directory = new TemporaryDirectory();
        var alone = Toy.Trainer().Train(recipe([]), Path.Combine(directory.Path, "alone"));
        var together = Together().Train(recipe(["processes=2"]), Path.Combine(directory.Path, "together"));
        foreach (var (one, two) in alone.ReadMetrics().Zip(together.ReadMetrics(), (one, two) => (one, two)))
        {
            foreach (var (name, value) in one.Where(pair => pair.Key is "loss" or "gradient_norm" || pair.Key.StartsWith("loss/", StringComparison.Ordinal)))
            {
                var (expected, actual) = ((double)value!, (double)two[name]!);
                Assert.True(Math.Abs(expected - actual) <= 2e-3 * (Math.Abs(expected) + 1e-3), $"step {one["step"]}, {name}: {actual} by two processes, {expected} by one");
            }
        }

        using Semblance.Tensors.SafetensorsFile first = Safetensors.Open(Path.Combine(alone.ModelPath, "model.safetensors")), second = Safetensors.Open(Path.Combine(together.ModelPath, "model.safetensors"));
        Assert.Equal(alone.ReadMetrics().Count, together.ReadMetrics().Count);
        foreach (var name in first.Names)
        {
            using var scope = new TensorScope();
            var (expected, actual) = (first.Load(name).To(ScalarType.Float32), second.Load(name).To(ScalarType.Float32));
            var far = (expected - actual).Abs().Max().Item<double>();
            Assert.True(far <= 1e-4 * (1 + expected.Abs().Max().Item<double>()), $"{name} lies {far} apart");
        }
    }

    private static Trainer Together(IProgress<TrainingProgress>? progress = null, IReadOnlyList<string>? program = null) =>
        new(progress, open: _ => [Toy.People()], program: program ?? ChildProcess.Program);

    /// <summary>The run as it was before its end.</summary>
    private static string Unfinished(string path)
    {
        Directory.Delete(Path.Combine(path, "model"), recursive: true);
        return path;
    }

    private static ProcessSeat? Seat((string Name, string Value)[] variables) =>
        ProcessSeat.From(name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());

    /// <summary>Kills the helper after some steps.</summary>
    private sealed class Killer : IProgress<TrainingProgress>
    {
        private bool _done;

        public void Report(TrainingProgress value)
        {
            if (value.Phase == "train" && value.Done >= 3 && !_done)
            {
                _done = true;
                foreach (var child in System.Diagnostics.Process.GetProcesses().Where(IsOurs))
                {
                    child.Kill();
                }
            }
        }

        private static bool IsOurs(System.Diagnostics.Process process)
        {
            try
            {
                var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[^1].Split(' ');
                return fields[1] == Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
                    && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("semblance-processes-", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;    // it has just ended
            }
        }
    }
}
