using Semblance.Models.Losses;
using Semblance.Tensors;
using static Semblance.Models.Tests.Examples;

namespace Semblance.Models.Tests;

public sealed class MmetIdentificationTests
{
    private static readonly MmetOptions AllHeads = Options with { TextHeadWeight = 0.5 };

    private static MmetIdentification Stage(MmetOptions options, int classes = 8) => new(Model(options), classes);

    [Fact]
    public void APairFeedsEveryHeadAndTheTotalIsTheirWeightedMean()
    {
        using var scope = new TensorScope();
        using var stage = Stage(AllHeads);
        using var batch = Batch(AllHeads, MmetBatchKind.Identities, 4, 2);
        var losses = stage.Forward((IdentityBatch)batch);
        Assert.Equal(["fusion", "image", "text"], losses.Heads.Select(head => head.Name));
        var expected = losses.Heads.Sum(h => h.Losses.Weight * (h.Losses.Identity.Item<double>() + h.Losses.Triplet.Item<double>())) / 2.5;
        Assert.Equal(expected, losses.Total.Item<double>(), 1e-5);
    }

    [Fact]
    public void APictureAloneFeedsTheImageHeadAndACaptionAloneTheTextHead()
    {
        using var scope = new TensorScope();
        using var stage = Stage(AllHeads);
        using var batch = (IdentityBatch)Batch(AllHeads, MmetBatchKind.Identities, 4, 2);
        Assert.Equal(["image"], stage.Forward(batch with { Tokens = null, Attention = null }).Heads.Select(h => h.Name));
        Assert.Equal(["image"], stage.Forward(batch, omitText: true).Heads.Select(h => h.Name));
        Assert.Equal(["text"], stage.Forward(batch with { Images = null }).Heads.Select(h => h.Name));
    }

    [Fact]
    public void WithTextDropoutTheFusionLearnsToDoWithoutWords()
    {
        using var scope = new TensorScope();
        var options = AllHeads with { TextDropout = 0.3, ImageHeadWeight = 0, TextHeadWeight = 0 };
        using var stage = Stage(options);
        using var batch = (IdentityBatch)Batch(options, MmetBatchKind.Identities, 4, 2);
        Assert.Equal(["fusion"], stage.Forward(batch, omitText: true).Heads.Select(h => h.Name));
        var rate = Enumerable.Range(0, 4000).Count(step => MmetIdentification.OmitsText(options, 1, step)) / 4000.0;
        Assert.Equal(0.3, rate, 0.03);
        stage.Eval();
        var trace = new Trace();
        stage.Features(EmbeddingSpace.Image, batch.Images, trace: trace);
        Assert.Equal([8, 1 + 33, 64], trace["fusion.embedding"].Shape);    // [CLS_M ; u], without a single text token
    }

