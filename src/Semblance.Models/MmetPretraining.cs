using Semblance.Models.Losses;
using Semblance.Models.Targets;
using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>Stage A: MMET learns pictures and words from what was hidden of them. Its heads are thrown away afterwards.</summary>
/// <remarks>
/// <code>
/// batch       passes                                                            losses
/// images      image encoder on hidden patches                                   L_MIM
/// captions    text encoder on hidden words                                      L_MLM
/// pairs       both encoders, clean                                              L_GC
///             both encoders and fusion, hidden                                  L_MMM-image, L_MMM-text, L_ITM
/// </code>
/// Pairs feed neither L_MIM nor L_MLM [code]. The sum is <c>L_A = w1 L_MIM + w2 L_MLM + w3 L_MMM-image + w4 L_MMM-text + w5 L_ITM + w6 L_GC</c>.
/// </remarks>
public sealed class MmetPretraining : Module
{
    private readonly IVisualTarget _target;
    private readonly MmetOptions _options;

    /// <summary>Puts pretraining heads on a model.</summary>
    /// <param name="model">Trained in place; shared, not copied.</param>
    /// <param name="target">What a hidden patch is told from; must fit the model's grid.</param>
    public MmetPretraining(Mmet model, IVisualTarget target)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(target);
        _options = model.Options;
        _target = target;
        var (width, words) = (_options.HiddenWidth, _options.VocabularySize);
        var tied = _options.TieTextDecoders ? model.TextEncoder.Words.Weight : null;
        Model = Register("model", model);
        MaskedImageHead = Register("mim", new PredictionHead(width, target.OutputWidth));
        MaskedTextHead = Register("mlm", new PredictionHead(width, words, tied));
        FusionImageHead = Register("mmm_image", new PredictionHead(width, target.OutputWidth));
        FusionTextHead = Register("mmm_text", new PredictionHead(width, words, tied));
        MatchingHead = Register("itm", new MatchingHead(width));
        foreach (Module head in (Module[])[MaskedImageHead, MaskedTextHead, FusionImageHead, FusionTextHead, MatchingHead])
        {
            MmetInitialisation.Apply(head, _options.InitialDeviation);
        }
    }

    /// <summary>The model that is being trained.</summary>
    public Mmet Model { get; }

    internal PredictionHead MaskedImageHead { get; }

    internal PredictionHead MaskedTextHead { get; }

    internal PredictionHead FusionImageHead { get; }

    internal PredictionHead FusionTextHead { get; }

    internal MatchingHead MatchingHead { get; }

    /// <summary>The losses of one batch of any kind.</summary>
    /// <exception cref="ArgumentException">The batch is no pretraining batch.</exception>
    public PretrainingLosses Forward(MmetBatch batch) => batch switch
    {
        ImageBatch images => Forward(images),
        TextBatch texts => Forward(texts),
        PairBatch pairs => Forward(pairs),
        _ => throw new ArgumentException($"{batch?.GetType().Name ?? "null"} is no pretraining batch, expected images, texts or pairs", nameof(batch)),
    };

    /// <summary>Hidden patches from what is left of each picture.</summary>
    public PretrainingLosses Forward(ImageBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = new TensorScope();
        var hidden = HiddenItems.Where(batch.Masked);
        var states = Model.EncodeImages(batch.Images, batch.Masked, read: hidden.Positions + 1);                   // [B, R, D], after [CLS_I]
        var rows = hidden.Rows(states.Last.Size(1), from: 0);
        return new PretrainingLosses(_options) { MaskedImage = PatchLoss(MaskedImageHead, states, rows, batch.Images, hidden) }.Keep(scope);
    }

    /// <summary>Hidden words from what is left of each caption.</summary>
    public PretrainingLosses Forward(TextBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = new TensorScope();
        var hidden = HiddenItems.Where(batch.Labels.Ge(0));
        var states = Model.EncodeTexts(batch.MaskedTokens, batch.Attention, read: hidden.Positions);               // [B, R, D]
        var rows = hidden.Rows(states.Last.Size(1), from: 0);
        return new PretrainingLosses(_options) { MaskedText = WordLoss(MaskedTextHead, states, rows, batch.Labels, hidden) }.Keep(scope);
    }

    /// <summary>Which caption belongs to which picture; hidden patches and words from what is left of both.</summary>
    public PretrainingLosses Forward(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = new TensorScope();
        return new PretrainingLosses(_options) { Contrastive = CleanPass(batch) }.With(HiddenPass(batch)).Keep(scope);
    }

    private Tensor CleanPass(PairBatch batch)
    {
        var image = Model.ProjectImage(Model.EncodeImages(batch.Images, classTokenOnly: true).ClassToken());                       // [B, D]
        var text = Model.ProjectText(Model.EncodeTexts(batch.Tokens, batch.Attention, classTokenOnly: true).ClassToken());         // [B, D]
        return Model.Contrast(image, text, batch.Identities, batch.CaptionKeys, batch.Matched);
    }

    private (Tensor Image, Tensor Text, Tensor Matching) HiddenPass(PairBatch batch)
    {
        var u = Model.BringImage(Model.EncodeImages(batch.Images, batch.Masked));                                                  // [B, 1 + N, D]
        var v = Model.BringText(Model.EncodeTexts(batch.MaskedTokens, batch.Attention));                                           // [B, L, D]

        // Only pairs that really match say anything about what was hidden.
        var (masked, chosen) = (batch.Masked, batch.Labels.Ge(0));
        if (batch.Matched is { } matched)
        {
            (masked, chosen) = (masked.LogicalAnd(matched.Unsqueeze(1)), chosen.LogicalAnd(matched.Unsqueeze(1)));
        }

        // Of the fused tokens [CLS_M ; CLS_I ; patches ; text] somebody reads the first, the hidden patches and the hidden words.
        var (patches, words) = (HiddenItems.Where(masked), HiddenItems.Where(chosen));
        var first = Tensor.Zeros([batch.Count, 1], ScalarType.Int64, u.Device);
        var read = Tensor.Cat([first, patches.Positions + 2, words.Positions + (2 + _options.Grid.Count)], 1);                     // [B, R]
        var fused = Model.Fuse(u, v, batch.Attention, read);                                                                       // [B, R, D]
        var image = PatchLoss(FusionImageHead, fused, patches.Rows(read.Size(1), from: 1), batch.Images, patches);
        var text = WordLoss(FusionTextHead, fused, words.Rows(read.Size(1), from: 1 + patches.Positions.Size(1)), batch.Labels, words);
        return (image, text, Matching(batch, u, v, fused));
    }

    private Tensor Matching(PairBatch batch, Tensor u, Tensor v, EncoderStates fused)
    {
        var tokens = fused.ClassToken();                                                                                           // [B, D]
        var matches = batch.Matched?.To(ScalarType.Int64) ?? Tensor.Ones([batch.Count], ScalarType.Int64, tokens.Device);
        if (batch is not { StrangerImages: { } images, StrangerTexts: { } texts })
        {
            return ImageTextMatching.Compute(MatchingHead.Forward(tokens), matches);
        }

        // Mismatches need no second look at picture or words: hidden states of one sample meet those of another, in the fusion alone [D23].
        var strangers = Model.Fuse(u.IndexSelect(0, images), v.IndexSelect(0, texts), batch.Attention.IndexSelect(0, texts), classTokenOnly: true).ClassToken();
        var logits = MatchingHead.Forward(Tensor.Cat([tokens, strangers], 0));                                                     // [B + M, 2]
        return ImageTextMatching.Compute(logits, Tensor.Cat([matches, Tensor.Zeros([strangers.Size(0)], ScalarType.Int64, tokens.Device)], 0), mismatchWeight: 2);
    }

    private Tensor PatchLoss(PredictionHead head, EncoderStates states, Tensor rows, Tensor images, HiddenItems hidden) =>
        _target.Loss(head.Forward(states.NormalisedAt(rows)), images, hidden.Items);

    private static Tensor WordLoss(PredictionHead head, EncoderStates states, Tensor rows, Tensor labels, HiddenItems hidden) =>
        MaskedPrediction.CrossEntropy(head.Forward(states.NormalisedAt(rows)), labels.Flatten(0, 1).IndexSelect(0, hidden.Items));
}

