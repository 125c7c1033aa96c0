using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Distributed;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>
/// MMET, the Multi-Modal Equivalent Transformer for generalizable person re-identification: one model for a picture, for words, and for both.
/// Three pre-norm transformers of equal build and separate weights read patches, word pieces, and the two together.
/// </summary>
/// <remarks>
/// <para>Paper: Xiang et al. 2023, arXiv 2304.09498. Authors' code: github.com/JeremyXSC/MMET, commit 0ad77eb, on TorchMultimodal's FLAVA (Singh et al. 2022, arXiv 2112.04482).
/// This file is the model; <see cref="MmetPretraining"/> and <see cref="MmetIdentification"/> are its two training stages.</para>
/// <para>Differences from the code, each for a reason given where it stands: the fusion does not attend to padding [D8], start values of class, mask and position vectors are
/// drawn [D6], encoders have no poolers since no loss reads them [D5], inputs need not be square and patches may overlap [D2], and masked patches do not shine through their
/// neighbours' kernels [D14]. Queries, keys and values come from one stacked matrix: one large product in place of three.</para>
/// <para>Letters: B batch; H, W picture; N patches; L text length; D width; A heads.</para>
/// </remarks>
public sealed class Mmet : Module
{
    private const double LargestLogScale = 4.6052;    // ln 100 [code]

