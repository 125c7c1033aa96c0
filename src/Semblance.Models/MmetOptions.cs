using Semblance.Core;

namespace Semblance.Models;

/// <summary>
/// Everything that shapes an MMET: sizes, masking, losses, heads. Immutable; a variant is <c>MmetOptions.Default with { Height = 384 }</c>.
/// The defaults below are those of <see cref="Default"/>.
/// </summary>
/// <remarks>
/// Sources: [paper] Xiang et al. 2023, arXiv 2304.09498; [code] its repository at commit 0ad77eb; [decision Dn] ours, where those are silent or contradict each other.
/// </remarks>
public sealed record MmetOptions : MethodOptions
{
    /// <summary>The presets by the name that a recipe uses.</summary>
    public static IReadOnlyList<string> PresetNames { get; } = ["mmet-paper", "mmet-code", "mmet-default", "mmet-small", "mmet-tiny"];

    /// <summary>ViT-B/16 at stride 16: masking is exact, and the image encoder costs three fifths of the paper's [decision D2].</summary>
    public static MmetOptions Default { get; } = new();

    /// <summary>The paper's model: overlapping patches (its "12x12", read as stride 12 [decision D2]), identity head on the fusion alone.</summary>
    public static MmetOptions Paper { get; } = new()
    {
        Stride = 12,
        ImageHeadWeight = 0,
        TextHeadWeight = 0,
        TextDropout = 0.3,
        StochasticDepth = 0.1,
    };

    /// <summary>The released code's model, without its defects (docs/mmet.md). For comparison and for public FLAVA weights.</summary>
    public static MmetOptions Code { get; } = new()
    {
        Height = 224,
        Width = 224,
        ImageMasking = ImageMaskMode.Block,
        ImageMaskCount = 75,
        SmallestBlock = 16,
        Negatives = MatchingNegatives.CaptionSwap,
        Contrastive = ContrastiveForm.OneToOne,
        ImageHeadWeight = 0,
        TextHeadWeight = 0,
        Triplet = TripletForm.SoftMargin,
        TripletPlace = TripletPlace.AfterNeck,
        StochasticDepth = 0,
    };

    /// <summary>For training from scratch in minutes on two cores: quick start, ablations on the synthetic world.</summary>
    public static MmetOptions Small { get; } = new()
    {
        Height = 96,
        Width = 48,
        Patch = 8,
        Stride = 8,
        HiddenWidth = 160,
        Heads = 5,
        MlpWidth = 640,
        ImageLayers = 4,
        TextLayers = 2,
        FusionLayers = 1,
        TextLength = 48,
        TextPositions = 48,
        VisualTarget = VisualTargetKind.Pixels,
        StochasticDepth = 0,
    };

