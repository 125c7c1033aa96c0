using Semblance.Core;
using Semblance.Tensors;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests;

public sealed class MmetTests
{
    [Fact]
    public void StatesHaveTheShapesOfTheSpecification()
    {
        using var scope = new TensorScope();
        using var model = Model();
        var images = Images(Options, 3);
        var (tokens, attention) = Texts(Options, 3, 12);
        var image = model.EncodeImages(images);
        var text = model.EncodeTexts(tokens, attention);
        var fused = model.Fuse(model.BringImage(image), model.BringText(text), attention);
        Assert.Equal([3, 33, 64], image.Last.Shape);
        Assert.Equal([3, 12, 64], text.Last.Shape);
        Assert.Equal([3, 1 + 33 + 12, 64], fused.Normalised().Shape);
        Assert.Equal([3, 64], fused.ClassToken().Shape);
        AssertClose(Tensor.Ones([3]), model.ProjectImage(image.ClassToken()).Norm(2, 1), 1e-5, "unit rows");
    }

    [Fact]
    public void EveryIntermediateIsKeptByNameWhenSomebodyAsks()
    {
        using var scope = new TensorScope();
        using var model = Model();
        var trace = new Trace();
        model.EncodeImages(Images(Options, 2), trace: trace);
        Assert.Equal(["image.embedding", "image.block00.norm1", "image.block00.attention", "image.block00", "image.block01.norm1", "image.block01.attention", "image.block01", "image.last"], trace.Names);
        Assert.Equal([2, 4, 33, 33], trace["image.block01.attention"].Shape);
        AssertClose(Tensor.Ones([2, 4, 33]), trace["image.block01.attention"].Sum(-1), 1e-5, "probabilities");
        Assert.Contains("did you mean \"image.block00\"", Assert.Throws<KeyNotFoundException>(() => trace["image.blok00"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheClassTokenAloneEqualsThatOfTheWholeLastBlockInValueAndGradient()
    {
        using var scope = new TensorScope();
        using var model = Model(Options with { FusionLayers = 2 });
        var images = Images(Options, 3);
        var (tokens, attention) = Texts(Options, 3, 12);
        Tensor[] Run(bool alone)
        {
            var text = model.EncodeTexts(tokens, attention, alone).ClassToken();
            var fused = model.Fuse(model.BringImage(model.EncodeImages(images)), model.BringText(model.EncodeTexts(tokens, attention)), attention, alone).ClassToken();
            var sum = (model.EncodeImages(images, classTokenOnly: alone).ClassToken() * text * fused).Sum();
            Tensor[] parameters = [.. model.Parameters().Where(p => p != model.LogScale)];
            return [text, fused, .. Autograd.Grad(sum, parameters)];
        }

        foreach (var (whole, alone) in Run(alone: false).Zip(Run(alone: true)))
        {
            AssertClose(whole, alone, 2e-5 * Math.Max(1, whole.Abs().Max().Item<float>()));
        }
    }

    [Fact]
    public void LongerPaddingChangesNeitherTheTextNorTheFusion()
    {
        using var scope = new TensorScope();
        using var model = Model();
        model.Eval();
        var images = Images(Options, 3);
        var (tokens, attention) = Texts(Options, 3, 12);
        var longer = Tensor.Cat([tokens, Tensor.Zeros([3, 9], ScalarType.Int64)], 1);
        var mask = Tensor.Cat([attention, Tensor.Zeros([3, 9], ScalarType.Bool)], 1);
        var image = model.BringImage(model.EncodeImages(images));
        var (brief, padded) = (model.EncodeTexts(tokens, attention), model.EncodeTexts(longer, mask));
        AssertClose(brief.ClassToken(), padded.ClassToken(), 1e-5, "h_CLS,T");
        AssertClose(
            model.Fuse(image, model.BringText(brief), attention).ClassToken(), model.Fuse(image, model.BringText(padded), mask).ClassToken(), 1e-5, "h_CLS,M");
    }

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    public void PixelsOfHiddenCellsReachNoOutput(int stride)
    {
        using var scope = new TensorScope();
        var options = Options with { Height = 76, Width = 40, Patch = 16, Stride = stride };
        using var model = Model(options);
        model.Eval();
        var grid = options.Grid;
        var random = Randomness.For(1);
        var hidden = Semblance.Models.Masking.ImageMasking.Uniform(grid.Count, 2, ref random);
        var masked = Tensor.From(hidden, 1, grid.Count);
        var pixels = Images(options, 1).ToArray<float>();
        var before = model.EncodeImages(Tensor.From(pixels, 1, 3, options.Height, options.Width), masked).Last;
        var seen = (float[])pixels.Clone();
        var other = (float[])pixels.Clone();
        for (var cell = 0; cell < grid.Count; cell++)
        {
            var (top, left) = grid.CellOrigin(cell);
            var target = hidden[cell] ? pixels : other;
            for (var y = top; y < top + grid.CellSize; y++)
            {
                for (var x = left; x < left + grid.CellSize; x++)
                {
                    target[(y * options.Width) + x] += 3;
                    target[(2 * options.Height * options.Width) + (y * options.Width) + x] -= 2;
                }
            }
        }

        AssertClose(before, model.EncodeImages(Tensor.From(pixels, 1, 3, options.Height, options.Width), masked).Last, 0, "hidden pixels leak");
        var visible = model.EncodeImages(Tensor.From(other, 1, 3, options.Height, options.Width), masked).Last;
        Assert.True((before - visible).Abs().Max().Item<float>() > 1e-3, "visible pixels must count");
        Assert.NotEqual(seen, pixels);
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        using var scope = new TensorScope();
        using var model = Model();
        Assert.Contains("[2, 3, 32, 64]", Assert.Throws<ArgumentException>(() => model.EncodeImages(Tensor.Zeros([2, 3, 32, 64]))).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 7] does not fit images [2, 3, 64, 32], expected [B, N] = [2, 32]", Assert.Throws<ArgumentException>(() =>
            model.EncodeImages(Tensor.Zeros([2, 3, 64, 32]), Tensor.Zeros([2, 7], ScalarType.Bool))).Message, StringComparison.Ordinal);
        Assert.Contains("L at most 32", Assert.Throws<ArgumentException>(() =>
            model.EncodeTexts(Tensor.Zeros([2, 40], ScalarType.Int64), Tensor.Ones([2, 40], ScalarType.Bool))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StartValuesFollowTheSpecification()
    {
        using var scope = new TensorScope();
        using var model = Model(Options with { HiddenWidth = 128, Heads = 4 });
        foreach (var (name, parameter) in model.NamedParameters())
        {
            var values = parameter.ToArray<float>();
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                Assert.All(values, value => Assert.Equal(0, value));
            }
            else if (name.Contains("norm", StringComparison.Ordinal))
            {
                Assert.All(values, value => Assert.Equal(1, value));
            }
            else if (name != "log_scale" && values.Length > 2000)
            {
                var deviation = name == "image_encoder.positions" ? 0.0176 : 0.02;    // cutting a normal at two deviations takes 12 % off
                Assert.True(Math.Abs(Math.Sqrt(values.Average(v => v * v)) - deviation) < 0.002, name);
            }
        }

        Assert.All(model.TextEncoder.Words.Weight.Narrow(0, 0, 1).ToArray<float>(), value => Assert.Equal(0, value));
        Assert.All(model.ImageEncoder.ClassToken.ToArray<float>(), value => Assert.InRange(value, -0.04f, 0.04f));
        Assert.Contains(model.ImageEncoder.MaskToken.ToArray<float>(), value => value != 0);
        Assert.Equal(1 / 0.07, model.Scale().Item<double>(), 1e-4);
    }

    [Fact]
    public void TheScaleStaysWithinItsBordersAndKeepsItsGradient()
    {
        using var scope = new TensorScope();
        using var model = Model();
        model.LogScale.CopyFrom(Tensor.Scalar(9));
        var scale = model.Scale();
        scale.Backward();
        Assert.Equal(100, scale.Item<double>(), 0.01);
        Assert.NotEqual(0, model.LogScale.Grad!.Item<float>());
    }

    [Fact]
    public void StochasticDepthActsInIdentityTrainingAlone()
    {
        using var scope = new TensorScope();
        using var model = Model(Options with { StochasticDepth = 0.5 });
        var images = Images(Options, 4);
        bool IsSteady(bool stochasticDepth) =>
            model.EncodeImages(images, stochasticDepth: stochasticDepth).Last.ToArray<float>().SequenceEqual(model.EncodeImages(images, stochasticDepth: stochasticDepth).Last.ToArray<float>());
        Assert.False(IsSteady(stochasticDepth: true));
        Assert.True(IsSteady(stochasticDepth: false));
        model.Eval();
        Assert.True(IsSteady(stochasticDepth: true));
    }

    [Fact]
    public void AForwardPassLeavesOnlyItsResultAlive() =>
        TensorDiagnostics.AssertNoneLeft(() =>
        {
            using var model = Model();
            using var images = Images(Options, 2);
            using var last = model.EncodeImages(images).Last;
        });
}