/// <summary>Which patches or words of a batch are hidden, as positions per sample and as one list.</summary>
/// <param name="Positions">Of each sample's hidden items, in order, filled up with others to the most of any sample: <c>[B, R]</c> int64.</param>
/// <param name="Places">Where in the flattened <see cref="Positions"/> a hidden item stands: <c>[M]</c> int64.</param>
/// <param name="Items">The hidden items as indices b N + i, in the same order: <c>[M]</c> int64.</param>
internal sealed record HiddenItems(Tensor Positions, Tensor Places, Tensor Items)
{
    /// <param name="hidden"><c>[B, N]</c> bool.</param>
    public static HiddenItems Where(Tensor hidden)
    {
        var most = (int)hidden.To(ScalarType.Int64).Sum(1).Max().Item<long>();
        var (values, order) = hidden.To(ScalarType.Byte).Sort(1, descending: true);                            // stable: hidden items first, in their own order
        return new HiddenItems(
            order.Narrow(1, 0, most),
            values.Narrow(1, 0, most).Flatten(0, 1).Nonzero().Squeeze(1),
            hidden.Flatten(0, 1).Nonzero().Squeeze(1));
    }

    /// <summary>The hidden items as rows of a flattened <c>[B, length]</c>, each sample's items starting at <paramref name="from"/>: <c>[M]</c> int64.</summary>
    public Tensor Rows(long length, long from)
    {
        var width = Positions.Size(1);
        return width == length || width == 0 ? Places : Places + (Places.FloorDivide(width) * (length - width)) + from;
    }
}