    [Fact]
    public void AModelWithoutAFittingHeadSaysWhichHeadsItHas()
    {
        using var scope = new TensorScope();
        using var stage = Stage(AllHeads with { ImageHeadWeight = 0 });
        using var batch = (IdentityBatch)Batch(AllHeads, MmetBatchKind.Identities, 4, 2);
        Assert.Contains("pictures alone feeds none of this model's heads (fusion, text)", Assert.Throws<ArgumentException>(() => stage.Forward(batch, omitText: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IdentityLossOfARandomModelIsThatOfGuessing()
    {
        using var scope = new TensorScope();
        using var stage = Stage(AllHeads, 1150);
        using var batch = Batch(AllHeads, MmetBatchKind.Identities, 4, 2);
        Assert.All(stage.Forward((IdentityBatch)batch).Heads, head => Assert.Equal(Math.Log(1150), head.Losses.Identity.Item<double>(), 0.1));
    }

    [Fact]
    public void EveryParameterGetsAGradient()
    {
        using var stage = Stage(AllHeads);
        using (var scope = new TensorScope())
        {
            using var batch = Batch(AllHeads, MmetBatchKind.Identities, 4, 2);
            stage.Forward((IdentityBatch)batch).Total.Backward();
        }

        var without = stage.NamedParameters().Where(p => p.Tensor.RequiresGrad && p.Tensor.Grad is null).Select(p => p.Name);

        // Stage B has no hidden patches and no contrastive projections.
        Assert.Equal(
            ["model.log_scale", "model.image_encoder.mask_token", "model.image_projection.weight", "model.image_projection.bias", "model.text_projection.weight", "model.text_projection.bias"],
            without);
        Assert.All(stage.NamedParameters().Where(p => p.Name.EndsWith("neck.bias", StringComparison.Ordinal)), p => Assert.False(p.Tensor.RequiresGrad));
    }

    [Fact]
    public void TheTripletSeesTheFeatureBeforeTheNeckOrAfterItAsAsked()
    {
        using var scope = new TensorScope();
        using var batch = (IdentityBatch)Batch(AllHeads, MmetBatchKind.Identities, 4, 2);
        foreach (var place in new[] { TripletPlace.BeforeNeck, TripletPlace.AfterNeck })
        {
            using var stage = Stage(AllHeads with { TripletPlace = place });
            var before = stage.Model.EncodeImages(batch.Images!).ClassToken();
            var feature = place == TripletPlace.BeforeNeck ? before : stage.ImageHead!.Neck.Forward(before);
            AssertClose(BatchHardTriplet.Compute(feature, batch.Identities), stage.Forward(batch).Image!.Triplet, 1e-5, $"{place}");
        }
    }

    [Fact]
    public void FeaturesAreUnitRowsAndAnImageFeatureIgnoresCaptions()
    {
        using var scope = new TensorScope();
        using var stage = Stage(AllHeads);
        stage.Eval();
        var images = Images(AllHeads, 3);
        var (tokens, attention) = Texts(AllHeads, 3, 9);
        var image = stage.Features(EmbeddingSpace.Image, images);
        AssertClose(Tensor.Ones([3]), image.Norm(2, 1), 1e-5);
        AssertClose(image, stage.Features(EmbeddingSpace.Image, images, tokens, attention), 0);
        Assert.Equal([3, 64], stage.Features(EmbeddingSpace.Text, tokens: tokens, attention: attention).Shape);
        Assert.Equal([3, 64], stage.Features(EmbeddingSpace.Pair, images, tokens, attention).Shape);
        Assert.Equal([3, 64], stage.Features(EmbeddingSpace.Joint, images).Shape);
        Assert.Contains("captions cannot make a Pair feature: expected pictures with captions", Assert.Throws<ArgumentException>(() =>
            stage.Features(EmbeddingSpace.Pair, tokens: tokens, attention: attention)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAnyHeadTheClassTokenItselfIsTheFeature()
    {
        using var scope = new TensorScope();
        using var stage = Stage(MmetOptions.Code with
        {
            Height = 64,
            Width = 32,
            Patch = 8,
            Stride = 8,
            HiddenWidth = 64,
            Heads = 4,
            MlpWidth = 128,
            ImageLayers = 2,
            TextLayers = 2,
            FusionLayers = 1,
            ImageMaskCount = 5,
        });
        stage.Eval();
        var images = Images(Options, 3);
        AssertClose(stage.Model.EncodeImages(images).ClassToken().Normalize(dim: -1), stage.Features(EmbeddingSpace.Image, images), 1e-5);
    }

    [Fact]
    public void StageBTakesOverAllThatStageALearntButItsHeads()
    {
        using var scope = new TensorScope();
        using var pretraining = Pretraining(AllHeads);
        TorchRandom.Seed(99);
        using var stage = new MmetIdentification(new Mmet(AllHeads), 8);
        stage.TakeOver(pretraining.StateDict());
        foreach (var (name, tensor) in pretraining.Model.StateDict())
        {
            AssertClose(tensor, stage.Model.StateDict()[name], 0, name);
        }
    }

    [Fact]
    public void AHandOverThatDoesNotFitNamesEveryDifference()
    {
        using var scope = new TensorScope();
        using var pretraining = Pretraining(AllHeads);
        using var deeper = new MmetIdentification(Model(AllHeads with { FusionLayers = 2 }), 8);
        Assert.Contains("fusion_encoder.transformer.blocks.1.norm1.weight", Assert.ThrowsAny<Exception>(() => deeper.TakeOver(pretraining.StateDict())).Message, StringComparison.Ordinal);
        using var same = new MmetIdentification(Model(AllHeads), 8);
        var state = pretraining.StateDict().ToDictionary();
        state["strange.weight"] = Tensor.Zeros([1]);
        Assert.Contains("unexpected strange.weight", Assert.Throws<ArgumentException>(() => same.TakeOver(state)).Message, StringComparison.Ordinal);
    }
}
