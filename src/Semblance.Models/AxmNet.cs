using Semblance.Models.Backbones;
using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>
/// AXM-Net: a convolutional stream for pictures and one for words, of equal build, whose blocks ask one small gate common to both how much of each receptive field to keep.
/// </summary>
/// <remarks>
/// <para>Paper: Farooq et al., AAAI 2022, arXiv 2101.08238; no code was released. Sizes and heads follow the figure of an early version, the block a note on the first;
/// the picture stream and the gates bear the names and sizes of OSNet x1.0 (Zhou et al. 2019, arXiv 1905.00953) under <c>image.</c>, so that its weights fit.</para>
/// <para>What no source tells is decided in <see cref="AxmNetOptions"/> and docs/axm-net.md.</para>
/// </remarks>
public sealed class AxmNet : DualTower
{
    private readonly AxmNetOptions _options;
    private readonly ITextInput _words;
    private readonly AxmStream _image;
    private readonly AxmStream _text;
    private readonly Linear _globalHead;
    private readonly WordAttention? _context;
    private readonly PartAttention? _parts;
    private readonly Linear? _partHead;
    private readonly Linear _textHead;
    private readonly BatchNorm1d? _globalNorm;
    private readonly BatchNorm1d? _partNorm;
    private readonly BatchNorm1d? _textNorm;

    /// <summary>An untrained network.</summary>
    /// <param name="options">Sizes and choices.</param>
    /// <param name="words">What turns tokens into vectors; becomes a part of the network.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message lists every fault.</exception>
    public AxmNet(AxmNetOptions options, ITextInput words)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(words);
        options.Validate();
        _options = options;
        _words = words;
        int map = options.Stage3Width, width = options.EmbeddingWidth;
        _image = Register("image", AxmStream.ForPictures(options));
        _text = Register("text", AxmStream.ForWords(options, words.Width, _image));
        _globalHead = Register("global_head", new Linear(width, width));
        _context = options.TextAttention switch
        {
            AxmTextAttention.Context => Register<WordAttention>("text_attention", new GlobalContext(map, options.Reduction)),
            AxmTextAttention.NonLocal => Register<WordAttention>("text_attention", new NonLocalAttention(map)),
            _ => null,
        };
        _parts = options.PartHead ? Register("part_attention", new PartAttention(map, options.Reduction, options.Strips)) : null;
        _partHead = options.PartHead ? Register("part_head", new Linear(map, width)) : null;
        _textHead = Register("text_head", new Linear(map, width));
        if (options.FeatureNorm)
        {
            _globalNorm = Register("global_norm", Centred(width));
            _partNorm = options.PartHead ? Register("part_norm", Centred(width)) : null;
            _textNorm = Register("text_norm", Centred(width));
        }

