using Semblance.Core;
using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>
/// Stage B: MMET learns who is who. Identity heads sit on the class tokens of the encoders: M on the fusion (paper, code), and by default I and T on pictures and
/// captions alone, since a picture without words needs a trained head too [decision D21].
/// </summary>
/// <remarks>
/// <code>
/// batch                     passes                                                  heads
/// pictures with captions    encoders and fusion, clean                              M, I, T
/// pictures                  image encoder; fusion without words if it learnt to     I (and M)
/// captions                  text encoder                                            T
/// </code>
/// The sum is <c>L_B = Σ_x a_x (L_ID^x + L_triplet^x) / Σ_x a_x</c>.
/// </remarks>
public sealed class MmetIdentification : Module
{
    private readonly MmetOptions _options;

    /// <summary>Puts identity heads on a model.</summary>
    /// <param name="model">Trained in place; shared, not copied.</param>
    /// <param name="classes">Training identities, C; 0 makes heads without classifiers, for use after training.</param>
    public MmetIdentification(Mmet model, int classes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        _options = model.Options;
        Classes = classes;
        Model = Register("model", model);
        FusionHead = _options.FusionHeadWeight > 0 ? Register("fusion_head", new IdentityHead(_options.HiddenWidth, classes)) : null;
        ImageHead = _options.ImageHeadWeight > 0 ? Register("image_head", new IdentityHead(_options.HiddenWidth, classes)) : null;
        TextHead = _options.TextHeadWeight > 0 ? Register("text_head", new IdentityHead(_options.HiddenWidth, classes)) : null;
    }

    /// <summary>The model that is being trained.</summary>
    public Mmet Model { get; }

    /// <summary>Training identities, C.</summary>
    public int Classes { get; }

    internal IdentityHead? FusionHead { get; }

    internal IdentityHead? ImageHead { get; }

    internal IdentityHead? TextHead { get; }

    /// <summary>Whether the fusion learnt to do without words, so that M may be asked for a picture alone [decision D26].</summary>
    public bool FusesWithoutText => FusionHead is not null && _options.TextDropout > 0;