/// <summary>Tells a hidden patch or word: <c>Linear, GELU, LayerNorm(1e-5), Linear</c> [code].</summary>
internal sealed class PredictionHead : Module
{
    private readonly Tensor? _tied;

    /// <param name="width">D.</param>
    /// <param name="classes">V, or the pixels of a cell.</param>
    /// <param name="tied">Word embeddings <c>[V, D]</c> to decode with in place of an own matrix; only the bias is then the head's.</param>
    public PredictionHead(int width, int classes, Tensor? tied = null)
    {
        Dense = Register("dense", new Linear(width, width));
        Norm = Register("norm", new LayerNorm(width, 1e-5));
        _tied = tied;
        if (tied is null)
        {
            Decoder = Register("decoder", new Linear(width, classes));
        }
        else
        {
            TiedBias = RegisterParameter("decoder_bias", Tensor.Zeros([classes]));
        }
    }

    public Linear Dense { get; }

    public LayerNorm Norm { get; }

    public Linear? Decoder { get; }

    public Tensor? TiedBias { get; }

    public Tensor Forward(Tensor x)                                                                                                // [M, D] -> [M, V]
    {
        x = Norm.Forward(Dense.Forward(x).Gelu().To(ScalarType.Float32));
        return Decoder?.Forward(x) ?? x.Linear(_tied!, TiedBias);
    }
}

/// <summary>Match or mismatch, from the fusion's class token: <c>Linear, tanh, Linear to 2</c>; class 1 is a match [code].</summary>
internal sealed class MatchingHead : Module
{
    public MatchingHead(int width)
    {
        Pooler = Register("pooler", new Linear(width, width));
        Classifier = Register("classifier", new Linear(width, 2));
    }

    public Linear Pooler { get; }

    public Linear Classifier { get; }

    public Tensor Forward(Tensor x) => Classifier.Forward(Pooler.Forward(x).Tanh());                                               // [B, D] -> [B, 2]
}