    /// <summary>Builds the model with random weights, reproducible from <see cref="TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public Mmet(MmetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Validate();
        ImageEncoder = Register("image_encoder", new ImageEncoder(options));
        TextEncoder = Register("text_encoder", new TextEncoder(options));
        ImageToFusion = Register("image_to_fusion", new Linear(options.HiddenWidth, options.HiddenWidth));
        TextToFusion = Register("text_to_fusion", new Linear(options.HiddenWidth, options.HiddenWidth));
        FusionEncoder = Register("fusion_encoder", new FusionEncoder(options));
        ImageProjection = Register("image_projection", new Linear(options.HiddenWidth, options.HiddenWidth));
        TextProjection = Register("text_projection", new Linear(options.HiddenWidth, options.HiddenWidth));
        LogScale = RegisterParameter("log_scale", Tensor.Scalar(Math.Log(1 / 0.07)));
        MmetInitialisation.Apply(this, options.InitialDeviation);
    }

    /// <summary>What this model was built by.</summary>
    public MmetOptions Options { get; }

    internal ImageEncoder ImageEncoder { get; }

    internal TextEncoder TextEncoder { get; }

    internal Linear ImageToFusion { get; }

    internal Linear TextToFusion { get; }

    internal FusionEncoder FusionEncoder { get; }

    internal Linear ImageProjection { get; }

    internal Linear TextProjection { get; }

    /// <summary>Logarithm of the contrastive inverse temperature, scalar; starts at ln(1/0.07).</summary>
    internal Tensor LogScale { get; }

    /// <summary>Reads pictures.</summary>
    /// <param name="images">Normalised pixels, <c>[B, 3, H, W]</c>; borrowed.</param>
    /// <param name="masked">Patches to hide, <c>[B, N]</c> bool; null hides none; borrowed.</param>
    /// <param name="classTokenOnly">Compute the last block for the class token alone: the same value, for callers that read nothing else.</param>
    /// <param name="trace">Keeps the intermediates.</param>
    /// <param name="stochasticDepth">Whether samples may skip branches while the model trains: identity training does so, pretraining does not.</param>
    /// <returns>States of [CLS_I] and the patches, row by row: <c>[B, 1 + N, D]</c>.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit the options; the message gives both.</exception>
    public EncoderStates EncodeImages(Tensor images, Tensor? masked = null, bool classTokenOnly = false, Trace? trace = null, bool stochasticDepth = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Rank != 4 || images.Size(1) != 3 || images.Size(2) != Options.Height || images.Size(3) != Options.Width)
        {
            throw new ArgumentException(
                $"images {Shape(images)} do not fit this model, expected [B, 3, H, W] = [{images.Size(0)}, 3, {Options.Height}, {Options.Width}]", nameof(images));
        }

        if (masked is not null && (masked.Rank != 2 || masked.Size(0) != images.Size(0) || masked.Size(1) != Options.Grid.Count))
        {
            throw new ArgumentException($"mask {Shape(masked)} does not fit images {Shape(images)}, expected [B, N] = [{images.Size(0)}, {Options.Grid.Count}]", nameof(masked));
        }

        return ImageEncoder.Forward(images, masked, classTokenOnly ? ClassTokenOf(images) : null, trace, stochasticDepth);
    }

    /// <summary>Reads captions.</summary>
    /// <param name="tokens">Ids with [CLS], [SEP] and padding, <c>[B, L]</c> int64, L at most <see cref="MmetOptions.TextPositions"/>; borrowed.</param>
    /// <param name="attention">True for real tokens, false for padding, <c>[B, L]</c> bool; borrowed.</param>
    /// <param name="classTokenOnly">As for pictures.</param>
    /// <param name="trace">Keeps the intermediates.</param>
    /// <returns>States of the tokens, [CLS_T] first: <c>[B, L, D]</c>. Longer padding does not change those of real tokens.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit each other or the options.</exception>
    public EncoderStates EncodeTexts(Tensor tokens, Tensor attention, bool classTokenOnly = false, Trace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(attention);
        if (tokens.Rank != 2 || tokens.Size(1) > Options.TextPositions)
        {
            throw new ArgumentException($"tokens {Shape(tokens)} do not fit this model, expected [B, L] with L at most {Options.TextPositions}", nameof(tokens));
        }

        if (attention.Rank != 2 || attention.Size(0) != tokens.Size(0) || attention.Size(1) != tokens.Size(1))
        {
            throw new ArgumentException($"attention mask {Shape(attention)} does not fit tokens {Shape(tokens)}, expected [B, L]", nameof(attention));
        }

        return TextEncoder.Forward(tokens, attention, classTokenOnly ? ClassTokenOf(tokens) : null, trace);
    }

    /// <summary>Reads pictures for the states of some tokens alone: <c>[B, R, D]</c>. See <see cref="Transformer.Forward"/>.</summary>
    internal EncoderStates EncodeImages(Tensor images, Tensor masked, Tensor read) => ImageEncoder.Forward(images, masked, read, trace: null, stochasticDepth: false);

    /// <summary>Reads captions for the states of some tokens alone: <c>[B, R, D]</c>.</summary>
    internal EncoderStates EncodeTexts(Tensor tokens, Tensor attention, Tensor read) => TextEncoder.Forward(tokens, attention, read, trace: null);

    /// <summary>Reads pictures and words together for the states of some tokens alone: <c>[B, R, D]</c>.</summary>
    internal EncoderStates Fuse(Tensor image, Tensor text, Tensor attention, Tensor read) => FusionEncoder.Forward(image, text, attention, read, trace: null);

    /// <summary>Maps image states into the fusion's input space: u, <c>[B, 1 + N, D]</c>.</summary>
    public Tensor BringImage(EncoderStates image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ImageToFusion.Forward(image.Last);
    }

    /// <summary>Maps text states into the fusion's input space: v, <c>[B, L, D]</c>.</summary>
    public Tensor BringText(EncoderStates text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TextToFusion.Forward(text.Last);
    }

    /// <summary>Reads a picture and its words together.</summary>
    /// <param name="image">u of <see cref="BringImage"/>, <c>[B, 1 + N, D]</c>; borrowed.</param>
    /// <param name="text">v of <see cref="BringText"/>, <c>[B, L, D]</c>; null leaves the words out, which only a fusion trained with text dropout understands [D26].</param>
    /// <param name="attention">As for the captions; null exactly when <paramref name="text"/> is.</param>
    /// <param name="classTokenOnly">As for pictures.</param>
    /// <param name="trace">Keeps the intermediates.</param>
    /// <returns>States of [CLS_M], [CLS_I], patches, text, in this order: <c>[B, 1 + (1 + N) + L, D]</c>.</returns>
    /// <remarks>Full self-attention over both modalities: the paper calls it cross-attention, and its code has no other.</remarks>
    public EncoderStates Fuse(Tensor image, Tensor? text, Tensor? attention, bool classTokenOnly = false, Trace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        return (text is null) == (attention is null)
            ? FusionEncoder.Forward(image, text, attention, classTokenOnly ? ClassTokenOf(image) : null, trace)
            : throw new ArgumentException("the fusion needs text and its attention mask together, or neither", nameof(attention));
    }

    /// <summary>p_I: where pictures meet words. Unit rows <c>[B, D]</c>, float32.</summary>
    /// <param name="classToken">h_CLS,I, <c>[B, D]</c>; borrowed.</param>
    public Tensor ProjectImage(Tensor classToken) => ImageProjection.Forward(classToken).To(ScalarType.Float32).Normalize(dim: -1);

    /// <summary>p_T: where words meet pictures. Unit rows <c>[B, D]</c>, float32.</summary>
    /// <param name="classToken">h_CLS,T, <c>[B, D]</c>; borrowed.</param>
    public Tensor ProjectText(Tensor classToken) => TextProjection.Forward(classToken).To(ScalarType.Float32).Normalize(dim: -1);

    /// <summary>The contrastive inverse temperature in [1, 100], scalar, with its graph.</summary>
    /// <remarks>The stored logarithm is clamped in place, outside the graph, as in the code: a clamp inside it would leave a parameter at the border without a gradient for ever.</remarks>
    public Tensor Scale()
    {
        using (Autograd.NoGrad())
        {
            using var clamped = LogScale.Clamp(0, LargestLogScale);
            LogScale.CopyFrom(clamped);
        }

        return LogScale.Exp();
    }

    /// <summary>L_GC over the batch, in the form that the options name; arguments as <see cref="GlobalContrastive.ManyToMany"/>'s.</summary>
    internal Tensor Contrast(Tensor image, Tensor text, Tensor identities, Tensor captionKeys, Tensor? matched)
    {
        (image, text, matched) = (ProcessGroup.Gathered(image), ProcessGroup.Gathered(text), matched is null ? null : ProcessGroup.Gathered(matched));
        return Options.Contrastive == ContrastiveForm.OneToOne ? GlobalContrastive.OneToOne(image, text, Scale(), matched)
            : GlobalContrastive.ManyToMany(image, text, Scale(), ProcessGroup.Gathered(identities), ProcessGroup.Gathered(captionKeys), matched);
    }

    private static Tensor ClassTokenOf(Tensor batch) => Tensor.Zeros([batch.Size(0), 1], ScalarType.Int64, batch.Device);

    internal static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.Shape)}]";
}

