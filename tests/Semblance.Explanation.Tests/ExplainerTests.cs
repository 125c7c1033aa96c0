using Semblance.Core;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Tensors;
using Semblance.Text;

namespace Semblance.Explanation.Tests;

public sealed class ExplainerTests : IDisposable
{
    private static readonly WordPieceTokenizer Tokenizer = WordPieceTokenizer.FromVocabulary([.. SpecialTokens.All, "a", "man", "in", "red", "blue", "coat"]);
    private static readonly MmetOptions Options = MmetOptions.Tiny with { VocabularySize = Tokenizer.VocabularySize };
    private readonly MmetEncoder _encoder;
    private readonly Picture _picture;

    public ExplainerTests()
    {
        Torch.SetThreads(1);
        TorchRandom.Seed(4);
        _encoder = new MmetEncoder(new MmetIdentification(new Mmet(Options), 4), Tokenizer);
        var random = Randomness.For(1);
        _picture = new Picture(40, 90);
        for (var i = 0; i < _picture.Rgb.Length; i++)
        {
            _picture.Rgb[i] = (byte)random.Next(256);
        }
    }

    [Fact]
    public void AMapFromAfterTheLastBlockIsEmptyAndOneFromItsFirstNormIsNot()
    {
        using var scope = new TensorScope();
        _encoder.Model.Eval();
        var trace = new Trace();
        var feature = _encoder.Model.Features(EmbeddingSpace.Joint, _encoder.Pixels([_picture], 0, 1), trace: trace);
        var score = feature[0, 3] + (feature[0, 5] * 2);
        float[] Map(string layer)
        {
            var gradient = Autograd.Grad(score, [trace[layer]], keepGraph: true)[0];
            return GradCam.Map(trace[layer][0].Narrow(0, 1, 32), gradient[0].Narrow(0, 1, 32));
        }

        Assert.All(Map("image.last"), heat => Assert.Equal(0, heat));
        Assert.Equal(1, Map("image.block01.norm1").Max());
    }

    [Fact]
    public void GradCamFollowsItsFormula()
    {
        using var scope = new TensorScope();
        var activation = Tensor.From<float>([1, 2, -3, 1, 0.5f, 4], 3, 2);
        var gradient = Tensor.From<float>([3, 0, 0, -3, 0, 0], 3, 2);      // alpha = (1, -1)
        Assert.Equal([0f, 0f, 0f], GradCam.Map(activation, gradient));     // -1, -4, -3.5: nothing speaks for it
        Assert.Equal([0.25f, 1f, 0.875f], GradCam.Map(activation, gradient * -1));
    }

    [Fact]
    public void TheScoreIsTheCosineOfPictureAndWords()
    {
        var explanation = new Explainer(_encoder).ForText(_picture, "a man in a red coat");
        var (image, text) = (_encoder.EncodePictures([_picture], EmbeddingSpace.Joint)[0], _encoder.EncodeTexts(["a man in a red coat"], EmbeddingSpace.Joint)[0]);
        Assert.Equal(image.Zip(text).Sum(pair => (double)pair.First * pair.Second), explanation.Score, 1e-5);
        Assert.Equal((64, 32), (explanation.Height, explanation.Width));
        Assert.All(explanation.Heat, heat => Assert.InRange(heat, 0, 1));
        Assert.Equal(64 * 32, explanation.Heat.Length);
        Assert.True(explanation.Heat.Max() > 0.5);
        Assert.Equal(3 * 64 * 32, explanation.Guided.Length);
        Assert.Contains(explanation.Guided, value => value != 0);
        Assert.True(_encoder.Model.IsTraining, "the model's mode is put back");
    }

