using Semblance.Core;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

/// <summary>What every method with two towers does once it is in <see cref="DualTowerMethod.All"/>.</summary>
[Collection("libtorch")]
public sealed class DualTowerTrainingTests
{
    public static TheoryData<string> SmallPresets => [.. DualTowerMethod.All.SelectMany(method => method.Presets.Keys).Where(name => name.EndsWith("-small", StringComparison.Ordinal))];

    [Fact]
    public void EveryMethodHasASmallPresetForMachinesWithoutAcceleration() =>
        Assert.All(DualTowerMethod.All, method => Assert.Contains($"{method.Name}-small", method.Presets.Keys));

    [Theory]
    [MemberData(nameof(SmallPresets))]
    public void TrainsMeasuresAndOpensAgain(string preset)
    {
        using var directory = new TemporaryDirectory();
        var people = Toy.People(12);
        var run = Toy.Trainer(people).Train(Recipe(preset, "validation.identities=3"), Path.Combine(directory.Path, "run"));
        Assert.Single(run.ReadMetrics(), line => (string?)line["stage"] == "validation");
        using var encoder = TrainedModel.Open(run.DirectoryPath);
        Assert.Equal((string)run.ReadRecord()["fingerprint"]!, encoder.Fingerprint.Hex);
        Assert.Equal(MethodPresets.Named(preset).GetType(), encoder.Options.GetType());
        var test = Toy.People(split: Split.Test);
        foreach (var task in new[] { EvaluationTask.TextToImage, EvaluationTask.ImageToText, EvaluationTask.ImageAndText, EvaluationTask.WithinImage })
        {
            Assert.InRange(new Evaluator(encoder).Evaluate(test, task).Result.MeanAveragePrecision, 0.01, 1);
        }

        var pair = Assert.Throws<NotSupportedException>(() => encoder.EncodePairs([new Picture(64, 128)], ["a person"]));
        Assert.Contains("no feature of a picture together with words", pair.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => encoder.EncodeTexts(["a person"], EmbeddingSpace.Image));
    }

    [Fact]
    public void GoesOnFromAModelOfTheSameSizesAndRefusesAnother()
    {
        using var directory = new TemporaryDirectory();
        var first = Toy.Trainer().Train(Recipe("dual-encoder-small"), Path.Combine(directory.Path, "first"));
        string[] start = [$"model.start_weights=\"{first.DirectoryPath}\"", "stage_b.steps=1", "stage_b.optimiser.learning_rate=1e-12"];
        var second = Toy.Trainer(Toy.People(14)).Train(Recipe("dual-encoder-small", start), Path.Combine(directory.Path, "second"));
        using var before = TrainedModel.Open(first.DirectoryPath);
        using var after = TrainedModel.Open(second.DirectoryPath);
        string[] texts = ["a person in a red coat"];
        Assert.Equal(before.EncodeTexts(texts, EmbeddingSpace.Joint)[0], after.EncodeTexts(texts, EmbeddingSpace.Joint)[0], (a, b) => Math.Abs(a - b) < 1e-5);
        var other = Assert.Throws<SemblanceFormatException>(() => Toy.Trainer().Train(Recipe("lcr2s-small", start), Path.Combine(directory.Path, "third")));
        Assert.Contains("start weights of another method or of other sizes", other.Message, StringComparison.Ordinal);
    }

    /// <summary>Convolutions over words see where a text ends: it must not matter which others are read with it, nor how short it is.</summary>
    [Theory]
    [MemberData(nameof(SmallPresets))]
    public void ATextIsReadAlikeWhateverItsCompany(string preset)
    {
        using var directory = new TemporaryDirectory();
        using var encoder = TrainedModel.Open(Toy.Trainer().Train(Recipe(preset), Path.Combine(directory.Path, "run")).DirectoryPath);
        var alone = encoder.EncodeTexts(["red"], EmbeddingSpace.Joint)[0];
        var beside = encoder.EncodeTexts(["red", "a person in a red coat and blue trousers under a white coat"], EmbeddingSpace.Joint)[0];
        Assert.Equal(alone, beside, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [MemberData(nameof(SmallPresets))]
    public void CancelledRunGoesOnToTheSameWeights(string preset)
    {
        using var directory = new TemporaryDirectory();
        var undisturbed = Toy.Trainer().Train(Recipe(preset), Path.Combine(directory.Path, "undisturbed"));
        using var cancellation = new CancellationTokenSource();
        var path = Path.Combine(directory.Path, "cancelled");
        var stop = new Stop(cancellation);
        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Trainer(progress: stop).Train(Recipe(preset), path, cancellation: cancellation.Token));
        Assert.False(Run.Open(path).IsFinished);
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(Toy.Trainer().Train(Recipe(preset), path, resume: true)));
    }