/// <summary>Patches, class token, mask token and positions; then the transformer.</summary>
internal sealed class ImageEncoder : Module
{
    private readonly PatchGrid _grid;
    private readonly long[] _cellOfPixel;

    public ImageEncoder(MmetOptions options)
    {
        _grid = options.Grid;
        ClassToken = RegisterParameter("class_token", Tensor.Zeros([1, 1, options.HiddenWidth]));
        MaskToken = RegisterParameter("mask_token", Tensor.Zeros([1, 1, options.HiddenWidth]));
        Positions = RegisterParameter("positions", Tensor.Zeros([1, 1 + _grid.Count, options.HiddenWidth]));
        Patches = Register("patches", new Conv2d(3, options.HiddenWidth, options.Patch, stride: options.Stride));
        Transformer = Register("transformer", new Transformer(options, options.ImageLayers, options.StochasticDepth));
        _cellOfPixel = CellOfPixel(_grid);
    }

    public Tensor ClassToken { get; }

    public Tensor MaskToken { get; }

    public Tensor Positions { get; }

    public Conv2d Patches { get; }

    public Transformer Transformer { get; }

    public EncoderStates Forward(Tensor images, Tensor? masked, Tensor? read, Trace? trace, bool stochasticDepth)   // [B, 3, H, W] -> [B, 1 + N, D]
    {
        using var scope = trace is null ? new TensorScope() : null;
        var batch = images.Size(0);
        if (masked is not null && _grid.Overlaps)
        {
            images = BlankCells(images, masked);
        }

        var x = Patches.Forward(images).Flatten(2, 3).Transpose(1, 2).To(ScalarType.Float32);                       // [B, N, D]
        if (masked is not null)
        {
            x = Tensor.Where(masked.Unsqueeze(2), MaskToken, x);
        }

        x = Tensor.Cat([ClassToken.Expand([batch, 1, x.Size(2)]), x], 1) + Positions;                               // [B, 1 + N, D]
        trace?.Keep("image.embedding", x);
        var last = Transformer.Forward(x, keyBias: null, read, trace, "image", stochasticDepth);
        return new EncoderStates(scope is null ? last : scope.Keep(last), Transformer.Norm);
    }