        AxmInitialisation.Apply(this);
        _context?.StartAsIdentity();
        Register("words", words.Module);
    }

    /// <summary>An untrained network that reads words as its options say: by trainable vectors, or by a BERT that is still to be filled.</summary>
    /// <param name="options">Sizes and choices.</param>
    /// <param name="vocabulary">Word pieces of the tokenizer; padding is 0.</param>
    public AxmNet(AxmNetOptions options, int vocabulary)
        : this(options, WordInput.Make((options ?? throw new ArgumentNullException(nameof(options))).Bert, vocabulary, options.WordWidth, options.ShiftsText))
    {
    }

    /// <summary>How recipes make one.</summary>
    public static DualTowerMethod Method { get; } = DualTowerMethod.Of<AxmNetOptions, AxmNet>(
        "axm-net",
        new Dictionary<string, MethodOptions> { ["axm-net"] = AxmNetOptions.Default, ["axm-net-small"] = AxmNetOptions.Small },
        options => new AxmNet(options, options.VocabularySize),
        (network, _, classes) => [new AxmNetLearner(network, classes)]);

    /// <summary>Sizes and choices.</summary>
    public AxmNetOptions Options => _options;

    /// <inheritdoc/>
    public override Module? Backbone => _image;

    /// <inheritdoc/>
    public override Module? WordReader => (_words as BertWords)?.Bert;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => _options.Preprocessing();

    /// <inheritdoc/>
    public override int TextLength => _options.TextLength;

    /// <inheritdoc/>
    public override int Width => _options.EmbeddingWidth * (_options.PartHead ? 2 : 1);

    /// <inheritdoc/>
    public override (int Rows, int Columns) MapSize => _options.MapSize;

    /// <inheritdoc/>
    /// <remarks><c>[n(V_G) ; n(V_P)]</c>, each of unit length: against <see cref="TextFeature"/> the cosine is half of cos(T, V_G) + cos(T, V_P).</remarks>
    public override Tensor PictureFeature(Tensor images, Trace? trace = null)
    {
        var (whole, parts) = Picture(images, trace);
        return parts is null ? Unit(whole) : Tensor.Cat([Unit(whole), Unit(parts)], 1);
    }

    /// <inheritdoc/>
    /// <remarks><c>[n(T) ; n(T)]</c>; once without a part head.</remarks>
    public override Tensor TextFeature(Tensor tokens, Tensor attention)
    {
        var text = Unit(Text(tokens, attention));
        return _parts is null ? text : Tensor.Cat([text, text], 1);
    }

    /// <summary>V_G and V_P.</summary>
    internal (Tensor Global, Tensor? Part) Picture(Tensor images, Trace? trace = null)
    {
        var map = _image.Forward(images);                                                                          // [B, C, h, w]
        trace?.Keep(PictureMap, map);
        var whole = _globalHead.Forward(_image.Fc!.Forward(map.Mean([2, 3])));                                     // [B, E]
        var parts = _parts is null ? null : _partHead!.Forward(_parts.Forward(map).Amax([2, 3]));                  // [B, E]
        return (_globalNorm?.Forward(whole) ?? whole, parts is null ? null : _partNorm?.Forward(parts) ?? parts);
    }

    /// <summary>T.</summary>
    internal Tensor Text(Tensor tokens, Tensor attention)
    {
        (tokens, attention) = AtFullLength(tokens, attention);
        var vectors = _words.Read(tokens, attention).Transpose(1, 2).Unsqueeze(2);                                 // [B, E, 1, L]
        var map = _text.Forward(vectors);                                                                          // [B, C, 1, L / 4]
        var text = _textHead.Forward((_context?.Forward(map) ?? map).Mean([2, 3]));                                // [B, E]
        return _textNorm?.Forward(text) ?? text;
    }

    /// <summary>A norm that never shifts: with a shift, the triplets' hardest strangers drive all features to one point.</summary>
    private static BatchNorm1d Centred(int width)
    {
        var norm = new BatchNorm1d(width);
        norm.Bias.RequiresGrad = false;
        return norm;
    }

    private static Tensor Unit(Tensor feature)
    {
        using var full = Autocast.Off();
        return feature.To(ScalarType.Float32).Normalize();
    }
}

/// <summary>Trains an AXM-Net: one classifier for V_G, V_P and T, and for (V_G, T) and (V_P, T) the triplet and affinity losses.</summary>
public sealed class AxmNetLearner : Learner
{
    private readonly AxmNet _model;
    private readonly Linear _classifier;

    /// <summary>Puts a classifier on a network.</summary>
    /// <param name="model">Trained in place; shared, not copied.</param>
    /// <param name="classes">Training identities, C.</param>
    public AxmNetLearner(AxmNet model, int classes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        _model = Register("model", model);
        _classifier = Register("classifier", new Linear(model.Options.EmbeddingWidth, classes));
        Initialise.Normal(_classifier.Weight, 0, 0.001);
        Initialise.Zeros(_classifier.Bias!);
    }

    /// <inheritdoc/>
    public override string Stage => "train";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch lacks pictures or captions.</exception>
    public override LearningLosses Forward(IdentityBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (images, tokens, attention) = batch.Pairs();
        var (whole, parts) = _model.Picture(images);
        var text = _model.Text(tokens, attention);
        Tensor[] pictures = parts is null ? [whole] : [whole, parts];
        using var full = Autocast.Off();
        var identity = Sum([.. pictures, text], feature => IdentityLoss.Compute(_classifier.Forward(feature.To(ScalarType.Float32)), batch.Identities));

        // The other two compare samples of the whole batch.
        var (allTexts, identities) = (ProcessGroup.Gathered(text), ProcessGroup.Gathered(batch.Identities));
        Tensor[] allPictures = [.. pictures.Select(ProcessGroup.Gathered)];
        var triplet = Sum(allPictures, picture => CrossModalTriplet.Compute(picture, allTexts, identities, _model.Options.TripletMargin, _model.Options.HardestTriplets));
        var affinity = Sum(allPictures, picture => CrossModalAffinity.Compute(picture, allTexts, identities));
        return new LearningLosses(
            identity + (triplet * _model.Options.TripletWeight) + (affinity * _model.Options.AffinityWeight),
            [("id", identity), ("triplet", triplet), ("affinity", affinity)]);
    }

    /// <inheritdoc/>
    /// <remarks>All but the picture stream and the shared gates, which OSNet's weights may fill.</remarks>
    public override bool IsHead(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return !name.StartsWith("model.image.", StringComparison.Ordinal);
    }

    private static Tensor Sum(IEnumerable<Tensor> features, Func<Tensor, Tensor> loss) => features.Select(loss).Aggregate((a, b) => a + b);
}

