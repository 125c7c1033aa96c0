using Semblance.Models.Losses;
using Semblance.Models.Targets;
using Semblance.Tensors;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests;

public sealed class MmetPretrainingTests
{
    [Theory]
    [InlineData(MmetBatchKind.Images, "mim")]
    [InlineData(MmetBatchKind.Texts, "mlm")]
    [InlineData(MmetBatchKind.Pairs, "mmm_image mmm_text itm gc")]
    public void ABatchGivesExactlyTheLossesOfItsKind(MmetBatchKind kind, string terms)
    {
        using var scope = new TensorScope();
        using var stage = Pretraining();
        using var batch = Batch(Options, kind);
        var losses = stage.Forward(batch);
        Assert.Equal(terms, string.Join(' ', losses.Terms.Select(term => term.Name)));
        Assert.Equal(losses.Terms.Sum(term => term.Loss.Item<double>()), losses.Total.Item<double>(), 1e-4);
    }

    [Fact]
    public void AnIdentityBatchIsRefused()
    {
        using var stage = Pretraining();
        using var batch = Batch(Options, MmetBatchKind.Identities);
        Assert.Contains("IdentityBatch is no pretraining batch", Assert.Throws<ArgumentException>(() => stage.Forward(batch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LossesOfARandomModelAreThoseOfGuessing()
    {
        using var scope = new TensorScope();
        var options = Options with { VocabularySize = 30522 };
        using var stage = new MmetPretraining(Model(options), new RandomIds(8192));
        var images = Images(options, 8);
        var (tokens, attention) = Texts(options, 8, 20);
        var hidden = Tensor.Zeros([8, 32], ScalarType.Bool).Scatter(1, Tensor.From<long>([.. Enumerable.Range(0, 40).Select(i => i * 7L % 32)], 8, 5), 1);
        var labels = tokens.MaskedFill(Tensor.Rand([8, 20]).Gt(0.3).LogicalOr(attention.LogicalNot()), -1);
        var pairs = stage.Forward(new PairBatch
        {
            Images = images,
            Masked = hidden,
            Tokens = tokens,
            MaskedTokens = tokens,
            Attention = attention,
            Labels = labels,
            Identities = Tensor.Arange(8),
            CaptionKeys = Tensor.Arange(8),
            StrangerImages = Tensor.From<long>([0, 1, 2, 3]),
            StrangerTexts = Tensor.From<long>([4, 5, 6, 7]),
        });
        Assert.Equal(Math.Log(8192), stage.Forward(new ImageBatch { Images = images, Masked = hidden }).MaskedImage!.Item<double>(), 0.9);
        Assert.Equal(Math.Log(30522), stage.Forward(new TextBatch { MaskedTokens = tokens, Attention = attention, Labels = labels }).MaskedText!.Item<double>(), 1.03);
        Assert.Equal(Math.Log(8192), pairs.FusionImage!.Item<double>(), 0.9);
        Assert.Equal(Math.Log(30522), pairs.FusionText!.Item<double>(), 1.03);
        Assert.Equal(Math.Log(2), pairs.Matching!.Item<double>(), 0.07);
        Assert.True(pairs.Contrastive!.Item<double>() > 0.9 * Math.Log(8));
    }

    [Fact]
    public void EveryParameterGetsAGradientFromTheKindsTogether()
    {
        using var stage = Pretraining();
        foreach (var kind in new[] { MmetBatchKind.Images, MmetBatchKind.Texts, MmetBatchKind.Pairs })
        {
            using var scope = new TensorScope();
            using var batch = Batch(Options, kind);
            stage.Forward(batch).Total.Backward();
        }

        AssertAllHaveGradients(stage);
    }

    [Fact]
    public void SwappedCaptionsAreMismatchesAndTeachNothingElse()
    {
        var options = Options with { Negatives = MatchingNegatives.CaptionSwap, CaptionSwapRate = 0.5, Contrastive = ContrastiveForm.OneToOne };
        using var scope = new TensorScope();
        using var stage = Pretraining(options);
        using var batch = Assert.IsType<PairBatch>(Batch(options, MmetBatchKind.Pairs, identities: 8));
        var matched = batch.Matched!.ToArray<bool>();
        Assert.InRange(matched.Count(m => m), 1, 7);
        Assert.Null(batch.StrangerImages);
        var losses = stage.Forward(batch);

        // The hidden words of a mismatched row must not matter.
        var labels = batch.Labels.MaskedFill(batch.Matched!.Unsqueeze(1).LogicalNot(), 6);
        AssertClose(losses.FusionText!, stage.Forward(batch with { Labels = labels }).FusionText!, 0);
    }

    [Fact]
    public void TiedDecodersReadTheWordEmbeddings()
    {
        using var stage = Pretraining(Options with { TieTextDecoders = true });
        Assert.DoesNotContain(stage.StateDict().Keys, name => name.Contains("mlm.decoder.weight", StringComparison.Ordinal));
        using var scope = new TensorScope();
        using var batch = Batch(Options, MmetBatchKind.Texts);
        stage.Forward(batch).Total.Backward();
        Assert.NotNull(stage.Model.TextEncoder.Words.Weight.Grad);
    }

    [Fact]
    public void TheMultimodalHeadsReadTheTokensThatWereHidden()
    {
        // Only the position of the first hidden patch may move L_MMM-image when its target moves.
        using var scope = new TensorScope();
        using var stage = Pretraining();
        stage.Eval();
        using var batch = Assert.IsType<PairBatch>(Batch(Options, MmetBatchKind.Pairs, identities: 2));
        var u = stage.Model.BringImage(stage.Model.EncodeImages(batch.Images, batch.Masked));
        var v = stage.Model.BringText(stage.Model.EncodeTexts(batch.MaskedTokens, batch.Attention));
        var h = stage.Model.Fuse(u, v, batch.Attention).Normalised();
        var target = new PixelTarget(Options.Grid);
        var masked = batch.Masked.ToArray<bool>();
        var labels = batch.Labels.ToArray<long>();
        var length = labels.Length / 2;
        double image = 0, text = 0;
        for (var b = 0; b < 2; b++)
        {
            for (var i = 0; i < 32; i++)
            {
                if (masked[(b * 32) + i])
                {
                    var truth = target.Truth(batch.Images, Tensor.From<long>([(b * 32) + i]));
                    image += (stage.FusionImageHead.Forward(h[b, 2 + i].Unsqueeze(0)) - truth).Abs().Mean().Item<double>() / masked.Count(m => m);
                }
            }

            for (var t = 0; t < length; t++)
            {
                if (labels[(b * length) + t] is >= 0 and var word)
                {
                    text -= stage.FusionTextHead.Forward(h[b, 2 + 32 + t].Unsqueeze(0)).LogSoftmax(1)[0, (int)word].Item<double>() / labels.Count(l => l >= 0);
                }
            }
        }

        var losses = stage.Forward(batch);
        Assert.Equal(image, losses.FusionImage!.Item<double>(), 1e-4);
        Assert.Equal(text, losses.FusionText!.Item<double>(), 1e-4);
    }

    [Fact]
    public void AStepLeavesNothingAlive()
    {
        using var stage = Pretraining();
        TensorDiagnostics.AssertNoneLeft(() =>
        {
            using var scope = new TensorScope();
            using var batch = Batch(Options, MmetBatchKind.Pairs);
            stage.Forward(batch);
        });
    }

    internal static void AssertAllHaveGradients(Semblance.Tensors.Layers.Module module)
    {
        using var scope = new TensorScope();
        var without = module.NamedParameters().Where(p => p.Tensor.RequiresGrad && p.Tensor.Grad is not { } gradient || (p.Tensor.RequiresGrad && p.Tensor.Grad!.Abs().Max().Item<float>() == 0)).Select(p => p.Name).ToList();

        // Keys have no bias worth the name: softmax ignores what is added to all scores of a query, so a third of every qkv bias has gradient 0, but not all of it.
        Assert.Empty(without);
    }

    private sealed class RandomIds(int classes) : IVisualTarget
    {
        public int OutputWidth => classes;

        public Tensor Loss(Tensor prediction, Tensor images, Tensor cells) => MaskedPrediction.CrossEntropy(prediction, Tensor.RandInt(0, classes, [cells.Size(0)]));
    }
}
