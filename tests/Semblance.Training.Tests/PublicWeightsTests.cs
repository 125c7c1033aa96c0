using Semblance.Core;
using Semblance.Models;
using Semblance.Models.Backbones;
using Semblance.Models.Weights;
using Semblance.Tensors;
using Semblance.Tensors.Layers;
using Semblance.Text;
using Semblance.Training.Recipes;

namespace Semblance.Training.Tests;

/// <summary>A recipe names public weights for the picture stream and a frozen BERT for the words: made-up weights under the public names, brought in by the importer.</summary>
[Collection("libtorch")]
public sealed class PublicWeightsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _vocabulary;

    public PublicWeightsTests()
    {
        _vocabulary = In("vocab.txt");
        Tokenizer().Save(_vocabulary);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("axm-net-small", "osnet")]
    [InlineData("lcr2s-small", "resnet50")]
    public void BothStreamsBeginWithThemAndTheBertStaysAsItIs(string preset, string kind)
    {
        var (backbone, bert) = (Imported(kind, Backbone(kind)), Imported(WeightMap.BertKey, SmallBert()));
        var recipe = Recipe(
            preset, $"model.backbone=\"{backbone}\"", $"model.words=\"{bert}\"", $"vocabulary.path=\"{_vocabulary}\"", "stage_a.steps=1", "stage_b.steps=1",
            "stage_a.optimiser.learning_rate=1e-12", "stage_b.optimiser.learning_rate=1e-12", "stage_a.optimiser.warmup=0", "stage_b.optimiser.warmup=0");
        var run = Toy.Trainer(Toy.People(12)).Train(recipe, In("run"));

        var parts = run.ReadRecord()["public_weights"]!.AsObject();
        Assert.Contains($"public-{kind}.safetensors", (string)parts["backbone"]!, StringComparison.Ordinal);
        Assert.Contains("Apache-2.0", (string)parts["words"]!, StringComparison.Ordinal);
        using var scope = new TensorScope();
        var model = Safetensors.Load(Path.Combine(run.ModelPath, "model.safetensors"));
        Same(bert, model, "words.bert.", 0);
        Same(backbone, model, "image.", 1e-6);

        // The folder says by itself how words are read.
        using var encoder = TrainedModel.Open(run.DirectoryPath);
        Assert.Equal(16, encoder.Options is AxmNetOptions axm ? axm.Bert!.HiddenWidth : ((Lcr2sOptions)encoder.Options).Bert!.HiddenWidth);
        Assert.Equal(encoder.Width(EmbeddingSpace.Joint), encoder.EncodeTexts(["a person in a red coat"], EmbeddingSpace.Joint)[0].Length);
    }

    [Fact]
    public void ACancelledRunGoesOnWithItsBert()
    {
        var bert = Imported(WeightMap.BertKey, SmallBert());
        var recipe = Recipe("axm-net-small", $"model.words=\"{bert}\"", $"vocabulary.path=\"{_vocabulary}\"");
        var undisturbed = Toy.Trainer(Toy.People(12)).Train(recipe, In("undisturbed"));
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Toy.Trainer(Toy.People(12), new DualTowerTrainingTests.Stop(cancellation)).Train(recipe, In("cancelled"), cancellation: cancellation.Token));
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(Toy.Trainer(Toy.People(12)).Train(recipe, In("cancelled"), resume: true)));
    }

    /// <summary>The student begins when the teacher is done, from weights that no checkpoint of the teacher holds.</summary>
    [Fact]
    public void ARunCancelledInItsTeacherGoesOnWithItsPublicWeights()
    {
        var (backbone, bert) = (Imported("resnet50", Backbone("resnet50")), Imported(WeightMap.BertKey, SmallBert()));
        var recipe = Recipe("lcr2s-small", $"model.backbone=\"{backbone}\"", $"model.words=\"{bert}\"", $"vocabulary.path=\"{_vocabulary}\"");
        var undisturbed = Toy.Trainer(Toy.People(12)).Train(recipe, In("undisturbed"));
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Toy.Trainer(Toy.People(12), new DualTowerTrainingTests.Stop(cancellation, "teacher")).Train(recipe, In("cancelled"), cancellation: cancellation.Token));
        var resumed = Toy.Trainer(Toy.People(12)).Train(recipe, In("cancelled"), resume: true);
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(resumed));
        Assert.NotNull(resumed.ReadRecord()["public_weights"]!["backbone"]);
    }

    /// <summary>The plain dual encoder in CLIP's towers: its weights, its merges, every verb's needs, and going on.</summary>
    [Theory]
    [InlineData("clip-vit-b16")]
    [InlineData("irra")]
    public void TheDualEncoderStartsFromClipOrIrra(string kind)
    {
        var merges = In("merges.txt");
        File.WriteAllLines(merges, ["#version: 0.2", "r e", "re d</w>", "c o", "co a", "coa t</w>"]);
        var vocabulary = Tokenizers.Load(merges).VocabularySize;
        var clip = new Clip(new ClipOptions { Height = 64, Width = 32, ImageWidth = 64, ImageHeads = 1, ImageLayers = 2, TextWidth = 64, TextHeads = 1, TextLayers = 2, TextLength = 20, EmbeddingWidth = 24, VocabularySize = vocabulary });
        var weights = Imported(kind, clip, kind == "irra" ? "base_model." : "", new ImportSize(64, 32));
        string[] sizes =
        [
            "height=64", "width=32", "hidden_width=64", "heads=1", "image_layers=2", "text_width=64", "text_heads=1", "text_layers=2", "text_length=20", "embedding_width=24",
        ];
        Recipe Asked(params string[] settings) => Recipe("dual-encoder-clip", [
            $"model.backbone=\"{weights}\"", $"vocabulary.path=\"{merges}\"", .. sizes.Select(size => $"model.options.{size}"), .. settings]);
        var run = Toy.Trainer(Toy.People(12)).Train(Asked("stage_b.steps=1", "stage_b.optimiser.learning_rate=1e-12", "stage_b.optimiser.warmup=0"), In("run"));
        using var scope = new TensorScope();
        Same(weights, Safetensors.Load(Path.Combine(run.ModelPath, "model.safetensors")), "clip.", 1e-6);
        using var encoder = TrainedModel.Open(run.DirectoryPath);
        var far = encoder.EncodeTexts(["a red coat", "blue trousers"], EmbeddingSpace.Joint);
        Assert.Equal(encoder.EncodeTexts(["a red coat"], EmbeddingSpace.Joint)[0], far[0], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.InRange(new Evaluator(encoder).Evaluate(Toy.People(split: Data.Split.Test), EvaluationTask.TextToImage).Result.MeanAveragePrecision, 0.01, 1);
        var (name, grid) = encoder.ExplainedLayer(EmbeddingSpace.Joint);
        var trace = new Trace();
        encoder.ExplainedFeature(encoder.Pixels([Toy.People().Pictures.LoadPicture(Toy.People().Records[0])], 0, 1), EmbeddingSpace.Joint, null, trace, unit: true);
        Assert.Equal([1, 1 + grid.Count, 64], trace[name].Shape);

        using var cancellation = new CancellationTokenSource();
        var undisturbed = Toy.Trainer(Toy.People(12)).Train(Asked(), In("undisturbed"));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Toy.Trainer(Toy.People(12), new DualTowerTrainingTests.Stop(cancellation)).Train(Asked(), In("cancelled"), cancellation: cancellation.Token));
        Assert.Equal(Toy.Weights(undisturbed), Toy.Weights(Toy.Trainer(Toy.People(12)).Train(Asked(), In("cancelled"), resume: true)));
    }

    [Fact]
    public void ATokenizerThatTheMethodCannotReadByIsRefused()
    {
        var merges = In("merges.txt");
        File.WriteAllLines(merges, ["#version: 0.2", "r e"]);
        var pairs = Assert.Throws<ArgumentException>(() => Toy.Trainer().Train(Recipe("axm-net-small", $"vocabulary.path=\"{merges}\""), In("pairs")));
        Assert.Contains("byte pairs, but this method reads word pieces", pairs.Message, StringComparison.Ordinal);
        var pieces = Assert.Throws<ArgumentException>(() => Toy.Trainer().Train(Recipe("dual-encoder-clip"), In("pieces")));
        Assert.Contains("word pieces, but CLIP's towers read byte pairs", pieces.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsOfAnotherKindOrSizeAreRefusedByName()
    {
        var resnet = Imported("resnet50", Backbone("resnet50"));
        var kind = Assert.Throws<SemblanceFormatException>(() => Toy.Trainer().Train(Recipe("axm-net-small", $"model.backbone=\"{resnet}\""), In("kind")));
        Assert.Contains("weights of kind resnet50, expected osnet: make them with \"semblance import FILE --as osnet\"", kind.Message, StringComparison.Ordinal);
        var narrow = Imported("osnet", new OsNet(new OsNetOptions { Channels = [16, 64, 128, 64], Blocks = [2, 2, 2], FeatureWidth = 128 }));
        var size = Assert.Throws<SemblanceFormatException>(() => Toy.Trainer().Train(Recipe("axm-net-small", $"model.backbone=\"{narrow}\""), In("size")));
        Assert.Contains("osnet weights of other sizes", size.Message, StringComparison.Ordinal);
        var raw = In("public-osnet.safetensors");
        var foreign = Assert.Throws<SemblanceFormatException>(() => Toy.Trainer().Train(Recipe("axm-net-small", $"model.backbone=\"{raw}\""), In("raw")));
        Assert.Contains("no weights that \"semblance import\" wrote", foreign.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dual-encoder-small", "model.backbone=x.safetensors", "has no public backbone")]
    [InlineData("dual-encoder-small", "model.words=x.safetensors", "reads words by itself")]
    [InlineData("axm-net-small", "model.words=x.safetensors", "needs the vocabulary that it was trained with")]
    [InlineData("axm-net-small", "model.options.bert={}", "name their file in model.words")]
    [InlineData("axm-net-small", "stage_b.steps=0", "this method's network learns in stage B alone")]
    [InlineData("lcr2s-small", "validation={identities: 3, tasks: [within-pair]}", "needs a model that reads a picture and words together")]
    [InlineData("lcr2s-small", "validation={identities: 3, tasks: [multi-query]}", "needs hand-drawn boxes")]
    public void SettingsThatMakeNoSenseAreFaults(string preset, string setting, string fault) =>
        Assert.Contains(fault, Assert.Throws<RecipeException>(() => Recipe(preset, setting)).Message, StringComparison.Ordinal);

    [Fact]
    public void TheVocabularyMustBeBerts()
    {
        var bert = Imported(WeightMap.BertKey, new Bert(new BertOptions { VocabularySize = 20, Positions = 40, HiddenWidth = 16, Heads = 1, Layers = 1, MlpWidth = 24 }));
        var error = Assert.Throws<ArgumentException>(() => Toy.Trainer().Train(Recipe("axm-net-small", $"model.words=\"{bert}\"", $"vocabulary.path=\"{_vocabulary}\""), In("run")));
        Assert.Contains("a BERT of 20 word pieces with a vocabulary of", error.Message, StringComparison.Ordinal);
    }

    /// <summary>OSNet's widths are multiples of 64, those of the small preset are not.</summary>
    private static Recipe Recipe(string preset, params string[] settings) =>
        DualTowerTrainingTests.Recipe(preset, preset == "axm-net-small" ? ["model.options.stage2_width=128", .. settings] : settings);

    private static WordPieceTokenizer Tokenizer() => WordPieceTrainer.Learn(["a person in a red coat and blue trousers", "somebody wears green trousers under a white coat"], 120);

    private static Module Backbone(string kind) => kind == "osnet"
        ? new OsNet(new OsNetOptions { Channels = [16, 64, 128, 128], Blocks = [2, 2, 2], FeatureWidth = 128 })
        : new ResNet(new ResNetOptions { Width = 16, Blocks = [1, 1, 1, 1], LastStride = 1, Classes = 0 });

    private static Bert SmallBert() => new(new BertOptions { VocabularySize = Tokenizer().VocabularySize, Positions = 40, HiddenWidth = 16, Heads = 1, Layers = 2, MlpWidth = 24 });

    private static void Same(string file, IReadOnlyDictionary<string, Tensor> model, string prefix, double tolerance)
    {
        var weights = Safetensors.Load(file);
        Assert.NotEmpty(weights);
        foreach (var (name, expected) in weights.Where(pair => !pair.Key.Contains("running_", StringComparison.Ordinal) && !pair.Key.EndsWith("batches_tracked", StringComparison.Ordinal)))
        {
            Assert.InRange((model[prefix + name] - expected).Abs().Max().Item<double>(), 0, tolerance);
        }
    }

    private string In(string name) => Path.Combine(_directory.Path, name);

    /// <summary>Weights under the public names, and what the importer makes of them.</summary>
    private string Imported(string kind, Module network, string prefix = "", ImportSize? size = null)
    {
        using var scope = new TensorScope();
        using var weights = network;
        var (source, output) = (In($"public-{kind}.safetensors"), In($"{kind}.safetensors"));
        Safetensors.Write(source, weights.StateDict().ToDictionary(pair => prefix + pair.Key, pair => pair.Value));
        WeightImport.Run(WeightMap.Parse(kind), source, output, size);
        return output;
    }
}
