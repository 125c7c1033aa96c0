using Semblance.Models.Backbones;
using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>LCR²S's encoder of one picture or one text; what remains after training. It takes no support set.</summary>
/// <remarks>
/// Paper: Yan et al., ACM MM 2023, arXiv 2310.11210; its code was not released. A teacher that sees several samples of a person (<see cref="Lcr2sTeacher"/>) guides
/// a student that sees one (<see cref="Lcr2sStudent"/>). The text CNN is TIPCB's (Chen et al. 2021, arXiv 2105.11628); docs/lcr2s.md tells what else is ours.
/// </remarks>
public sealed class Lcr2sEncoder : DualTower
{
    private readonly ITextInput _words;
    private readonly ResNet _image;
    private readonly Sequential _text;
    private readonly Linear _imageHead;
    private readonly Linear _textHead;

    /// <summary>An untrained encoder.</summary>
    /// <param name="options">Sizes and choices.</param>
    /// <param name="words">What turns tokens into vectors; becomes a part of the encoder.</param>
    public Lcr2sEncoder(Lcr2sOptions options, ITextInput words)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(words);
        Options = options;
        _words = words;
        var map = options.TextWidth * 2;
        _image = Register("image", new ResNet(ResNetOptions.ReIdentification with { Blocks = options.Depths, Width = options.ResNetWidth, LastStride = options.LastStride }));
        _text = Register("text", new Sequential(
            new ConvNorm(words.Width, options.TextWidth, 1),
            new TextResidual(options.TextWidth, options.TextBottleneck, map),
            new TextResidual(map, options.TextBottleneck, map),
            new TextResidual(map, options.TextBottleneck, map)));
        _imageHead = Register("image_head", new Linear(_image.OutputWidth, options.EmbeddingWidth));
        _textHead = Register("text_head", new Linear(map, options.EmbeddingWidth));
        foreach (var kernel in _text.Parameters().Where(parameter => parameter.Rank == 4))
        {
            Initialise.KaimingNormal(kernel, FanMode.Out, Initialise.ReluGain);
        }

        foreach (var head in (Linear[])[_imageHead, _textHead])
        {
            Initialise.KaimingNormal(head.Weight, FanMode.Out, Initialise.ReluGain * options.HeadGain);
            Initialise.Zeros(head.Bias!);
        }

        Register("words", words.Module);
    }

    /// <summary>An untrained encoder that reads words as its options say: by trainable vectors, or by a BERT that is still to be filled.</summary>
    /// <param name="options">Sizes and choices.</param>
    /// <param name="vocabulary">Word pieces of the tokenizer; padding is 0.</param>
    public Lcr2sEncoder(Lcr2sOptions options, int vocabulary)
        : this(options, WordInput.Make((options ?? throw new ArgumentNullException(nameof(options))).Bert, vocabulary, options.WordWidth, shift: false))
    {
    }

    /// <summary>How recipes make one.</summary>
    public static DualTowerMethod Method { get; } = DualTowerMethod.Of<Lcr2sOptions, Lcr2sEncoder>(
        "lcr2s",
        new Dictionary<string, MethodOptions> { ["lcr2s"] = Lcr2sOptions.Default, ["lcr2s-small"] = Lcr2sOptions.Small },
        options => new Lcr2sEncoder(options, options.VocabularySize),
        Learners);

    /// <summary>Sizes and choices.</summary>
    public Lcr2sOptions Options { get; }

    /// <inheritdoc/>
    public override Module? Backbone => _image;

    /// <inheritdoc/>
    public override Module? WordReader => (_words as BertWords)?.Bert;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => Options.Preprocessing();

    /// <inheritdoc/>
    public override int TextLength => Options.TextLength;

    /// <inheritdoc/>
    public override int Width => Options.EmbeddingWidth;

    /// <inheritdoc/>
    public override (int Rows, int Columns) MapSize => (Shrink(Options.Height), Shrink(Options.Width));

    /// <inheritdoc/>
    public override Tensor PictureFeature(Tensor images, Trace? trace = null)
    {
        var map = _image.Forward(images);                                                                          // [B, C, h, w]
        trace?.Keep(PictureMap, map);
        return _imageHead.Forward(map.Amax([2, 3]));
    }

    /// <inheritdoc/>
    public override Tensor TextFeature(Tensor tokens, Tensor attention)
    {
        (tokens, attention) = AtFullLength(tokens, attention);
        var vectors = _words.Read(tokens, attention).Transpose(1, 2).Unsqueeze(2);                                 // [B, E, 1, L]
        return _textHead.Forward(_text.Forward(vectors).Amax([2, 3]));
    }

    /// <summary>
    /// The teacher on an encoder of its own, then the student; without distillation the student alone. Both begin with the same weights, as the paper's begin with ImageNet's
    /// and BERT's: two random starts would speak of the same people in two unrelated spaces, and the student would spend its steps on turning one into the other.
    /// </summary>
    private static IEnumerable<Learner> Learners(Lcr2sEncoder student, Lcr2sOptions options, int classes)
    {
        Lcr2sTeacher? teacher = null;
        if (Lcr2sStudent.Distils(options))
        {
            var encoder = new Lcr2sEncoder(options, options.VocabularySize);
            encoder.LoadStateDict(student.StateDict());
            teacher = new Lcr2sTeacher(encoder, classes);
            yield return teacher;
        }

        yield return new Lcr2sStudent(student, teacher, classes);
    }

    private int Shrink(int side) => Enumerable.Range(0, Options.LastStride == 1 ? 4 : 5).Aggregate(side, (size, _) => ((size - 1) / 2) + 1);
}