    /// <summary>Support drawn among everything, with and without gradients, and stored: what was remembered is remembered again when a run goes on.</summary>
    [Theory]
    [InlineData("model.options.support=drawn", "model.options.stores_support=false")]
    [InlineData("model.options.support=drawn", "model.options.stores_support=true", "model.options.support_gradient=false", "stage_b.order=random")]
    [InlineData("model.options.support=batch", "model.options.stores_support=true", "model.options.matching=ranking", "model.options.feature_form=plain")]
    public void SupportOfEverySourceTrainsAndGoesOnToTheSameWeights(params string[] settings)
    {
        settings = [.. settings, "model.options.height=64", "model.options.width=32", "threads=1"];
        using var directory = new TemporaryDirectory();
        var undisturbed = Toy.Trainer().Train(Recipe("lcr2s-small", settings), Path.Combine(directory.Path, "undisturbed"));
        using var cancellation = new CancellationTokenSource();
        var path = Path.Combine(directory.Path, "cancelled");
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Toy.Trainer(progress: new Stop(cancellation)).Train(Recipe("lcr2s-small", settings), path, cancellation: cancellation.Token));
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(Toy.Trainer().Train(Recipe("lcr2s-small", settings), path, resume: true)));
    }

    [Fact]
    public void RandomOrderIsRefusedWhereTripletsNeedSeveralPicturesOfAPerson() =>
        Assert.Contains("stage_b.order: random, but MMET's triplets", Assert.Throws<RecipeException>(() => Toy.Recipe("stage_b.order=random")).Message, StringComparison.Ordinal);

    /// <summary>
    /// The way as a whole learns. Without a last look of the batch norms AXM-Net told all of these people apart in training and 0.17 of them, which is chance, in evaluation.
    /// </summary>
    [Theory]
    [InlineData("dual-encoder-small", "stage_b.optimiser.learning_rate=1e-3")]
    [InlineData("axm-net-small", "stage_b.optimiser.learning_rate=5e-3", "model.options.height=64", "model.options.width=32")]
    public void LearnsToTellAHandfulOfPeopleApart(string preset, params string[] settings)
    {
        using var directory = new TemporaryDirectory();
        var run = Toy.Trainer(Toy.People(6)).Train(
            Recipe(preset, [.. settings, "stage_b.steps=60", "stage_b.optimiser.warmup=5", "augmentation.erasing_probability=0"]), Path.Combine(directory.Path, "run"));
        using var encoder = TrainedModel.Open(run.DirectoryPath);
        var rank1 = new Evaluator(encoder).Evaluate(Toy.People(6, split: Split.Test), EvaluationTask.TextToImage).Result.RankAt(1);
        Assert.True(rank1 > 0.5, $"rank-1 of {rank1:0.00} on the people it learnt, chance is 0.17");
    }

    [Fact]
    public void PicturesWithoutWordsAreRefusedByName()
    {
        using var directory = new TemporaryDirectory();
        var error = Assert.Throws<ArgumentException>(() =>
            Toy.Trainer(Toy.People(captions: false)).Train(Recipe("dual-encoder-small"), Path.Combine(directory.Path, "run")));
        Assert.Contains("000_0.png has no caption", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreThoseOfTheMethodThatThePresetNames()
    {
        var error = Assert.Throws<RecipeException>(() => Recipe("dual-encoder-small", "model.options.fusion_layers=2"));
        Assert.Contains("model.options.fusion_layers: unknown key", error.Message, StringComparison.Ordinal);
        var recipe = Recipe("dual-encoder-small", "model.options.temperature=0.05");
        Assert.Equal(0.05, Assert.IsType<DualEncoderOptions>(recipe.Model.Options).Temperature);
        Assert.Equal(recipe.Model.Options, RecipeFile.Parse(RecipeFile.Write(recipe), "again.yaml").Recipe.Model.Options);
        Assert.Contains("did you mean \"dual-encoder\"", Assert.Throws<RecipeException>(() => Recipe("dual-encodr")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelOfAnUnknownMethodIsNamed()
    {
        using var directory = new TemporaryDirectory();
        var run = Toy.Trainer().Train(Recipe("dual-encoder-small"), Path.Combine(directory.Path, "run"));
        var facts = Path.Combine(run.ModelPath, "model.json");
        File.WriteAllText(facts, File.ReadAllText(facts).Replace("\"dual-encoder\"", "\"dual-encode\"", StringComparison.Ordinal));
        Assert.Contains("of method \"dual-encode\", known here: dual-encoder", Assert.Throws<SemblanceFormatException>(() => TrainedModel.Open(run.DirectoryPath)).Message, StringComparison.Ordinal);
    }

    internal static Recipe Recipe(string preset, params string[] settings) => RecipeFile.Parse($$"""
        name: toy
        seed: 5
        model: { preset: {{preset}} }
        data: { sources: [ { layout: images, path: memory } ] }
        vocabulary: { size: 300 }
        stage_a: { steps: 3, optimiser: { learning_rate: 1e-3 } }
        stage_b: { steps: 4, identities: 4, images_per_identity: 2, optimiser: { learning_rate: 1e-3, head_factor: 1 } }
        precision: float32
        threads: 2
        log_every: 1
        checkpoints: { every: 3 }
        """, "toy.yaml", settings).Recipe;

    /// <summary>Stops after the second step of a stage, of the last one if none is named, at once.</summary>
    internal sealed class Stop(CancellationTokenSource cancellation, string? phase = null) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if ((phase is null ? value.Phase is "train" or "student" : value.Phase == phase) && value.Done >= 1)
            {
                cancellation.Cancel();
            }
        }
    }
}