    [Fact]
    public void EveryQuestionGivesMapsThatAreNotEmpty()
    {
        var explainer = new Explainer(_encoder);
        var reference = _encoder.EncodePairs([_picture.FlipHorizontally()], ["a man in a blue coat"])[0];
        foreach (var explanation in new[]
        {
            explainer.ForPicture(_picture, _picture.FlipHorizontally()), explainer.ForItself(_picture), explainer.ForPair(_picture, "a man", reference, "a person"),
        })
        {
            Assert.True(explanation.Heat.Max() > 0, explanation.Question);
            Assert.True(explanation.Rollout!.Max() > 0, explanation.Question);
            Assert.Contains(explanation.Guided, value => value != 0);
        }

        Assert.Contains("the reference has 3 numbers", Assert.Throws<ArgumentException>(() => explainer.ForReference(_picture, [1, 0, 0], "nobody")).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> SmallPresets => [.. DualTowerMethod.All.SelectMany(method => method.Presets.Keys).Where(name => name.EndsWith("-small", StringComparison.Ordinal))];

    /// <summary>Networks of convolutions have a map too; what a method has no attention for, it has no rollout for.</summary>
    [Theory]
    [MemberData(nameof(SmallPresets))]
    public void EveryMethodSaysWhatItLookedAt(string preset)
    {
        var method = DualTowerMethod.All.Single(method => method.Presets.ContainsKey(preset));
        var options = method.Presets[preset] with { VocabularySize = Tokenizer.VocabularySize };
        using var encoder = new DualTowerEncoder(method, method.Make(options), options, Tokenizer);
        var explainer = new Explainer(encoder);
        foreach (var explanation in new[] { explainer.ForText(_picture, "a man in a red coat"), explainer.ForPicture(_picture, _picture.FlipHorizontally()) })
        {
            Assert.InRange(explanation.Score, -1, 1);
            Assert.Equal(options.Height * options.Width, explanation.Heat.Length);
            Assert.Equal(1, explanation.Heat.Max(), 0.5f);
            Assert.Contains(explanation.Guided, value => value != 0);
            Assert.Equal(encoder.AttentionLayers.Count > 0, explanation.Rollout is not null);
        }

        Assert.Equal(["a", "man", "in", "a", "red", "coat"], explainer.Words(_picture, "a man in a red coat").Select(word => word.Word));
        Assert.NotEmpty(explainer.Regions(_picture, "a man in a red coat").Words);
    }

    [Fact]
    public void GuidedGradientsDifferFromPlainOnes()
    {
        using var scope = new TensorScope();
        _encoder.Model.Eval();
        float[] Gradient(bool guided)
        {
            using var rule = guided ? GuidedBackpropagation.On() : null;
            var images = _encoder.Pixels([_picture], 0, 1);
            images.RequiresGrad = true;
            return Autograd.Grad(_encoder.Model.Features(EmbeddingSpace.Joint, images)[0, 0], [images])[0].ToArray<float>();
        }

        var (plain, guided) = (Gradient(false), Gradient(true));
        Assert.Equal(plain, Gradient(false));
        Assert.True(plain.Zip(guided).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-3 * plain.Max());
    }

    [Fact]
    public void FlipAveragedMapsOfAMirroredPictureAreMirrored()
    {
        var explainer = new Explainer(_encoder) { AveragesFlips = true };
        var (straight, mirrored) = (explainer.ForText(_picture, "a man"), explainer.ForText(_picture.FlipHorizontally(), "a man"));
        Assert.All(Enumerable.Range(0, 64 * 32), i => Assert.Equal(straight.Heat[i], mirrored.Heat[(i / 32 * 32) + 31 - (i % 32)], 1e-3f));
    }

    [Fact]
    public void RolloutRowsShareOutAllAttention()
    {
        using var scope = new TensorScope();

        // Two heads that only look at token 2: half stays with the class token, half goes there.
        var attention = Tensor.Zeros([2, 4, 4]) + Tensor.From<float>([0, 0, 1, 0]);
        Assert.Equal([0f, 1f, 0f], AttentionRollout.Map([attention]));
        Assert.Equal([1f, 1f, 1f], AttentionRollout.Map([Tensor.Full([1, 4, 4], 0.25), Tensor.Full([1, 4, 4], 0.25)]));
    }

    [Fact]
    public void OverlappingPatchesPutTheirHeatOnTheirCellsAndRepeatTheRim()
    {
        var grid = MmetOptions.Paper.Grid;
        var map = new float[grid.Count];
        map[(4 * grid.Columns) + 3] = 1;                                   // rows 50..61, columns 38..49
        var pixels = PatchMap.ToPixels(map, grid);
        Assert.Equal(0.9f, pixels[(55 * 128) + 43], 0.1f);
        Assert.Equal(0, pixels[(68 * 128) + 43]);
        map = new float[grid.Count];
        map[grid.Columns - 1] = 1;                                         // the last cell of the first row: columns 110..121
        pixels = PatchMap.ToPixels(map, grid);
        Assert.Equal(1, pixels[127]);                                      // columns that no kernel sees take the edge's heat
        Assert.Equal(1, pixels[0 + 120]);
    }

    [Fact]
    public void WordsAddUpToWhatTheyAddOneByOne()
    {
        var words = new Explainer(_encoder).Words(_picture, "A man in a red coat");
        Assert.Equal(["a", "man", "in", "a", "red", "coat"], words.Select(word => word.Word));
        var image = _encoder.EncodePictures([_picture], EmbeddingSpace.Joint)[0];
        double Cosine(string text) => _encoder.EncodeTexts([text], EmbeddingSpace.Joint)[0].Zip(image).Sum(pair => (double)pair.First * pair.Second);
        Assert.Equal(Cosine("a man in a red coat") - Cosine("a man in a coat"), words[4].Share, 1e-5);
    }

    [Fact]
    public void ARegionIsWhatTheWordLosesWhereItIsHidden()
    {
        const string text = "A man in a red coat";
        var explainer = new Explainer(_encoder);
        var (regions, words) = (explainer.Regions(_picture, text), explainer.Words(_picture, text));
        Assert.Equal(words.Select(word => word.Word), regions.Words.Select(word => word.Word));
        Assert.All(words.Zip(regions.Words), pair => Assert.Equal(pair.First.Share, pair.Second.Share, 1e-4));
        Assert.Equal((64, 32), (regions.Height, regions.Width));

        // The corner is hidden by the windows that begin 8 and 4 before it and at it: the plain mean of what each takes from the word.
        var plain = _picture.Resize(32, 64);
        var direction = Encode(text).Zip(Encode("a man in a coat"), (with, without) => with - without).ToArray();
        var mean = Enumerable.Range(0, 3).Select(i => (byte)(plain.Rgb.Where((_, at) => at % 3 == i).Sum(value => (long)value) / (32 * 64))).ToArray();
        var losses = new List<double>();
        foreach (var (width, height) in new[] { 8, 12, 16 }.SelectMany(width => new[] { 8, 12, 16 }.Select(height => (width, height))))
        {
            var hidden = new Picture(32, 64, [.. plain.Rgb]);
            hidden.FillInPlace(new Box(0, 0, width, height), new Colour(mean[0], mean[1], mean[2]));
            losses.Add(Share(plain) - Share(hidden));
        }

        Assert.Equal(Math.Max(0, losses.Average()), regions.Words[4].Heat[0], 1e-4);
        var sheet = regions.Sheet(most: 2, height: 64);
        Assert.InRange(sheet.Height, 65, 100);
        WordRegion Word(string word, double share) => new(word, share, []);
        var some = regions with { Words = [Word("a", 0.9), Word("coat", 0.2), Word(",", 0.3), Word("red", 0.5), Word("blue", 0.04), Word("hat", -0.4)] };
        Assert.Equal(["red", "coat"], some.Strongest(6).Select(word => word.Word));
        Assert.Equal("red", Assert.Single(some.Strongest(1)).Word);

        float[] Encode(string words) => _encoder.EncodeTexts([words], EmbeddingSpace.Joint)[0];
        double Share(Picture picture) => _encoder.EncodePictures([picture], EmbeddingSpace.Joint)[0].Zip(direction).Sum(pair => (double)pair.First * pair.Second);
    }

    [Fact]
    public void PanelsStandBesideEachOther()
    {
        var explanation = new Explainer(_encoder).ForText(_picture, "a man");
        var panels = explanation.Panels(height: 128);
        Assert.True(panels.Width > 4 * 64 && panels.Height > 128);
        Assert.InRange((explanation with { Rollout = null }).Panels(height: 128).Width, 3 * 64, 4 * 64);
        Assert.Equal((40, 90), (explanation.Overlay().Width, explanation.Overlay().Height));
        Assert.Equal((32, 64), (explanation.GuidedPicture().Width, explanation.GuidedPicture().Height));
    }

    [Fact]
    public void ExplainingLeavesNoTensorAlive()
    {
        var explainer = new Explainer(_encoder);
        TensorDiagnostics.AssertNoneLeft(() => explainer.ForText(_picture, "a man"));
    }

    public void Dispose() => _encoder.Dispose();
}