    /// <summary>
    /// Overwrites the pixels of masked cells by the channel mean (0 after normalisation) [D14]. Overlapping kernels see three quarters of an isolated patch's pixels,
    /// so hiding its token alone would hide almost nothing.
    /// </summary>
    private Tensor BlankCells(Tensor images, Tensor masked)
    {
        using var owner = Tensor.From(_cellOfPixel, _cellOfPixel.Length).To(images.Device);                          // [H W]
        var nobody = Tensor.Zeros([masked.Size(0), 1], ScalarType.Bool, masked.Device);                             // the margin that no cell owns
        var pixels = Tensor.Cat([masked, nobody], 1).IndexSelect(1, owner);                                    // [B, H W]
        return images.MaskedFill(pixels.Reshape([images.Size(0), 1, _grid.Height, _grid.Width]), 0);
    }

    private static long[] CellOfPixel(PatchGrid grid)
    {
        var owner = new long[grid.Height * grid.Width];
        Array.Fill(owner, grid.Count);
        for (var cell = 0; cell < grid.Count; cell++)
        {
            var (top, left) = grid.CellOrigin(cell);
            for (var y = top; y < top + grid.CellSize; y++)
            {
                owner.AsSpan((y * grid.Width) + left, grid.CellSize).Fill(cell);
            }
        }

        return owner;
    }
}

/// <summary>Word pieces, positions and token type, normalised; then the transformer. A pre-norm transformer in place of BERT's, so public BERT blocks do not fit.</summary>
internal sealed class TextEncoder : Module
{
    public TextEncoder(MmetOptions options)
    {
        Words = Register("words", new EmbeddingTable(options.VocabularySize, options.HiddenWidth, paddingIndex: 0));
        Positions = Register("positions", new EmbeddingTable(options.TextPositions, options.HiddenWidth));
        Types = Register("types", new EmbeddingTable(2, options.HiddenWidth));
        EmbeddingNorm = Register("embedding_norm", new LayerNorm(options.HiddenWidth, options.NormEpsilon));
        Transformer = Register("transformer", new Transformer(options, options.TextLayers, stochasticDepth: 0));
    }

    public EmbeddingTable Words { get; }

    public EmbeddingTable Positions { get; }

    public EmbeddingTable Types { get; }

    public LayerNorm EmbeddingNorm { get; }

    public Transformer Transformer { get; }

    public EncoderStates Forward(Tensor tokens, Tensor attention, Tensor? read, Trace? trace)                // [B, L] -> [B, L, D]
    {
        using var scope = trace is null ? new TensorScope() : null;
        var x = Words.Forward(tokens) + Positions.Weight.Narrow(0, 0, tokens.Size(1)) + Types.Weight.Narrow(0, 0, 1);
        x = EmbeddingNorm.Forward(x);                                                                              // [B, L, D]
        trace?.Keep("text.embedding", x);
        var last = Transformer.Forward(x, Transformer.KeyBias(attention), read, trace, "text");
        return new EncoderStates(scope is null ? last : scope.Keep(last), Transformer.Norm);
    }
}

/// <summary>A class token of its own before the states of both modalities; then the transformer. Positions are already inside the states [code].</summary>
internal sealed class FusionEncoder : Module
{
    public FusionEncoder(MmetOptions options)
    {
        ClassToken = RegisterParameter("class_token", Tensor.Zeros([1, 1, options.HiddenWidth]));
        Transformer = Register("transformer", new Transformer(options, options.FusionLayers, stochasticDepth: 0));
    }

    public Tensor ClassToken { get; }

    public Transformer Transformer { get; }

    public EncoderStates Forward(Tensor image, Tensor? text, Tensor? attention, Tensor? read, Trace? trace)  // -> [B, 1 + (1 + N) + L, D]
    {
        using var scope = trace is null ? new TensorScope() : null;
        var (batch, visible) = (image.Size(0), 1 + image.Size(1));
        var token = ClassToken.Expand([batch, 1, ClassToken.Size(2)]);
        var u = image.To(ScalarType.Float32);
        var z = text is null ? Tensor.Cat([token, u], 1) : Tensor.Cat([token, u, text.To(ScalarType.Float32)], 1);
        Tensor? bias = null;
        if (attention is not null)    // padding stays unseen here too [D8]; the code lets the fusion attend to it
        {
            bias = Transformer.KeyBias(Tensor.Cat([Tensor.Ones([batch, visible], ScalarType.Bool, attention.Device), attention], 1));
        }

        trace?.Keep("fusion.embedding", z);
        var last = Transformer.Forward(z, bias, read, trace, "fusion");
        return new EncoderStates(scope is null ? last : scope.Keep(last), Transformer.Norm);
    }
}