/// <summary>One modality's way: stem, three stages of two AXM-Blocks with pools between, and a last 1x1 convolution.</summary>
internal sealed class AxmStream : Module
{
    private readonly Layer[] _stem;
    private readonly List<Layer> _stages = [];
    private readonly Layer _last;

    private AxmStream(AxmNetOptions options, AxmKernel kernel, ConvNorm stem, AxmStream? gatesOf, bool fc)
    {
        Register("conv1", stem);
        _stem = kernel.Pools ? [stem, new MaxPool2d(3, 2, 1)] : [stem];
        int[] widths = [options.StemWidth, options.Stage1Width, options.Stage2Width, options.Stage3Width];
        for (var stage = 1; stage <= 3; stage++)
        {
            var (from, to) = (widths[stage - 1], widths[stage]);
            var first = Block(from, to);
            var second = Block(to, to);
            _stages.Add(Register($"conv{stage + 1}", stage == 3
                ? new Sequential(first, second)
                : new Sequential(first, second, new Sequential(new ConvNorm(to, to, 1), new AvgPool2d(kernel.Pool, kernel.Pool)))));
        }

        _last = Register("conv5", new ConvNorm(widths[3], widths[3], 1));
        if (fc)
        {
            Fc = Register("fc", new Sequential(new Linear(widths[3], options.EmbeddingWidth), new BatchNorm1d(options.EmbeddingWidth), new Relu()));
        }

        AxmBlock Block(int from, int to)
        {
            var gate = options.Gates switch
            {
                AxmGates.None => null,
                AxmGates.Shared when gatesOf is not null => gatesOf.Blocks[Blocks.Count].Gate,
                _ => new ChannelGate(to / 4, options.Reduction),
            };
            var block = new AxmBlock(from, to, options.Scales, kernel, gate, ownsGate: gatesOf is null || options.Gates == AxmGates.PerModality);
            Blocks.Add(block);
            return block;
        }
    }

    public static AxmStream ForPictures(AxmNetOptions options) =>
        new(options, new AxmKernel(3, 2, Pools: true), new ConvNorm(3, options.StemWidth, 7, 2, 3), gatesOf: null, fc: true);

    public static AxmStream ForWords(AxmNetOptions options, int width, AxmStream pictures) =>
        new(options, new AxmKernel((1, 3), (1, 2), Pools: false), new ConvNorm(width, options.StemWidth, (1, 3), 1, (0, 1)), pictures, fc: false);

    public List<AxmBlock> Blocks { get; } = [];

    /// <summary>OSNet's own layer after global pooling; pictures only.</summary>
    public Sequential? Fc { get; }

    /// <summary><c>[B, C, H, W] -> [B, C', h, w]</c>.</summary>
    public Tensor Forward(Tensor input) => _last.Forward(_stages.Aggregate(_stem.Aggregate(input, (x, layer) => layer.Forward(x)), (x, stage) => stage.Forward(x)));
}

/// <summary>How a modality looks around: pictures in two directions, words in one.</summary>
internal sealed record AxmKernel(Size2d Size, Size2d Pool, bool Pools);

/// <summary>Receptive fields side by side, weighed channel by channel by a gate, joined by a sum, beside a shortcut.</summary>
internal sealed class AxmBlock : Layer
{
    /// <summary>How the name of the norm ends that stands last beside the shortcut.</summary>
    internal const string LastNorm = ".conv3.bn.weight";

    private readonly ConvNorm _enter;
    private readonly Layer[] _scales;
    private readonly ConvNorm _leave;
    private readonly ConvNorm? _shortcut;

    public AxmBlock(int input, int output, int scales, AxmKernel kernel, ChannelGate? gate, bool ownsGate)
    {
        var middle = output / 4;
        _enter = Register("conv1", new ConvNorm(input, middle, 1));
        _scales = new Layer[scales];
        for (var r = 0; r < scales; r++)
        {
            Layer Light() => new LightConv(middle, kernel.Size);
            Layer scale = r == 0 ? Light() : new Sequential([.. Enumerable.Range(0, r + 1).Select(_ => Light())]);
            _scales[r] = Register($"conv2{"abcd"[r]}", scale);
        }

        Gate = gate is not null && ownsGate ? Register("gate", gate) : gate;
        _leave = Register("conv3", new ConvNorm(middle, output, 1, relu: false));
        _shortcut = input == output ? null : Register("downsample", new ConvNorm(input, output, 1, relu: false));
    }

    public ChannelGate? Gate { get; }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var x = _enter.Forward(input);
        var fused = _scales.Select(scale => scale.Forward(x)).Select(u => Gate?.Forward(u) ?? u).Aggregate((a, b) => a + b);
        return scope.Keep((_leave.Forward(fused) + (_shortcut?.Forward(input) ?? input)).Relu())!;
    }
}

