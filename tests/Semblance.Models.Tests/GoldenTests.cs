using System.Globalization;
using Semblance.Models.Targets;
using Semblance.Tensors;

namespace Semblance.Models.Tests;

/// <summary>The same model written in PyTorch's own modules (tests/golden/make_mmet.py) gives the same states, features, losses and gradients.</summary>
public sealed class GoldenTests : IDisposable
{
    private readonly TensorScope _scope = new();

    [Fact]
    public void NobodyEditedTheGoldenFiles() => Golden.AssertUntouched("mmet");

    [Theory, InlineData("touching"), InlineData("overlapping")]
    public void StatesAndFeaturesMatchTheReference(string name)
    {
        var (golden, stage) = Load(name);
        using var model = stage;
        Tensor In(string key) => golden[$"input.{key}"];
        void Matches(string key, Tensor actual) => AssertClose(golden[key], actual, key);
        var image = model.Model.EncodeImages(In("images"));
        var text = model.Model.EncodeTexts(In("tokens"), In("attention"));
        var fused = model.Model.Fuse(model.Model.BringImage(image), model.Model.BringText(text), In("attention"));
        var hiddenImage = model.Model.EncodeImages(In("images"), In("hidden"));
        var hiddenText = model.Model.EncodeTexts(In("masked_tokens"), In("attention"));
        Matches("state.image", image.Last);
        Matches("state.text", text.Last);
        Matches("state.fusion", fused.Last);
        Matches("state.hidden_image", hiddenImage.Last);
        Matches("state.hidden_text", hiddenText.Last);
        Matches("state.hidden_fusion", model.Model.Fuse(model.Model.BringImage(hiddenImage), model.Model.BringText(hiddenText), In("attention")).Last);
        Matches("output.image", image.ClassToken());
        Matches("output.text", text.ClassToken());
        Matches("output.fusion", fused.ClassToken());
        Matches("output.fusion_without_text", model.Model.Fuse(model.Model.BringImage(image), null, null).ClassToken());
        Matches("output.p_image", model.Model.ProjectImage(model.Model.EncodeImages(In("images"), classTokenOnly: true).ClassToken()));
        Matches("output.p_text", model.Model.ProjectText(model.Model.EncodeTexts(In("tokens"), In("attention"), classTokenOnly: true).ClassToken()));
    }

    [Theory, InlineData("touching"), InlineData("overlapping")]
    public void LossesAndGradientsOfStageAMatchTheReference(string name)
    {
        var (golden, stage) = Load(name);
        using var model = stage;
        Tensor In(string key) => golden[$"input.{key}"];
        MmetBatch[] batches =
        [
            new ImageBatch { Images = In("images"), Masked = In("hidden") },
            new TextBatch { MaskedTokens = In("masked_tokens"), Attention = In("attention"), Labels = In("labels") },
            new PairBatch
            {
                Images = In("images"),
                Masked = In("hidden"),
                Tokens = In("tokens"),
                MaskedTokens = In("masked_tokens"),
                Attention = In("attention"),
                Labels = In("labels"),
                Identities = In("identities"),
                CaptionKeys = In("keys"),
                StrangerImages = In("stranger_images"),
                StrangerTexts = In("stranger_texts"),
            },
        ];
        foreach (var batch in batches)
        {
            var losses = model.Forward(batch);
            foreach (var (term, loss, _) in losses.Terms)
            {
                AssertClose(golden[$"loss.{term}"], loss, term);
            }

            losses.Total.Backward();
        }

        foreach (var (parameter, tensor) in model.NamedParameters())
        {
            AssertClose(golden[$"gradient.{parameter}"], tensor.Grad ?? throw new InvalidOperationException($"{parameter} has no gradient"), parameter);
        }
    }

    public void Dispose() => _scope.Dispose();

    private static (Dictionary<string, Tensor> Golden, MmetPretraining Stage) Load(string name)
    {
        using var file = Safetensors.Open(Golden.File($"mmet/{name}.safetensors"));
        int Fact(string key) => int.Parse(file.Metadata[key], CultureInfo.InvariantCulture);
        var golden = file.Names.ToDictionary(key => key, key => file.Load(key, Device.Parse(Golden.DeviceName)));
        var options = new MmetOptions
        {
            Height = Fact("height"),
            Width = Fact("width"),
            Patch = Fact("patch"),
            Stride = Fact("stride"),
            HiddenWidth = Fact("hidden_width"),
            Heads = Fact("heads"),
            MlpWidth = Fact("mlp_width"),
            VocabularySize = Fact("words"),
            TextPositions = Fact("positions"),
            TextLength = 10,
            ImageLayers = 2,
            TextLayers = 2,
            FusionLayers = 1,
            ImageMaskRatio = 0.3,
            StochasticDepth = 0,
        };
        var stage = new MmetPretraining(new Mmet(options), new PixelTarget(options.Grid));
        stage.To(Device.Parse(Golden.DeviceName));
        stage.LoadStateDict(golden.Where(pair => pair.Key.StartsWith("weight.", StringComparison.Ordinal)).ToDictionary(pair => pair.Key["weight.".Length..], pair => pair.Value));
        return (golden, stage);
    }

    /// <summary>Within 1e-4 of the largest value, or of 1: float32 against float64 through seven blocks.</summary>
    private static void AssertClose(Tensor expected, Tensor actual, string what) =>
        Examples.AssertClose(expected, actual, 1e-4 * Math.Max(1, expected.Abs().Max().Item<double>()), what);
}