/// <summary>A stack of pre-norm blocks and the layer norm after the last of them.</summary>
internal sealed class Transformer : Module
{
    public Transformer(MmetOptions options, int layers, double stochasticDepth)
    {
        Blocks = Register("blocks", new ModuleList<Block>(
            Enumerable.Range(0, layers).Select(i => new Block(options, layers == 1 ? stochasticDepth : stochasticDepth * i / (layers - 1)))));
        Norm = Register("norm", new LayerNorm(options.HiddenWidth, options.NormEpsilon));
    }

    public ModuleList<Block> Blocks { get; }

    public LayerNorm Norm { get; }

    /// <summary>0 for keys that may be attended to and -inf for padding, <c>[B, 1, 1, L]</c>, to be added to the scores.</summary>
    public static Tensor KeyBias(Tensor attention) =>
        Tensor.Zeros([attention.Size(0), attention.Size(1)], device: attention.Device)
            .MaskedFill(attention.LogicalNot(), double.NegativeInfinity).Unsqueeze(1).Unsqueeze(1);

    /// <summary>Runs the blocks; the result is <c>hidden_last</c>, before <see cref="Norm"/>.</summary>
    /// <param name="x"><c>[B, L, D]</c>.</param>
    /// <param name="keyBias">Of <see cref="KeyBias"/>, or null.</param>
    /// <param name="read">Tokens that somebody reads, <c>[B, R]</c> int64, of each sample's L; null means all. The others still serve the last block as keys and values, but their own
    /// queries and feed-forward part are left out there: the same values for less work, since nothing comes after.</param>
    /// <param name="trace">Keeps the intermediates; then every token is computed.</param>
    /// <param name="name">Of this encoder in the trace.</param>
    /// <param name="stochasticDepth">Whether samples may skip branches while the module trains.</param>
    /// <returns><c>[B, L, D]</c>, or <c>[B, R, D]</c>.</returns>
    public Tensor Forward(Tensor x, Tensor? keyBias, Tensor? read, Trace? trace, string name, bool stochasticDepth = false)
    {
        for (var i = 0; i < Blocks.Count; i++)
        {
            x = Blocks[i].Forward(x, keyBias, i == Blocks.Count - 1 && trace is null ? read : null, trace, trace is null ? "" : $"{name}.block{i:00}", stochasticDepth);
        }

        trace?.Keep($"{name}.last", x);
        return x;
    }
}

/// <summary><c>x = x + MHA(LN(x)); x = x + MLP(LN(x))</c>.</summary>
internal sealed class Block : Module
{
    private readonly double _dropout;
    private readonly double _depthRate;

    public Block(MmetOptions options, double depthRate)
    {
        Norm1 = Register("norm1", new LayerNorm(options.HiddenWidth, options.NormEpsilon));
        Attention = Register("attention", new SelfAttention(options.HiddenWidth, options.Heads));
        Norm2 = Register("norm2", new LayerNorm(options.HiddenWidth, options.NormEpsilon));
        Expand = Register("expand", new Linear(options.HiddenWidth, options.MlpWidth));
        Contract = Register("contract", new Linear(options.MlpWidth, options.HiddenWidth));
        _dropout = options.Dropout;
        _depthRate = depthRate;
    }

    public LayerNorm Norm1 { get; }

    public SelfAttention Attention { get; }

    public LayerNorm Norm2 { get; }

    public Linear Expand { get; }

    public Linear Contract { get; }