/// <summary>Stage 1: learns from samples that are enriched by up to K others of the same person; where there are fewer, slots stay empty.</summary>
public sealed class Lcr2sTeacher : Learner
{
    private readonly Lcr2sEncoder _encoder;
    private readonly MultiHeadFusion? _imageFusion;
    private readonly MultiHeadFusion? _textFusion;
    private readonly Linear _classifier;

    /// <summary>Puts fusions and a classifier on an encoder.</summary>
    /// <param name="encoder">Trained in place; shared, not copied.</param>
    /// <param name="classes">Training identities, C.</param>
    public Lcr2sTeacher(Lcr2sEncoder encoder, int classes)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        _encoder = Register("model", encoder);
        if (encoder.Options.Fusion == SupportFusion.Attention)
        {
            _imageFusion = Register("image_fusion", new MultiHeadFusion(encoder.Width, encoder.Options.Heads));
            _textFusion = encoder.Options.SharesFusion ? _imageFusion : Register("text_fusion", new MultiHeadFusion(encoder.Width, encoder.Options.Heads));
        }

        _classifier = Register("classifier", Lcr2sLosses.Classifier(encoder.Width, classes));
    }

    /// <inheritdoc/>
    public override string Stage => "teacher";

    /// <inheritdoc/>
    public override bool TrainsTheNetwork => false;

    /// <inheritdoc/>
    public override SupportWish? Support => Wish(_encoder.Options.Support, _encoder.Options);

    /// <inheritdoc/>
    public override LearningLosses Forward(IdentityBatch batch)
    {
        var (image, text) = Enrich(batch);
        return Learn(image, text, batch.Identities);
    }

    /// <inheritdoc/>
    public override bool IsHead(string name) => Lcr2sLosses.IsHead(name);

    /// <summary>The losses of enriched features.</summary>
    internal LearningLosses Learn(Tensor image, Tensor text, Tensor identities)
    {
        var (identity, match) = Lcr2sLosses.Task(_classifier, image, text, identities, _encoder.Options);
        return new LearningLosses(identity + match, [("id", identity), ("match", match)]);
    }

    internal static SupportWish? Wish(SupportSource source, Lcr2sOptions options) =>
        source == SupportSource.Batch || options.SupportSize == 0 ? null : new SupportWish(source, options.SupportSize);

    /// <summary>v̂ and t̂ of a batch, <c>[B, D]</c> each.</summary>
    /// <param name="batch">With the support that was wished for; without any, it is drawn among the batch's own samples.</param>
    /// <param name="store">What places in the batch's support mean, where these are stored.</param>
    internal (Tensor Image, Tensor Text) Enrich(IdentityBatch batch, SupportStore? store = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (images, tokens, attention) = batch.Pairs();
        if (batch.Support is not { } support)
        {
            return Enrich(_encoder.PictureFeature(images), _encoder.TextFeature(tokens, attention), batch.Identities);
        }

        var (v, otherImages) = Encode([images], [support.Images], inputs => _encoder.PictureFeature(inputs[0]));
        var (t, otherTexts) = Encode([tokens, attention], [support.Tokens, support.Attention], inputs => _encoder.TextFeature(inputs[0], inputs[1]));
        return (
            Fuse(_imageFusion, v, Pick(store?.Images ?? otherImages, support.ImageSlots), support.NoImage),
            Fuse(_textFusion, t, Pick(store?.Texts ?? otherTexts, support.TextSlots), support.NoText));
    }

    /// <summary>The raw features of everything that is learnt from.</summary>
    internal SupportStore Store(IEnumerable<Tensor> images, IEnumerable<(Tensor Tokens, Tensor Attention)> texts)
    {
        using var noGrad = Autograd.NoGrad();
        Eval();
        return new SupportStore(
            SupportStore.Rows(images.Select(pictures => _encoder.PictureFeature(pictures))), SupportStore.Rows(texts.Select(text => _encoder.TextFeature(text.Tokens, text.Attention))));
    }

    /// <summary>
    /// A batch's own samples and those drawn for its support: in one pass, as the normalisations see them, or the drawn ones apart and without a gradient.
    /// </summary>
    private (Tensor Own, Tensor? Drawn) Encode(IReadOnlyList<Tensor> own, IReadOnlyList<Tensor?> drawn, Func<IReadOnlyList<Tensor>, Tensor> encode)
    {
        var others = drawn.OfType<Tensor>().ToList();
        var some = others.Count == drawn.Count;
        if (!_encoder.Options.SupportGradient)
        {
            // Normalisations speak with those of other processes: all of them make the second pass, or none.
            var samples = encode(own);
            using var noGrad = Autograd.NoGrad();
            var another = ProcessGroup.Current?.Any(some) ?? some ? encode(some ? others : own) : null;
            return (samples, some ? another : null);
        }

        if (!some)
        {
            return (encode(own), null);
        }

        var all = encode([.. own.Zip(others, (mine, other) => Tensor.Cat([mine, other], 0))]);
        var count = own[0].Size(0);
        return (all.Narrow(0, 0, count), all.Narrow(0, count, all.Size(0) - count));
    }

    /// <summary>v̂ and t̂ from v and t, with support sets drawn among the same rows.</summary>
    internal (Tensor Image, Tensor Text) Enrich(Tensor v, Tensor t, Tensor identities)
    {
        var (slots, empty) = SupportSlots(identities, _encoder.Options.SupportSize);
        return (Fuse(_imageFusion, v, Pick(v, slots), empty), Fuse(_textFusion, t, Pick(t, slots), empty));
    }

    /// <summary>Up to K other rows of the same identity, drawn evenly without replacement: indices <c>[B, K]</c> and, true where there is none, <c>[B, K]</c>; null for both when K is 0.</summary>
    internal static (Tensor? Slots, Tensor? Empty) SupportSlots(Tensor identities, int size)
    {
        size = (int)Math.Min(size, identities.Size(0));
        if (size == 0)
        {
            return (null, null);
        }

        long batch = identities.Size(0);
        var others = identities.Unsqueeze(1).Eq(identities.Unsqueeze(0)).LogicalAnd(Tensor.Eye(batch, device: identities.Device).To(ScalarType.Bool).LogicalNot());
        var (drawn, slots) = (Tensor.Rand([batch, batch], device: identities.Device) + 1).MaskedFill(others.LogicalNot(), 0).TopK(size);
        return (slots, drawn.Eq(0));
    }

    /// <summary>By attention, or without one by the mean of <c>[f; s_1; …]</c> over the slots that are filled.</summary>
    private static Tensor Fuse(MultiHeadFusion? fusion, Tensor samples, Tensor? support, Tensor? empty)
    {
        if (fusion is not null || support is null)
        {
            return fusion?.Forward(samples, support, empty) ?? samples;
        }

        var filled = empty!.LogicalNot().To(samples.Dtype).Unsqueeze(2);                                           // [B, K, 1]
        return (samples + (support * filled).Sum([1])) / (filled.Sum([1]) + 1);
    }

    private static Tensor? Pick(Tensor? features, Tensor? slots) =>
        features is null || slots is null ? null : features.IndexSelect(0, slots.Flatten()).Reshape(slots.Size(0), slots.Size(1), features.Size(1));
}

