using Semblance.Models.Backbones;
using Semblance.Tensors;

namespace Semblance.Models.Tests.Backbones;

/// <summary>The three transformers against PyTorch's own modules (tests/golden/make_backbones.py), and against what is published about their sizes.</summary>
public sealed class TransformerTests
{
    private static readonly VitOptions SmallVit = new() { Height = 26, Width = 14, Patch = 8, Stride = 6, HiddenWidth = 16, Heads = 2, Layers = 2, MlpWidth = 24, Classes = 5 };

    private static readonly BertOptions SmallBert = new() { VocabularySize = 20, Positions = 9, HiddenWidth = 16, Heads = 4, Layers = 2, MlpWidth = 24 };

    private static readonly ClipOptions SmallClip = new()
    {
        Height = 24,
        Width = 16,
        Patch = 8,
        Stride = 8,
        ImageWidth = 16,
        ImageLayers = 2,
        ImageHeads = 2,
        VocabularySize = 30,
        TextLength = 7,
        TextWidth = 8,
        TextLayers = 2,
        TextHeads = 2,
        EmbeddingWidth = 6,
    };

    [Fact]
    public void VitMatchesTheReferenceWithOverlappingPatches()
    {
        using var golden = new BackboneGolden("vit");
        using var network = golden.Load(new Vit(SmallVit));
        golden.Matches("output.tokens", network.Forward(golden["input.images"]));
        golden.Matches("output.feature", network.Feature(golden["input.images"]));
        golden.Matches("output.logits", network.Classify(golden["input.images"]));
    }

    [Fact]
    public void BertMatchesTheReferenceWhereThereAreTokens()
    {
        using var golden = new BackboneGolden("bert");
        using var network = golden.Load(new Bert(SmallBert));
        var attention = golden["input.attention"];
        var states = network.Forward(golden["input.tokens"], attention);
        Examples.AssertClose(golden["output.states"][attention], states[attention], 1e-4, "states");
    }

    [Fact]
    public void WhatBertPutsBehindATextChangesNothing()
    {
        using var scope = new TensorScope();
        using var network = new Bert(SmallBert);
        network.Eval();
        var attention = Tensor.From([true, true, true, false, false], 1, 5);
        var (a, b) = (network.Forward(Tensor.From([7L, 8, 9, 0, 0], 1, 5), attention), network.Forward(Tensor.From([7L, 8, 9, 11, 12], 1, 5), attention));
        Examples.AssertClose(a[attention], b[attention]);
        Examples.AssertClose(a[attention], network.Forward(Tensor.From([7L, 8, 9], 1, 3))[0]);
    }

    [Fact]
    public void ClipMatchesTheReferenceInBothTowers()
    {
        using var golden = new BackboneGolden("clip");
        using var network = golden.Load(new Clip(SmallClip));
        golden.Matches("output.image_tokens", network.ImageTokens(golden["input.images"]));
        golden.Matches("output.image", network.EncodeImages(golden["input.images"]));
        golden.Matches("output.text_tokens", network.TextTokens(golden["input.tokens"]));
        golden.Matches("output.text", network.EncodeTexts(golden["input.tokens"]));
    }

    [Fact]
    public void WhatStandsBehindTheEndOfAClipTextChangesNothing()
    {
        using var scope = new TensorScope();
        using var network = new Clip(SmallClip);
        network.Eval();
        Examples.AssertClose(network.EncodeTexts(Tensor.From([28L, 3, 29], 1, 3)), network.EncodeTexts(Tensor.From([28L, 3, 29, 5, 6, 0, 0], 1, 7)));
    }

    /// <summary>As published: ViT-B/16 at 224 has 86.6 million parameters with its 1000 classes, BERT base 109.5 million with a pooler of 0.59, CLIP ViT-B/16 149.6 million.</summary>
    [Fact]
    public void TheDefaultsHaveThePublishedSizes()
    {
        Assert.Equal(86_567_656, Count(new Vit(new VitOptions { Height = 224, Width = 224, Classes = 1000 })));
        Assert.Equal(109_482_240 - 590_592, Count(new Bert()));
        Assert.Equal(149_620_737, Count(new Clip(new ClipOptions { Height = 224, Width = 224 })));

        static long Count(Tensors.Layers.Module network)
        {
            using (network)
            {
                return network.Parameters().Sum(parameter => parameter.ElementCount);
            }
        }
    }

