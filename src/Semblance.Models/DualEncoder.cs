using Semblance.Models.Backbones;
using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>
/// The plain dual encoder that text-to-image Re-ID is measured against today: a vision transformer for pictures, a transformer for words, one space, similarity
/// distribution matching and a shared identity classifier.
/// </summary>
/// <remarks>
/// The idea is IRRA's (Jiang &amp; Ye, CVPR 2023, arXiv 2303.12501) without its masked-word branch. The towers are MMET's, pre-norm blocks with a class token for each modality,
/// or CLIP's, which its public weights fill (<c>model.backbone</c>).
/// </remarks>
public sealed class DualEncoder : DualTower
{
    private readonly DualEncoderOptions _options;

    /// <summary>Builds the towers with random weights, reproducible from <see cref="TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public DualEncoder(DualEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (options.Architecture == DualEncoderTowers.Clip)
        {
            Clip = Register("clip", new Clip(options.Clip));
            return;
        }

        var towers = options.Towers.Validate();
        ImageEncoder = Register("image_encoder", new ImageEncoder(towers));
        TextEncoder = Register("text_encoder", new TextEncoder(towers));
        ImageProjection = Register("image_projection", new Linear(options.HiddenWidth, options.EmbeddingWidth, bias: false));
        TextProjection = Register("text_projection", new Linear(options.HiddenWidth, options.EmbeddingWidth, bias: false));
        MmetInitialisation.Apply(this, options.InitialDeviation);
    }

    /// <summary>How recipes make one.</summary>
    public static DualTowerMethod Method { get; } = DualTowerMethod.Of<DualEncoderOptions, DualEncoder>(
        "dual-encoder",
        new Dictionary<string, MethodOptions> { ["dual-encoder"] = DualEncoderOptions.Default, ["dual-encoder-clip"] = DualEncoderOptions.OfClip, ["dual-encoder-small"] = DualEncoderOptions.Small },
        options => new DualEncoder(options),
        (tower, options, classes) => [new DualEncoderLearner(tower, options, classes)]);

    internal Clip? Clip { get; }

    internal ImageEncoder? ImageEncoder { get; }

    internal TextEncoder? TextEncoder { get; }

    internal Linear? ImageProjection { get; }

    internal Linear? TextProjection { get; }

    /// <inheritdoc/>
    public override Module? Backbone => Clip;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => _options.Preprocessing();

    /// <inheritdoc/>
    public override int TextLength => _options.TextLength;

    /// <inheritdoc/>
    public override int Width => _options.EmbeddingWidth;

    /// <inheritdoc/>
    public override (int Rows, int Columns) MapSize => (_options.Towers.Grid.Rows, _options.Towers.Grid.Columns);

    /// <inheritdoc/>
    /// <remarks>CLIP's blocks keep no attention.</remarks>
    public override IReadOnlyList<string> AttentionLayers => Clip is not null ? [] : [.. Enumerable.Range(0, _options.ImageLayers).Select(i => $"image.block{i:00}.attention")];

    /// <inheritdoc/>
    public override Tensor PictureFeature(Tensor images, Trace? trace = null)
    {
        if (Clip is not null)
        {
            var tokens = Clip.ImageTokens(images, trace);

            // What the last block reads: behind it the patches no longer reach the feature.
            trace?.Keep(PictureMap, trace[_options.ImageLayers > 1 ? $"image.block{_options.ImageLayers - 2:00}" : "image.embedding"]);
            return tokens.Select(1, 0);
        }

        var states = ImageEncoder!.Forward(images, masked: null, trace is null ? ClassToken(images) : null, trace, stochasticDepth: false);
        if (trace is not null)
        {
            // Behind the last block the patches no longer reach the feature: their map is read where the last attention reads them.
            trace.Keep(PictureMap, trace[$"image.block{_options.ImageLayers - 1:00}.norm1"]);
        }

        return ImageProjection!.Forward(states.ClassToken());
    }

    /// <inheritdoc/>
    public override Tensor TextFeature(Tensor tokens, Tensor attention) =>
        Clip?.EncodeTexts(tokens) ?? TextProjection!.Forward(TextEncoder!.Forward(tokens, attention, ClassToken(tokens), trace: null).ClassToken());

    private static Tensor ClassToken(Tensor batch) => Tensor.Zeros([batch.Size(0), 1], ScalarType.Int64, batch.Device);
}

/// <summary><c>L = w_m L_SDM(v, t) + w_id [ce(W v, y) + ce(W t, y)] / 2</c>, the classifier W shared by both modalities.</summary>
internal sealed class DualEncoderLearner : Learner
{
    private readonly DualEncoder _tower;
    private readonly DualEncoderOptions _options;
    private readonly Linear _classifier;

    public DualEncoderLearner(DualEncoder tower, DualEncoderOptions options, int classes)
    {
        _options = options;
        _tower = Register("tower", tower);
        _classifier = Register("classifier", new Linear(options.EmbeddingWidth, classes));
        Initialise.Normal(_classifier.Weight, 0, 0.001);
        Initialise.Zeros(_classifier.Bias!);
    }

    public override string Stage => "train";

    public override LearningLosses Forward(IdentityBatch batch)
    {
        var picture = _tower.PictureFeature(batch.Images!);
        var text = _tower.TextFeature(batch.Tokens!, batch.Attention!);
        using var full = Autocast.Off();
        var (v, t) = (picture.To(ScalarType.Float32), text.To(ScalarType.Float32));
        var matching = SimilarityDistributionMatching.Compute(
            ProcessGroup.Gathered(v), ProcessGroup.Gathered(t), ProcessGroup.Gathered(batch.Identities), _options.Temperature);
        var identity = (IdentityLoss.Compute(_classifier.Forward(v), batch.Identities) + IdentityLoss.Compute(_classifier.Forward(t), batch.Identities)) * 0.5;
        return new((matching * _options.MatchingWeight) + (identity * _options.IdentityWeight), [("sdm", matching), ("id", identity)]);
    }

    public override bool IsHead(string name) => !name.StartsWith("tower.", StringComparison.Ordinal);
}