/// <summary>Stage 2: an encoder of single samples learns the task under a frozen teacher's guidance. With λ_f = λ_r = 0 the teacher is not asked.</summary>
public sealed class Lcr2sStudent : Learner
{
    private readonly Lcr2sEncoder _encoder;
    private readonly Lcr2sTeacher? _teacher;
    private readonly Linear _classifier;
    private SupportStore? _store;

    /// <summary>Puts a classifier on an encoder, and a teacher beside it.</summary>
    /// <param name="encoder">Trained in place; shared, not copied. Its options hold λ_f and λ_r.</param>
    /// <param name="teacher">Frozen from here on; saved with the student, so that a run may go on. Null only when both λ are 0.</param>
    /// <param name="classes">Training identities, C.</param>
    /// <exception cref="ArgumentException">There is something to distil and no teacher.</exception>
    public Lcr2sStudent(Lcr2sEncoder encoder, Lcr2sTeacher? teacher, int classes)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (teacher is null && Distils(encoder.Options))
        {
            throw new ArgumentException($"λ_f = {encoder.Options.FeatureWeight} and λ_r = {encoder.Options.RelationWeight} need a teacher: train one, or set both to 0", nameof(teacher));
        }

        _encoder = Register("model", encoder);
        if (teacher is not null)
        {
            _teacher = Register("teacher", teacher);
            _teacher.RequireGradients(false);
        }