    /// <summary>For tests.</summary>
    public static MmetOptions Tiny { get; } = new()
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
        TextLength = 32,
        TextPositions = 32,
        VisualTarget = VisualTargetKind.Pixels,
        TextHeadWeight = 0,
        StochasticDepth = 0,
    };

    /// <summary>Input rows in pixels. [paper] 256; [code] 224.</summary>
    public override int Height { get; init; } = 256;

    /// <summary>Input columns in pixels. [paper] 128; [code] 224.</summary>
    public override int Width { get; init; } = 128;

    /// <summary>Side of a patch, k.</summary>
    public int Patch { get; init; } = 16;

    /// <summary>Step from patch to patch, s; 12 overlaps [decision D2].</summary>
    public int Stride { get; init; } = 16;

    /// <summary>Width of every hidden state, D.</summary>
    public int HiddenWidth { get; init; } = 768;

    /// <summary>Attention heads, A.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Inner width of the feed-forward part.</summary>
    public int MlpWidth { get; init; } = 3072;

    /// <summary>Blocks of the image encoder.</summary>
    public int ImageLayers { get; init; } = 12;

    /// <summary>Blocks of the text encoder.</summary>
    public int TextLayers { get; init; } = 12;

    /// <summary>Blocks of the multimodal encoder: 6 as in the code; the paper may mean 12 [decision D3].</summary>
    public int FusionLayers { get; init; } = 6;

    /// <summary>Longest text in tokens with [CLS] and [SEP], L.</summary>
    public override int TextLength { get; init; } = 77;

    /// <summary>Rows of the text position table.</summary>
    public int TextPositions { get; init; } = 512;

    /// <summary>Entries of the word-piece vocabulary, V_T. A vocabulary learnt from captions sets its own size here.</summary>
    public override int VocabularySize { get; init; } = 30522;

    /// <summary>Epsilon of the transformers' layer norms. [code]</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Dropout after attention and feed-forward. [code] 0.</summary>
    public double Dropout { get; init; }

    /// <summary>Stochastic depth of the image encoder in identity training; grows linearly to this at the last block [decision, mmet 10.2].</summary>
    public double StochasticDepth { get; init; } = 0.1;

    /// <summary>Use the word embeddings as the text decoders' weights too [decision D9: off, as in the code].</summary>
    public bool TieTextDecoders { get; init; }

    /// <summary>Where image masks fall.</summary>
    public ImageMaskMode ImageMasking { get; init; } = ImageMaskMode.Pedestrian;

    /// <summary>Share of patches that are masked, r_I. [paper] 0.15 [decision D10].</summary>
    public double ImageMaskRatio { get; init; } = 0.15;

    /// <summary>Number of masked patches when it is not a share: [code] 75. Null: <see cref="ImageMaskRatio"/> counts.</summary>
    public int? ImageMaskCount { get; init; }

    /// <summary>Share of the masked cells that lies on the person, rho [decision D12].</summary>
    public double FocusShare { get; init; } = 0.9;

    /// <summary>Largest share of the person that may be masked, gamma [decision D12].</summary>
    public double FocusCap { get; init; } = 0.6;

    /// <summary>Single cells, or rectangles.</summary>
    public MaskDrawing FocusDrawing { get; init; } = MaskDrawing.Patch;

    /// <summary>Smallest rectangle in cells: 4 for a budget of 15 % [decision]; [code] 16 for 75 of 196.</summary>
    public int SmallestBlock { get; init; } = 4;

    /// <summary>Share of word tokens that are masked. [paper, code] 0.15.</summary>
    public double TextMaskRatio { get; init; } = 0.15;

    /// <summary>Mask the pieces of a word together [decision D15].</summary>
    public bool WholeWords { get; init; } = true;

    /// <summary>Draw every second masked word from the words about looks [decision D16: off].</summary>
    public bool AttributeBias { get; init; }

    /// <summary>What a masked patch is told from.</summary>
    public VisualTargetKind VisualTarget { get; init; } = VisualTargetKind.DvaeTokens;

    /// <summary>Classes of the visual target, V_I: 8192, as the tokenizer has; the quantizer is slow to fit with so many, give it 1024. Unused by pixel regression.</summary>
    public int VisualVocabularySize { get; init; } = 8192;

    /// <summary>Where mismatched pairs come from.</summary>
    public MatchingNegatives Negatives { get; init; } = MatchingNegatives.Repairing;

    /// <summary>Share of swapped captions in <see cref="MatchingNegatives.CaptionSwap"/>. [code] 0.1.</summary>
    public double CaptionSwapRate { get; init; } = 0.1;

    /// <summary>Which texts are right for an image.</summary>
    public ContrastiveForm Contrastive { get; init; } = ContrastiveForm.ManyToMany;

    /// <summary>w1, of L_MIM.</summary>
    public double MaskedImageWeight { get; init; } = 1;

    /// <summary>w2, of L_MLM.</summary>
    public double MaskedTextWeight { get; init; } = 1;

    /// <summary>w3, of L_MMM-image.</summary>
    public double FusionImageWeight { get; init; } = 1;

    /// <summary>w4, of L_MMM-text.</summary>
    public double FusionTextWeight { get; init; } = 1;

    /// <summary>w5, of L_ITM.</summary>
    public double MatchingWeight { get; init; } = 1;

    /// <summary>w6, of L_GC.</summary>
    public double ContrastiveWeight { get; init; } = 1;

    /// <summary>a_M, of the fusion's identity head; 0 leaves the head out.</summary>
    public double FusionHeadWeight { get; init; } = 1;

    /// <summary>a_I, of the image identity head; 0 leaves it out, as paper and code do [decision D21].</summary>
    public double ImageHeadWeight { get; init; } = 1;

    /// <summary>a_T, of the text identity head; 0 leaves it out [decision D21].</summary>
    public double TextHeadWeight { get; init; } = 0.5;

    /// <summary>Share of identity batches whose text is left out, so that the fusion learns to do without [decision D26].</summary>
    public double TextDropout { get; init; }

    /// <summary>Hinge or soft margin.</summary>
    public TripletForm Triplet { get; init; } = TripletForm.Hinge;

    /// <summary>Weight of L_triplet beside L_ID.</summary>
    /// <value>1 (paper, eq. 3). From random weights features are alike, and the hardest triplets first pull them together: a short run wants less.</value>
    public double TripletWeight { get; init; } = 1;

    /// <summary>m of the hinge [decision D20, Luo 2019].</summary>
    public double TripletMargin { get; init; } = 0.3;

    /// <summary>Before or after the batch normalisation.</summary>
    public TripletPlace TripletPlace { get; init; } = TripletPlace.BeforeNeck;

    /// <summary>Label smoothing of the identity loss [decision D19: 0].</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Weight of the pretraining losses beside the identity losses; 0 is the two-stage default [decision D1].</summary>
    public double JointWeight { get; init; }

    /// <summary>
    /// Weight of L_GC beside the identity losses, on the states that they read anyway; 0 is the paper's stage B. Our addition, an economical form of D1's joint training:
    /// identity losses alone pull picture and word projections apart, and this keeps search by words alive at no further pass of the encoders.
    /// </summary>
    public double IdentificationContrastiveWeight { get; init; }

    /// <summary>Standard deviation of the start values of weights and tokens.</summary>
    /// <value>0.02 [code], which suits 768 dimensions. A narrower network wants more, about the inverse root of its width: with 0.02 a class token hardly sees the picture.</value>
    public double InitialDeviation { get; init; } = 0.02;

    /// <summary>How position tables of another grid are resized [decision D7].</summary>
    public PositionResizing PositionResizing { get; init; } = PositionResizing.Bicubic;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing() => Models.Preprocessing.For(this);

    /// <summary>How the input is cut into patches.</summary>
    public PatchGrid Grid => new(Height, Width, Patch, Stride);

    /// <summary>n_I, masked patches of an image: <c>round(r_I N)</c>, or the count that was set.</summary>
    public int MaskedPatches => ImageMaskCount ?? (int)Math.Round(ImageMaskRatio * Grid.Count, MidpointRounding.AwayFromZero);

    /// <summary>Length of the fusion's sequence with text: class token, image states, text states.</summary>
    public int FusionLength => 1 + (1 + Grid.Count) + TextLength;

    /// <summary>A preset by name; "mmet-" may be left out.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message offers the nearest.</exception>
    public static MmetOptions Preset(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (name.StartsWith("mmet-", StringComparison.Ordinal) ? name : $"mmet-{name}") switch
        {
            "mmet-paper" => Paper,
            "mmet-code" => Code,
            "mmet-default" => Default,
            "mmet-small" => Small,
            "mmet-tiny" => Tiny,
            var full => throw new ArgumentException(
                $"no preset \"{name}\"{Suggestion.DidYouMean(full, PresetNames)}: expected one of {string.Join(", ", PresetNames)}", nameof(name)),
        };
    }

    /// <summary>These options, when they are sound.</summary>
    /// <exception cref="ArgumentException">They are not; the message lists every fault.</exception>
    public MmetOptions Validate()
    {
        var faults = Faults();
        return faults.Count == 0
            ? this
            : throw new ArgumentException($"these MMET options do not work:{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}");
    }

    /// <summary>Every fault in words; empty when the options are sound.</summary>
    public override IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        void Check(bool sound, string fault)
        {
            if (!sound)
            {
                faults.Add(fault);
            }
        }

        void Positive(int value, string name) => Check(value > 0, $"{name} is {value}, expected 1 or more");
        void Share(double value, string name) => Check(value is >= 0 and <= 1, $"{name} is {value}, expected a share from 0 to 1");
        void Weight(double value, string name) => Check(value >= 0 && double.IsFinite(value), $"{name} is {value}, expected 0 or more");

        Positive(Patch, nameof(Patch));
        Positive(Stride, nameof(Stride));
        Positive(HiddenWidth, nameof(HiddenWidth));
        Positive(Heads, nameof(Heads));
        Positive(MlpWidth, nameof(MlpWidth));
        Positive(ImageLayers, nameof(ImageLayers));
        Positive(TextLayers, nameof(TextLayers));
        Positive(FusionLayers, nameof(FusionLayers));
        Positive(SmallestBlock, nameof(SmallestBlock));
        Check(Height >= Patch && Width >= Patch, $"the input is {Height}x{Width}, smaller than one patch of {Patch}x{Patch}");
        Check(Stride <= Patch, $"Stride {Stride} is larger than Patch {Patch}: pixels between the patches would never be seen");
        Check((Patch - Stride) % 2 == 0, $"Patch {Patch} and Stride {Stride} differ by an odd number: a cell of {Stride} pixels cannot lie at a patch's centre");
        Check(Heads <= 0 || HiddenWidth % Heads == 0, $"HiddenWidth {HiddenWidth} cannot be shared among {Heads} heads: expected a multiple of {Heads}");
        Check(TextLength >= 3, $"TextLength is {TextLength}, expected 3 or more: [CLS], a word, [SEP]");
        Check(TextPositions >= TextLength, $"TextPositions {TextPositions} is smaller than TextLength {TextLength}");
        Check(VocabularySize > 5, $"VocabularySize is {VocabularySize}, expected more than the 5 special tokens");
        Check(VisualTarget == VisualTargetKind.Pixels || VisualVocabularySize > 1, $"VisualVocabularySize is {VisualVocabularySize}, expected 2 or more classes");
        Check(NormEpsilon > 0, $"NormEpsilon is {NormEpsilon}, expected more than 0");
        Check(StochasticDepth is >= 0 and < 1, $"StochasticDepth is {StochasticDepth}, expected 0 or more and less than 1");
        Check(Dropout is >= 0 and < 1, $"Dropout is {Dropout}, expected 0 or more and less than 1");
        Share(ImageMaskRatio, nameof(ImageMaskRatio));
        Share(FocusShare, nameof(FocusShare));
        Check(FocusCap is > 0 and <= 1, $"FocusCap is {FocusCap}, expected more than 0 and at most 1");
        Share(TextMaskRatio, nameof(TextMaskRatio));
        Share(CaptionSwapRate, nameof(CaptionSwapRate));
        Share(TextDropout, nameof(TextDropout));
        Check(LabelSmoothing is >= 0 and < 1, $"LabelSmoothing is {LabelSmoothing}, expected 0 or more and less than 1");
        Check(TripletMargin >= 0, $"TripletMargin is {TripletMargin}, expected 0 or more");
        Weight(MaskedImageWeight, nameof(MaskedImageWeight));
        Weight(MaskedTextWeight, nameof(MaskedTextWeight));
        Weight(FusionImageWeight, nameof(FusionImageWeight));
        Weight(FusionTextWeight, nameof(FusionTextWeight));
        Weight(MatchingWeight, nameof(MatchingWeight));
        Weight(ContrastiveWeight, nameof(ContrastiveWeight));
        Weight(FusionHeadWeight, nameof(FusionHeadWeight));
        Weight(ImageHeadWeight, nameof(ImageHeadWeight));
        Weight(TextHeadWeight, nameof(TextHeadWeight));
        Weight(JointWeight, nameof(JointWeight));
        Weight(TripletWeight, nameof(TripletWeight));
        Check(InitialDeviation is > 0 and <= 1, $"InitialDeviation is {InitialDeviation}, expected more than 0 and at most 1");
        Weight(IdentificationContrastiveWeight, nameof(IdentificationContrastiveWeight));
        Check(TextDropout == 0 || FusionHeadWeight > 0, $"TextDropout is {TextDropout} but there is no fusion head to train by it: set FusionHeadWeight above 0, or TextDropout to 0");
        if (Patch > 0 && Stride > 0 && Height >= Patch && Width >= Patch)
        {
            Check(MaskedPatches >= 1 && MaskedPatches < Grid.Count, $"{MaskedPatches} of {Grid.Count} patches would be masked, expected at least 1 and not all");
        }

        return faults;
    }
}