    public Tensor Forward(Tensor x, Tensor? keyBias, Tensor? read, Trace? trace, string name, bool stochasticDepth)  // [B, L, D] -> [B, L, D] or [B, R, D]
    {
        using var scope = trace is null ? new TensorScope() : null;
        var normed = Norm1.Forward(x);
        trace?.Keep($"{name}.norm1", normed);
        var picked = read?.Unsqueeze(2).Expand(-1, -1, x.Size(2));                                                 // [B, R, D]
        var attended = Attention.Forward(normed, picked, keyBias, trace, name);
        x = (picked is null ? x : x.Gather(1, picked)) + Branch(attended, stochasticDepth);
        x = x + Branch(Contract.Forward(Expand.Forward(Norm2.Forward(x)).Gelu()), stochasticDepth);
        trace?.Keep(name, x);
        return scope is null ? x : scope.Keep(x);
    }

    /// <summary>Dropout, and stochastic depth (Huang et al. 2016): in training, a sample skips the whole branch with the block's rate.</summary>
    private Tensor Branch(Tensor branch, bool stochasticDepth)
    {
        if (!IsTraining)
        {
            return branch;
        }

        if (_dropout > 0)
        {
            branch = branch.Dropout(_dropout, train: true);
        }

        return _depthRate == 0 || !stochasticDepth ? branch : branch * Tensor.Rand([branch.Size(0), 1, 1], device: branch.Device).Ge(_depthRate).To(branch.Dtype) / (1 - _depthRate);
    }
}

/// <summary>Multi-head self-attention, <c>softmax(q kᵀ / sqrt(D/A)) v</c>, biases everywhere.</summary>
/// <remarks>Under autocast the scores come and the probabilities go as BFloat16, but libtorch sums in float32 in between: equal to a float32 softmax but for the last rounding.</remarks>
internal sealed class SelfAttention : Module
{
    private readonly int _width;
    private readonly int _heads;

    public SelfAttention(int width, int heads)
    {
        _width = width;
        _heads = heads;
        Qkv = Register("qkv", new Linear(width, 3 * width));
        Output = Register("output", new Linear(width, width));
    }

    /// <summary>Rows 0..D-1 make queries, D..2D-1 keys, 2D..3D-1 values; head a owns columns a D/A .. (a+1) D/A - 1 of each.</summary>
    public Linear Qkv { get; }

    public Linear Output { get; }

    /// <param name="x"><c>[B, L, D]</c>.</param>
    /// <param name="picked">Indices of the tokens that ask, repeated over the width, <c>[B, R, D]</c>; null means all tokens.</param>
    /// <param name="keyBias">Added to the scores, or null.</param>
    /// <param name="trace">Keeps the probabilities.</param>
    /// <param name="name">Of this block in the trace.</param>
    /// <returns><c>[B, L, D]</c>, or <c>[B, R, D]</c>.</returns>
    public Tensor Forward(Tensor x, Tensor? picked, Tensor? keyBias, Trace? trace, string name)
    {
        Tensor q, k, v;
        if (picked is null)
        {
            var qkv = Heads(Qkv.Forward(x), 3);
            (q, k, v) = (qkv[0], qkv[1], qkv[2]);
        }
        else
        {
            var (weight, bias) = (Qkv.Weight, Qkv.Bias!);
            q = Heads(x.Gather(1, picked).Linear(weight.Narrow(0, 0, _width), bias.Narrow(0, 0, _width)), 1)[0];
            var kv = Heads(x.Linear(weight.Narrow(0, _width, 2 * _width), bias.Narrow(0, _width, 2 * _width)), 2);
            (k, v) = (kv[0], kv[1]);
        }

        var scores = (q * (1 / Math.Sqrt((double)_width / _heads))).MatMul(k.Transpose(2, 3));                      // [B, A, L, L]
        if (keyBias is not null)
        {
            scores = scores + keyBias.To(scores.Dtype);
        }

        var probabilities = scores.Softmax(-1);
        trace?.Keep($"{name}.attention", probabilities);
        var context = probabilities.MatMul(v).Transpose(1, 2);                                                      // [B, L, A, D/A]
        return Output.Forward(context.Reshape([context.Size(0), context.Size(1), _width]));
    }

    /// <summary>Splits stacked projections into heads: <c>[B, L, n D]</c> to n of <c>[B, A, L, D/A]</c>.</summary>
    private Tensor[] Heads(Tensor stacked, int parts) =>
        stacked.Reshape([stacked.Size(0), stacked.Size(1), parts, _heads, _width / _heads]).Permute(2, 0, 3, 1, 4).Unbind(0);
}