        _classifier = Register("classifier", Lcr2sLosses.Classifier(encoder.Width, classes));
    }

    /// <inheritdoc/>
    public override string Stage => "student";

    /// <inheritdoc/>
    public override SupportWish? Support => Distils(_encoder.Options)
        ? Lcr2sTeacher.Wish(_encoder.Options.StoresSupport ? SupportSource.Stored : _encoder.Options.Support, _encoder.Options)
        : null;

    /// <inheritdoc/>
    public override void Remember(IEnumerable<Tensor> images, IEnumerable<(Tensor Tokens, Tensor Attention)> texts)
    {
        _store?.Dispose();
        _store = _teacher!.Store(images, texts);
    }

    /// <inheritdoc/>
    public override LearningLosses Forward(IdentityBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (images, tokens, attention) = batch.Pairs();
        Tensor v = _encoder.PictureFeature(images), t = _encoder.TextFeature(tokens, attention);
        var (identity, match) = Lcr2sLosses.Task(_classifier, v, t, batch.Identities, _encoder.Options);
        if (!Distils(_encoder.Options))
        {
            return new LearningLosses(identity + match, [("id", identity), ("match", match)]);
        }

        var (teacherImage, teacherText) = Ask(batch);
        var feature = Distillation.Features(v, t, teacherImage, teacherText, _encoder.Options.FeatureForm);
        var relation = Distillation.Relations(
            ProcessGroup.Gathered(v), ProcessGroup.Gathered(t), ProcessGroup.Gathered(teacherImage), ProcessGroup.Gathered(teacherText), _encoder.Options.RelationForm);
        return new LearningLosses(
            identity + match + (feature * _encoder.Options.FeatureWeight) + (relation * _encoder.Options.RelationWeight),
            [("id", identity), ("match", match), ("feature", feature), ("relation", relation)]);
    }

    /// <inheritdoc/>
    public override bool IsHead(string name) => Lcr2sLosses.IsHead(name);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _store?.Dispose();
        base.Dispose();
    }

    private (Tensor Image, Tensor Text) Ask(IdentityBatch batch)
    {
        if (Support?.Source == SupportSource.Stored && batch.Support is not null && _store is null)
        {
            throw new InvalidOperationException("the batch names places of stored support, but nothing was remembered");
        }

        using var noGrad = Autograd.NoGrad();
        _teacher!.Eval();
        return _teacher.Enrich(batch, _store);
    }

    internal static bool Distils(Lcr2sOptions options) => options.FeatureWeight > 0 || options.RelationWeight > 0;
}