    [Fact]
    public void EveryParameterGetsAGradient()
    {
        using var scope = new TensorScope();
        Check(new Vit(SmallVit), network => network.Classify(Tensor.Randn([2, 3, 26, 14])));
        Check(new Bert(SmallBert), network => network.Forward(Tensor.RandInt(0, 20, [2, 5])));
        Check(new Clip(SmallClip), network => Tensor.Cat([network.EncodeImages(Tensor.Randn([2, 3, 24, 16])), network.EncodeTexts(Tensor.RandInt(0, 30, [2, 7])) * network.LogScale]));

        static void Check<T>(T network, Func<T, Tensor> forward, params string[] unused)
            where T : Tensors.Layers.Module
        {
            using (network)
            {
                forward(network).Square().Sum().Backward();
                Assert.Equal(unused, network.NamedParameters().Where(pair => pair.Tensor.Grad is null).Select(pair => pair.Name));
            }
        }
    }

    [Fact]
    public void ATraceKeepsEveryBlock()
    {
        using var scope = new TensorScope();
        using var clip = new Clip(SmallClip);
        var trace = new Trace();
        clip.ImageTokens(Tensor.Randn([1, 3, 24, 16]), trace);
        clip.TextTokens(Tensor.From([28L, 3, 29], 1, 3), trace);
        Assert.Equal(["image.embedding", "image.block00", "image.block01", "text.embedding", "text.block00", "text.block01"], trace.Names);
    }

    [Fact]
    public void InputsOfAnotherSizeAreRefusedWithBothSizes()
    {
        using var scope = new TensorScope();
        using var vit = new Vit(SmallVit);
        using var bert = new Bert(SmallBert);
        using var clip = new Clip(SmallClip);
        Assert.Contains("[1, 3, 14, 26], expected [B, 3, 26, 14]", Assert.Throws<ArgumentException>(() => vit.Forward(Tensor.Zeros([1, 3, 14, 26]))).Message);
        Assert.Contains("[1, 10], expected [B, L] with L at most 9", Assert.Throws<ArgumentException>(() => bert.Forward(Tensor.Zeros([1, 10], ScalarType.Int64))).Message);
        Assert.Contains("expected Bool of the same shape", Assert.Throws<ArgumentException>(() => bert.Forward(Tensor.Zeros([1, 3], ScalarType.Int64), Tensor.Zeros([1, 3]))).Message);
        Assert.Contains("with L at most 7", Assert.Throws<ArgumentException>(() => clip.TextTokens(Tensor.Zeros([1, 8], ScalarType.Int64))).Message);
        Assert.Contains("expected [B, 3, 24, 16]", Assert.Throws<ArgumentException>(() => clip.ImageTokens(Tensor.Zeros([1, 1, 24, 16]))).Message);
    }

    [Fact]
    public void UnsoundOptionsAreRefusedAllAtOnce()
    {
        var vit = Assert.Throws<ArgumentException>(() => new Vit(new VitOptions { Stride = 20, HiddenWidth = 10, Heads = 3, Layers = 0 }));
        Assert.All(["Stride 20", "HiddenWidth is 10 and Heads 3", "Layers is 0"], part => Assert.Contains(part, vit.Message));
        var bert = Assert.Throws<ArgumentException>(() => new Bert(new BertOptions { VocabularySize = 0, Dropout = 1 }));
        Assert.All(["VocabularySize is 0", "Dropout is 1"], part => Assert.Contains(part, bert.Message));
        Assert.Contains("smaller than one patch", Assert.Throws<ArgumentException>(() => new Clip(new ClipOptions { Height = 8 })).Message);
    }
}