    /// <summary>Whether a step leaves out the captions of its whole batch [decision D26]. Pure: a resumed run decides alike.</summary>
    public static bool OmitsText(MmetOptions options, ulong seed, long step)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.TextDropout > 0 && Randomness.For(seed, Randomness.Key("text dropout"), step).Chance(options.TextDropout);
    }

    /// <summary>The losses of one batch.</summary>
    /// <param name="batch">Pictures, captions or both.</param>
    /// <param name="omitText">Treat pairs as pictures without captions, the fusion included: see <see cref="OmitsText"/>.</param>
    /// <exception cref="ArgumentException">The batch is empty of input, or feeds no head that this model has; the message says which heads there are.</exception>
    public IdentificationLosses Forward(IdentityBatch batch, bool omitText = false)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = new TensorScope();
        batch = omitText && batch.Images is not null ? batch with { Tokens = null, Attention = null } : batch;
        var tokens = ClassTokens(batch.Images, batch.Tokens, batch.Attention, heads: true, trace: null);
        var losses = new IdentificationLosses
        {
            Contrastive = Contrastive(tokens.Image, tokens.Text, batch),
            ContrastiveWeight = _options.IdentificationContrastiveWeight,
            Fusion = Losses(FusionHead, tokens.Fusion, batch.Identities, _options.FusionHeadWeight),
            Image = Losses(ImageHead, tokens.Image, batch.Identities, _options.ImageHeadWeight),
            Text = Losses(TextHead, tokens.Text, batch.Identities, _options.TextHeadWeight),
        };
        return losses.Heads.Any()
            ? losses.Keep(scope)
            : throw new ArgumentException($"a batch of {Describe(batch)} feeds none of this model's heads ({HeadNames}): give it captions or pictures, or weigh another head", nameof(batch));
    }

    /// <summary>Retrieval features: unit rows <c>[B, D]</c>, float32, in the current mode of the module (evaluate with <c>Eval()</c>).</summary>
    /// <param name="space">Which feature.</param>
    /// <param name="images">Normalised pictures, <c>[B, 3, H, W]</c>; for Image, Pair, and Joint without tokens; borrowed.</param>
    /// <param name="tokens">Token ids, <c>[B, L]</c>; for Text, Pair, and Joint without images; borrowed.</param>
    /// <param name="attention">With tokens.</param>
    /// <param name="trace">Keeps the intermediates.</param>
    /// <param name="unit">False leaves Image, Text and Pair at the length that their neck gives them.</param>
    /// <remarks>
    /// Image and Text are the BNNeck outputs of their heads. Without an image head: M without words when the fusion learnt to do without; else h_CLS,I itself, as in the code.
    /// Without a text head: h_CLS,T itself. Captions passed beside pictures play no part in Image [decision D26].
    /// </remarks>
    /// <exception cref="ArgumentException">The inputs do not make that feature.</exception>
    public Tensor Features(EmbeddingSpace space, Tensor? images = null, Tensor? tokens = null, Tensor? attention = null, Trace? trace = null, bool unit = true)
    {
        var scope = trace is null ? new TensorScope() : null;
        try
        {
            var feature = (space, images, tokens) switch
            {
                (EmbeddingSpace.Image, { } x, _) => ImageFeature(x, trace),
                (EmbeddingSpace.Text, _, { } t) => After(TextHead, Model.EncodeTexts(t, attention!, classTokenOnly: true, trace).ClassToken()),
                (EmbeddingSpace.Pair, { } x, { } t) => After(FusionHead, ClassTokens(x, t, attention, heads: false, trace).Fusion!),
                (EmbeddingSpace.Joint, { } x, null) => Model.ProjectImage(Model.EncodeImages(x, classTokenOnly: true, trace: trace).ClassToken()),
                (EmbeddingSpace.Joint, null, { } t) => Model.ProjectText(Model.EncodeTexts(t, attention!, classTokenOnly: true, trace).ClassToken()),
                _ => throw new ArgumentException(
                    $"{(images, tokens) switch { (null, null) => "no input", (null, _) => "captions", (_, null) => "pictures", _ => "pictures with captions" }} cannot make a {space} feature: expected {Expected(space)}",
                    nameof(space)),
            };
            feature = unit && space != EmbeddingSpace.Joint ? Unit(feature) : feature.To(ScalarType.Float32);    // projections are unit rows already
            return scope is null ? feature : scope.Keep(feature);
        }
        finally
        {
            scope?.Dispose();
        }
    }

    /// <summary>Retrieval features of pictures in several spaces, Image and Joint, with one pass of the image encoder where both read its class token.</summary>
    /// <param name="spaces">Image, Joint, or both.</param>
    /// <param name="images">Normalised pictures, <c>[B, 3, H, W]</c>; borrowed.</param>
    /// <returns>Unit rows <c>[B, D]</c>, one tensor per space.</returns>
    public IReadOnlyList<Tensor> PictureFeatures(IReadOnlyList<EmbeddingSpace> spaces, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(spaces);
        if (spaces.Count == 1 || (ImageHead is null && FusesWithoutText) || spaces.Any(space => space is not (EmbeddingSpace.Image or EmbeddingSpace.Joint)))
        {
            return [.. spaces.Select(space => Features(space, images))];
        }

        using var scope = new TensorScope();
        var token = Model.EncodeImages(images, classTokenOnly: true).ClassToken();
        return [.. spaces.Select(space => scope.Keep(space == EmbeddingSpace.Joint ? Model.ProjectImage(token) : Unit(After(ImageHead, token))))];
    }

    /// <summary>Takes over what stage A learnt: encoders, fusion, projections and log-scale. Prediction heads stay behind, identity heads stay new, the optimiser starts fresh.</summary>
    /// <param name="pretrained">State of a <see cref="MmetPretraining"/>.</param>
    /// <exception cref="ArgumentException">A name or shape does not match; the message lists all of them. Nothing was changed.</exception>
    public void TakeOver(IReadOnlyDictionary<string, Tensor> pretrained)
    {
        ArgumentNullException.ThrowIfNull(pretrained);
        string[] leftBehind = ["mim.", "mlm.", "mmm_image.", "mmm_text.", "itm."];
        var model = new Dictionary<string, Tensor>();
        var strange = new List<string>();
        foreach (var (name, tensor) in pretrained)
        {
            if (name.StartsWith("model.", StringComparison.Ordinal))
            {
                model.Add(name["model.".Length..], tensor);
            }
            else if (!leftBehind.Any(head => name.StartsWith(head, StringComparison.Ordinal)))
            {
                strange.Add(name);
            }
        }

        if (strange.Count > 0 || model.Count == 0)
        {
            throw new ArgumentException(
                $"this is no state of an MMET pretraining: {(model.Count == 0 ? "nothing under \"model.\"" : $"unexpected {string.Join(", ", strange)}")}", nameof(pretrained));
        }

        Model.LoadStateDict(model);
    }

    internal string HeadNames => string.Join(", ", new[] { FusionHead is null ? null : "fusion", ImageHead is null ? null : "image", TextHead is null ? null : "text" }.OfType<string>());

    private Tensor ImageFeature(Tensor images, Trace? trace) => (ImageHead, FusesWithoutText) switch
    {
        (null, true) => After(FusionHead, ClassTokens(images, null, null, heads: false, trace).Fusion!),
        _ => After(ImageHead, Model.EncodeImages(images, classTokenOnly: true, trace: trace).ClassToken()),
    };

    /// <summary>The class tokens that there are heads for.</summary>
    /// <param name="images">Pictures or null.</param>
    /// <param name="tokens">Captions or null.</param>
    /// <param name="attention">With captions.</param>
    /// <param name="heads">True: only what a head reads, and M for a picture alone only if the fusion learnt it. False: the fusion's token, whatever heads there are.</param>
    /// <param name="trace">Keeps the intermediates.</param>
    private (Tensor? Fusion, Tensor? Image, Tensor? Text) ClassTokens(Tensor? images, Tensor? tokens, Tensor? attention, bool heads, Trace? trace)
    {
        var fuse = images is not null && (!heads || (tokens is null ? FusesWithoutText : FusionHead is not null));
        var contrast = heads && _options.IdentificationContrastiveWeight > 0 && images is not null && tokens is not null;
        var wantsImage = heads && (ImageHead is not null || contrast);
        var wantsText = heads && (TextHead is not null || contrast);
        var readImage = images is not null && (fuse || wantsImage);
        var readText = tokens is not null && (fuse || wantsText);
        var image = readImage ? Model.EncodeImages(images!, classTokenOnly: !fuse, trace: trace, stochasticDepth: heads) : null;
        var text = readText ? Model.EncodeTexts(tokens!, attention!, classTokenOnly: !fuse, trace) : null;
        var fused = fuse
            ? Model.Fuse(Model.BringImage(image!), text is null ? null : Model.BringText(text), text is null ? null : attention, classTokenOnly: true, trace).ClassToken()
            : null;
        return (fused, wantsImage ? image?.ClassToken() : null, wantsText ? text?.ClassToken() : null);
    }

    /// <summary>L_GC over the batch in the form that the options name; null where it is not asked for or a modality is missing.</summary>
    private Tensor? Contrastive(Tensor? image, Tensor? text, IdentityBatch batch) =>
        _options.IdentificationContrastiveWeight <= 0 || image is null || text is null ? null
        : Model.Contrast(Model.ProjectImage(image), Model.ProjectText(text), batch.Identities, batch.CaptionKeys ?? batch.Identities, matched: null);

    private IdentityHeadLosses? Losses(IdentityHead? head, Tensor? feature, Tensor identities, double weight)
    {
        if (head is null || feature is null)
        {
            return null;
        }

        var classifier = head.Classifier ?? throw new InvalidOperationException("this model has identity heads without classifiers (0 classes): it can be used, not trained");
        using var full = Autocast.Off();
        var before = feature.To(ScalarType.Float32);
        var after = head.Neck.Forward(before);                                                               // [B, D]
        var logits = classifier.Forward(after);                                                              // [B, C]
        var compared = _options.TripletPlace == TripletPlace.BeforeNeck ? before : after;
        var triplet = BatchHardTriplet.Compute(ProcessGroup.Gathered(compared), ProcessGroup.Gathered(identities), _options.Triplet, _options.TripletMargin);
        var right = logits.Detach().Argmax(1).Eq(identities).To(ScalarType.Int64).Sum();
        return new IdentityHeadLosses(IdentityLoss.Compute(logits, identities, _options.LabelSmoothing), triplet, weight, _options.TripletWeight, right);
    }

    private static Tensor After(IdentityHead? head, Tensor feature)
    {
        using var full = Autocast.Off();
        return head is null ? feature : head.Neck.Forward(feature.To(ScalarType.Float32));
    }

    private static Tensor Unit(Tensor feature) => feature.To(ScalarType.Float32).Normalize(dim: -1);

    private static string Expected(EmbeddingSpace space) => space switch
    {
        EmbeddingSpace.Image => "pictures",
        EmbeddingSpace.Text => "captions",
        EmbeddingSpace.Pair => "pictures with captions",
        _ => "pictures or captions, not both",
    };

    private static string Describe(IdentityBatch batch) => (batch.Images, batch.Tokens) switch
    {
        (null, null) => "nothing",
        (null, _) => "captions alone",
        (_, null) => "pictures alone",
        _ => "pictures with captions",
    };
}