/// <summary>A teacher's raw features of everything that is learnt from (lcr2s.md, 5.4): the second stage then encodes nobody but the samples themselves.</summary>
internal sealed class SupportStore(Tensor images, Tensor texts) : IDisposable
{
    /// <summary>v of every picture by its place, <c>[N, D]</c> float32.</summary>
    public Tensor Images => images;

    /// <summary>t of every text by its place, <c>[T, D]</c> float32.</summary>
    public Tensor Texts => texts;

    /// <summary>Joins pieces as they come; each piece's own temporaries are freed before the next.</summary>
    public static Tensor Rows(IEnumerable<Tensor> pieces)
    {
        using var scope = new TensorScope();
        var kept = new List<Tensor>();
        using var each = pieces.GetEnumerator();
        while (true)
        {
            using var inner = new TensorScope();
            if (!each.MoveNext())
            {
                return scope.Keep(Tensor.Cat([.. kept], 0))!;
            }

            kept.Add(inner.Keep(each.Current.To(ScalarType.Float32).Clone()));
        }
    }

    public void Dispose()
    {
        images.Dispose();
        texts.Dispose();
    }
}

/// <summary>What both stages learn from.</summary>
internal static class Lcr2sLosses
{
    public static Linear Classifier(int width, int classes)
    {
        var classifier = new Linear(width, classes);
        Initialise.Normal(classifier.Weight, 0, 0.001);
        Initialise.Zeros(classifier.Bias!);
        return classifier;
    }

    /// <summary>One classifier for both modalities, and the matching loss between them.</summary>
    public static (Tensor Identity, Tensor Match) Task(Linear classifier, Tensor image, Tensor text, Tensor identities, Lcr2sOptions options)
    {
        using var full = Autocast.Off();
        Tensor v = image.To(ScalarType.Float32), t = text.To(ScalarType.Float32);
        var identity = IdentityLoss.Compute(classifier.Forward(v), identities) + IdentityLoss.Compute(classifier.Forward(t), identities);
        (v, t, identities) = (ProcessGroup.Gathered(v), ProcessGroup.Gathered(t), ProcessGroup.Gathered(identities));
        return (identity, options.Matching == MatchingLoss.Ranking ? Ranking(v, t, identities, options) : CrossModalProjectionMatching.Compute(v, t, identities));
    }

    /// <summary>SSAN's compound ranking: hinges with the sample's own sentence, and weaker ones with another sentence of the person, where the batch has one.</summary>
    private static Tensor Ranking(Tensor v, Tensor t, Tensor identities, Lcr2sOptions options)
    {
        var own = CrossModalTriplet.Compute(v, t, identities, options.RankingMargin, hardest: false);
        if (options.OtherSentenceWeight == 0)
        {
            return own;
        }

        var (slots, empty) = Lcr2sTeacher.SupportSlots(identities, 1);
        var others = t.IndexSelect(0, slots!.Flatten());
        return own + (CrossModalTriplet.OtherSentence(v, t, others, empty!.Squeeze(1).LogicalNot(), identities, options.RankingMargin) * options.OtherSentenceWeight);
    }

    /// <summary>All but the picture backbone.</summary>
    public static bool IsHead(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !name.StartsWith("model.image.", StringComparison.Ordinal);
    }
}

/// <summary>A bottleneck over words: 1x1, 1x3, 1x1, beside a shortcut.</summary>
internal sealed class TextResidual : Layer
{
    private readonly Sequential _path;
    private readonly ConvNorm? _shortcut;

    public TextResidual(int input, int middle, int output)
    {
        _path = Register("path", new Sequential(
            new ConvNorm(input, middle, 1), new ConvNorm(middle, middle, (1, 3), 1, (0, 1)), new ConvNorm(middle, output, 1, relu: false)));
        _shortcut = input == output ? null : Register("shortcut", new ConvNorm(input, output, 1, relu: false));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        return scope.Keep((_path.Forward(input) + (_shortcut?.Forward(input) ?? input)).Relu())!;
    }
}
