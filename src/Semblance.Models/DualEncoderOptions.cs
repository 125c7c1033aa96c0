using Semblance.Imaging;
using Semblance.Models.Backbones;
using Semblance.Models.Weights;
using Semblance.Text;

namespace Semblance.Models;

/// <summary>Everything that shapes a plain dual encoder. Immutable.</summary>
public sealed record DualEncoderOptions : MethodOptions
{
    /// <summary>ViT-B/16 at 256x128 beside a text transformer of the same width.</summary>
    public static DualEncoderOptions Default { get; } = new();

    /// <summary>CLIP's ViT-B/16 at 384x128, as IRRA has it: for a start from CLIP's weights (<c>model.backbone</c>) and with its merges (<c>vocabulary.path</c>).</summary>
    public static DualEncoderOptions OfClip { get; } = new() { Architecture = DualEncoderTowers.Clip, Height = 384, Width = 128 };

    /// <summary>For training from scratch in minutes on two cores.</summary>
    public static DualEncoderOptions Small { get; } = new()
    {
        Height = 128,
        Width = 64,
        HiddenWidth = 128,
        Heads = 4,
        MlpWidth = 512,
        ImageLayers = 3,
        TextLayers = 2,
        TextLength = 44,
        EmbeddingWidth = 128,
        InitialDeviation = 0.07,
        Temperature = 0.07,
    };

    /// <inheritdoc/>
    public override int Height { get; init; } = 256;

    /// <inheritdoc/>
    public override int Width { get; init; } = 128;

    /// <summary>Whose towers: MMET's, or CLIP's, which public weights fill.</summary>
    public DualEncoderTowers Architecture { get; init; } = DualEncoderTowers.Mmet;

    /// <summary>Side of a patch, which is the step between patches too.</summary>
    public int Patch { get; init; } = 16;

    /// <summary>Width of the hidden states, D; of CLIP's towers the picture's alone.</summary>
    public int HiddenWidth { get; init; } = 768;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of CLIP's text tower; without a part in MMET's. [CLIP] 512.</summary>
    public int TextWidth { get; init; } = 512;

    /// <summary>Attention heads of CLIP's text tower. [CLIP] 8.</summary>
    public int TextHeads { get; init; } = 8;

    /// <summary>Inner width of the feed-forward part; CLIP's is always four times the width.</summary>
    public int MlpWidth { get; init; } = 3072;

    /// <summary>Blocks of the picture tower.</summary>
    public int ImageLayers { get; init; } = 12;

    /// <summary>Blocks of the text tower.</summary>
    public int TextLayers { get; init; } = 12;

    /// <inheritdoc/>
    public override int TextLength { get; init; } = 77;

    /// <inheritdoc/>
    public override int VocabularySize { get; init; } = 30522;

    /// <summary>Numbers of an embedding, E. 512 as CLIP's.</summary>
    public int EmbeddingWidth { get; init; } = 512;

    /// <summary>Temperature of SDM. [IRRA] 0.02; from random weights a softer one learns sooner.</summary>
    public double Temperature { get; init; } = 0.02;

    /// <summary>Weight of L_SDM.</summary>
    public double MatchingWeight { get; init; } = 1;

    /// <summary>Weight of L_ID, one classifier for pictures and words. [IRRA] 1.</summary>
    public double IdentityWeight { get; init; } = 1;

    /// <summary>Standard deviation of the start values; a narrow network wants more than 0.02.</summary>
    public double InitialDeviation { get; init; } = 0.02;

    /// <inheritdoc/>
    public override string? BackboneKind => Architecture == DualEncoderTowers.Clip ? WeightMap.ClipKey : null;

    /// <inheritdoc/>
    public override string? FaultOf(ITokenizer tokenizer) => Architecture == DualEncoderTowers.Mmet ? base.FaultOf(tokenizer)
        : tokenizer is BytePairTokenizer ? null : "word pieces, but CLIP's towers read byte pairs: name its merges file (bpe_simple_vocab_16e6.txt.gz) in vocabulary.path";

    /// <inheritdoc/>
    public override Preprocessing Preprocessing() => new(Height, Width, Normalisation.Clip);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Faults() =>
    [
        .. Architecture == DualEncoderTowers.Clip ? Clip.Faults() : Towers.Faults(),
        .. EmbeddingWidth > 0 ? (string[])[] : [$"EmbeddingWidth is {EmbeddingWidth}, expected 1 or more"],
        .. Temperature > 0 ? (string[])[] : [$"Temperature is {Temperature}, expected more than 0"],
        .. MatchingWeight >= 0 && IdentityWeight >= 0 && MatchingWeight + IdentityWeight > 0
            ? (string[])[] : [$"MatchingWeight is {MatchingWeight} and IdentityWeight {IdentityWeight}, expected 0 or more and not both 0"],
    ];

    /// <summary>The same sizes as CLIP understands them.</summary>
    internal ClipOptions Clip => new()
    {
        Height = Height,
        Width = Width,
        Patch = Patch,
        Stride = Patch,
        ImageWidth = HiddenWidth,
        ImageHeads = Heads,
        ImageLayers = ImageLayers,
        TextWidth = TextWidth,
        TextHeads = TextHeads,
        TextLayers = TextLayers,
        TextLength = TextLength,
        VocabularySize = VocabularySize,
        EmbeddingWidth = EmbeddingWidth,
    };

    /// <summary>The same sizes as the towers of MMET understand them.</summary>
    internal MmetOptions Towers => new()
    {
        Height = Height,
        Width = Width,
        Patch = Patch,
        Stride = Patch,
        HiddenWidth = HiddenWidth,
        Heads = Heads,
        MlpWidth = MlpWidth,
        ImageLayers = ImageLayers,
        TextLayers = TextLayers,
        TextLength = TextLength,
        TextPositions = TextLength,
        VocabularySize = VocabularySize,
        VisualTarget = VisualTargetKind.Pixels,
        StochasticDepth = 0,
    };
}
