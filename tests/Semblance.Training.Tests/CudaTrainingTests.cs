using Semblance.Models;
using Semblance.Tensors;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

/// <summary>Training, measuring and going on, on a CUDA device beside the processor.</summary>
[Collection("libtorch")]
public sealed class CudaTrainingTests
{
    public static TheoryData<string> Presets => ["tiny", .. DualTowerTrainingTests.SmallPresets.Select(row => row.Data)];

    /// <summary>
    /// The same data, order, start weights and masks: the first losses agree up to the device's own random numbers and its shorter products in convolutions (TF32), and the
    /// features of what was learnt agree on both.
    /// </summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void LearnsWhatTheProcessorLearns(string preset)
    {
        Needed();
        using var directory = new TemporaryDirectory();
        var here = Toy.Trainer().Train(Recipe(preset, "log_every=1"), Path.Combine(directory.Path, "here"));
        var there = Toy.Trainer().Train(Recipe(preset, "log_every=1", "device=cuda:0", "validation.identities=3"), Path.Combine(directory.Path, "there"));
        double FirstLoss(Run run) => (double)run.ReadMetrics().First(line => line["loss"] is not null)["loss"]!;
        Assert.InRange(FirstLoss(there) / FirstLoss(here), 0.9, 1.1);
        Assert.Contains(there.ReadMetrics(), line => (string?)line["stage"] == "validation");
        using var onProcessor = TrainedModel.Open(there.DirectoryPath);
        using var onDevice = TrainedModel.Open(there.DirectoryPath, new EncoderOptions { Device = Device.Cuda() });
        Assert.Equal(onProcessor.Fingerprint, onDevice.Fingerprint);
        string[] texts = ["a person in a red coat", "blue trousers"];
        var (a, b) = (onProcessor.EncodeTexts(texts, EmbeddingSpace.Joint), onDevice.EncodeTexts(texts, EmbeddingSpace.Joint));
        Assert.All(a.Zip(b), pair => Assert.Equal(pair.First, pair.Second, (x, y) => Math.Abs(x - y) < 5e-3));
        Assert.InRange(new Evaluator(onDevice).Evaluate(Toy.People(split: Data.Split.Test), EvaluationTask.TextToImage).Result.MeanAveragePrecision, 0.01, 1);
    }

    [Theory]
    [InlineData("tiny", "bfloat16")]
    [InlineData("tiny", "float16")]
    [InlineData("axm-net-small", "float16")]
    public void ACancelledRunInAShorterTypeGoesOn(string preset, string precision)
    {
        Needed();
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "run");
        using var cancellation = new CancellationTokenSource();
        var recipe = Recipe(preset, "device=cuda:0", $"precision={precision}", "stage_b.steps=30", "log_every=1");
        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Trainer(progress: new StopAt(10, cancellation)).Train(recipe, path, cancellation: cancellation.Token));
        var run = Toy.Trainer().Train(recipe, path, resume: true);
        Assert.True(run.IsFinished);
        var losses = run.ReadMetrics().Where(line => line["loss"] is not null).Select(line => (double)line["loss"]!).ToList();
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.True(losses[^5..].Average() < losses.Max(), "nothing was learnt");
        Assert.Equal(precision == "float16", run.ReadMetrics().Any(line => line["loss_factor"] is not null));
    }

    private static Recipe Recipe(string preset, params string[] settings) => preset == "tiny" ? Toy.Recipe(settings) : DualTowerTrainingTests.Recipe(preset, settings);

    private static void Needed() => Assert.SkipUnless(Device.HasCuda, $"libtorch {Torch.Version} finds no CUDA device");

    private sealed class StopAt(int step, CancellationTokenSource cancellation) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Phase is "stage b" or "train" && value.Done >= step)
            {
                cancellation.Cancel();
            }
        }
    }
}