/// <summary>Attention among the words' places, <c>[B, C, 1, L] -> [B, C, 1, L]</c>, which starts by adding nothing.</summary>
internal abstract class WordAttention : Layer
{
    /// <summary>First values that make it the identity.</summary>
    public abstract void StartAsIdentity();
}

/// <summary>Contextual attention of the words: what the attended places say together is added to every place (GCNet, Cao et al. 2019, arXiv 1904.11492, without its LayerNorm).</summary>
internal sealed class GlobalContext : WordAttention
{
    private readonly Conv2d _mask;
    private readonly Conv2d _squeeze;
    private readonly Conv2d _spread;

    public GlobalContext(int channels, int reduction)
    {
        var hidden = Math.Max(1, channels / reduction);
        _mask = Register("mask", new Conv2d(channels, 1, 1));
        _squeeze = Register("squeeze", new Conv2d(channels, hidden, 1));
        _spread = Register("spread", new Conv2d(hidden, channels, 1));
    }

    public override void StartAsIdentity()
    {
        Initialise.KaimingNormal(_mask.Weight, FanMode.In, Initialise.ReluGain);
        Initialise.Zeros(_spread.Weight);
    }

    public override Tensor Forward(Tensor input)
    {
        var attention = _mask.Forward(input).Softmax(3);                                                           // [B, 1, 1, L]
        var context = (input * attention).Sum([3], keepDim: true);                                                 // [B, C, 1, 1]
        return input + _spread.Forward(_squeeze.Forward(context).Relu());
    }
}

/// <summary>
/// Non-local attention of the words, as an embedded Gaussian: <c>y_j = x_j + W Σ_k softmax_k(θ_j · φ_k) g_k</c> (Wang et al. 2018, arXiv 1711.07971), with half the channels inside.
/// </summary>
internal sealed class NonLocalAttention : WordAttention
{
    private readonly Conv2d _theta;
    private readonly Conv2d _phi;
    private readonly Conv2d _g;
    private readonly Conv2d _spread;

    public NonLocalAttention(int channels)
    {
        var inner = Math.Max(1, channels / 2);
        _theta = Register("theta", new Conv2d(channels, inner, 1));
        _phi = Register("phi", new Conv2d(channels, inner, 1));
        _g = Register("g", new Conv2d(channels, inner, 1));
        _spread = Register("spread", new Conv2d(inner, channels, 1));
    }

    public override void StartAsIdentity() => Initialise.Zeros(_spread.Weight);

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        Tensor Rows(Conv2d map) => map.Forward(input).Squeeze(2).Transpose(1, 2);                                  // [B, L, C / 2]
        var weights = Rows(_theta).MatMul(Rows(_phi).Transpose(1, 2)).Softmax(2);                                  // [B, L, L]
        return scope.Keep(input + _spread.Forward(weights.MatMul(Rows(_g)).Transpose(1, 2).Unsqueeze(2)));
    }
}

/// <summary>Attention to the channels of each horizontal strip, by one module for all strips: <c>[B, C, h, w] -> [B, C, h, w]</c>.</summary>
internal sealed class PartAttention : Layer
{
    private readonly Conv2d _squeeze;
    private readonly Conv2d _spread;
    private readonly int _strips;

    public PartAttention(int channels, int reduction, int strips)
    {
        var hidden = Math.Max(1, channels / reduction);
        _squeeze = Register("squeeze", new Conv2d(channels, hidden, 1));
        _spread = Register("spread", new Conv2d(hidden, channels, 1));
        _strips = strips;
    }

    public override Tensor Forward(Tensor input) =>
        Tensor.Cat([.. input.Chunk(_strips, 2).Select(strip => strip * _spread.Forward(_squeeze.Forward(strip.Amax([2, 3], keepDim: true)).Relu()).Sigmoid())], 2);
}

/// <summary>
/// Start values: convolutions by their fan-out, as OSNet's; linear layers by both fans, as a norm follows that would otherwise make every small step of theirs a large one;
/// and the last norm of each block at 0, so that a block begins as its shortcut (Goyal et al. 2017, arXiv 1706.02677).
/// </summary>
/// <remarks>With norms at 1 the gradient grows through forty of them in a row, and nothing was learnt in the first 700 steps; docs/axm-net.md has the figures.</remarks>
internal static class AxmInitialisation
{
    public static void Apply(Module module)
    {
        foreach (var (name, parameter) in module.NamedParameters())
        {
            if (parameter.Rank == 4)
            {
                Initialise.KaimingNormal(parameter, FanMode.Out, Initialise.ReluGain);
            }
            else if (parameter.Rank == 2)
            {
                Initialise.XavierUniform(parameter);
            }
            else if (name.EndsWith(".bias", StringComparison.Ordinal) || name.EndsWith(AxmBlock.LastNorm, StringComparison.Ordinal))
            {
                Initialise.Zeros(parameter);
            }
        }
    }
}
