using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Backbones;

/// <summary>CLIP's image and text towers, ViT-B/16 by default, with OpenAI's parameter names. The picture need not be square, and patches may overlap.</summary>
/// <remarks>
/// Radford et al. 2021, arXiv 2103.00020; names as in openai/CLIP, <c>clip/model.py</c>: <c>visual.conv1</c>, <c>visual.transformer.resblocks.0.attn.in_proj_weight</c>,
/// <c>token_embedding</c>, <c>transformer.resblocks.0.mlp.c_fc</c>, <c>text_projection</c>, <c>logit_scale</c>. Pre-norm blocks with QuickGELU, <c>x σ(1.702 x)</c>; a word sees
/// the words before it; the text's vector is that of its last token, the one of highest id. Letters: B batch; N patches; L text length; D width of a tower; E embedding.
/// </remarks>
public sealed class Clip : Module
{
    /// <summary>Builds both towers with random weights, reproducible from <see cref="TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public Clip(ClipOptions? options = null)
    {
        Options = (options ?? new ClipOptions()).Validate();
        Positions = RegisterParameter("positional_embedding", Initialise.Normal(Tensor.Empty([Options.TextLength, Options.TextWidth]), 0, 0.01));
        TextProjection = RegisterParameter(
            "text_projection", Initialise.Normal(Tensor.Empty([Options.TextWidth, Options.EmbeddingWidth]), 0, 1 / Math.Sqrt(Options.TextWidth)));
        LogScale = RegisterParameter("logit_scale", Tensor.Scalar(Math.Log(1 / 0.07)));
        Image = Register("visual", new ClipImageTower(Options));
        Text = Register("transformer", new ClipTransformer(Options.TextWidth, Options.TextLayers, Options.TextHeads));
        Words = Register("token_embedding", new EmbeddingTable(Options.VocabularySize, Options.TextWidth));
        Norm = Register("ln_final", new LayerNorm(Options.TextWidth));
        Initialise.Normal(Words.Weight, 0, 0.02);
    }

    /// <summary>What this model was built by.</summary>
    public ClipOptions Options { get; }

    /// <summary>Logarithm of the contrastive inverse temperature, scalar; ln(1/0.07) at first, ln 100 in the published weights.</summary>
    public Tensor LogScale { get; }

    internal ClipImageTower Image { get; }

    internal ClipTransformer Text { get; }

    internal EmbeddingTable Words { get; }

    internal Tensor Positions { get; }

    internal LayerNorm Norm { get; }

    internal Tensor TextProjection { get; }

    /// <summary>Every token of the pictures in the shared space, the class token first: <c>[B, 3, H, W] -> [B, 1 + N, E]</c>, not normalised.</summary>
    /// <param name="images">Normalised pixels of the options' size; borrowed.</param>
    /// <param name="trace">Keeps <c>image.embedding</c>, <c>image.block00</c> ..., if given; open a scope around the call then.</param>
    /// <exception cref="ArgumentException">The pictures have another size.</exception>
    public Tensor ImageTokens(Tensor images, Trace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Rank != 4 || images.Size(1) != 3 || images.Size(2) != Options.Height || images.Size(3) != Options.Width)
        {
            throw new ArgumentException($"images {Mmet.Shape(images)}, expected [B, 3, {Options.Height}, {Options.Width}]", nameof(images));
        }

        return Image.Forward(images, trace);
    }

    /// <summary>The pictures' embeddings: <c>[B, 3, H, W] -> [B, E]</c>, not normalised.</summary>
    /// <inheritdoc cref="ImageTokens"/>
    public Tensor EncodeImages(Tensor images)
    {
        using var scope = new TensorScope();
        return scope.Keep(ImageTokens(images).Select(1, 0));
    }

    /// <summary>Every token of the texts in the shared space: <c>[B, L] -> [B, L, E]</c>, not normalised.</summary>
    /// <param name="tokens">Word piece ids, int64 <c>[B, L]</c>, L at most the options' length; borrowed. What stands behind the end token changes nothing before it.</param>
    /// <param name="trace">Keeps <c>text.embedding</c>, <c>text.block00</c> ..., if given; open a scope around the call then.</param>
    /// <exception cref="ArgumentException">The texts are longer than the position table.</exception>
    public Tensor TextTokens(Tensor tokens, Trace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Rank != 2 || tokens.Size(1) > Options.TextLength)
        {
            throw new ArgumentException($"tokens {Mmet.Shape(tokens)}, expected [B, L] with L at most {Options.TextLength}", nameof(tokens));
        }

        using var scope = trace is null ? new TensorScope() : null;
        var length = tokens.Size(1);
        var future = Tensor.Ones([length, length], device: tokens.Device).Triu(1).To(ScalarType.Bool);
        var x = Words.Forward(tokens) + Positions.Narrow(0, 0, length);
        trace?.Keep("text.embedding", x);
        x = Norm.Forward(Text.Forward(x, future, trace, "text")).MatMul(TextProjection);
        return scope is null ? x : scope.Keep(x);
    }

    /// <summary>The texts' embeddings, those of their end tokens: <c>[B, L] -> [B, E]</c>, not normalised.</summary>
    /// <inheritdoc cref="TextTokens"/>
    public Tensor EncodeTexts(Tensor tokens)
    {
        using var scope = new TensorScope();
        var all = TextTokens(tokens);                                                                              // [B, L, E]
        var end = tokens.Argmax(1).Reshape(tokens.Size(0), 1, 1).Expand(-1, 1, all.Size(2));
        return scope.Keep(all.Gather(1, end).Squeeze(1));
    }
}

/// <summary>CLIP's vision transformer: <c>[B, 3, H, W] -> [B, 1 + N, E]</c>.</summary>
internal sealed class ClipImageTower : Module
{
    private readonly Tensor _classToken;
    private readonly Tensor _positions;
    private readonly Tensor _projection;
    private readonly Conv2d _patches;
    private readonly LayerNorm _before;
    private readonly ClipTransformer _transformer;
    private readonly LayerNorm _after;

    public ClipImageTower(ClipOptions options)
    {
        var width = options.ImageWidth;
        var deviation = 1 / Math.Sqrt(width);
        _classToken = RegisterParameter("class_embedding", Initialise.Normal(Tensor.Empty([width]), 0, deviation));
        _positions = RegisterParameter("positional_embedding", Initialise.Normal(Tensor.Empty([1 + options.Grid.Count, width]), 0, deviation));
        _projection = RegisterParameter("proj", Initialise.Normal(Tensor.Empty([width, options.EmbeddingWidth]), 0, deviation));
        _patches = Register("conv1", new Conv2d(3, width, options.Patch, stride: options.Stride, bias: false));
        _before = Register("ln_pre", new LayerNorm(width));
        _transformer = Register("transformer", new ClipTransformer(width, options.ImageLayers, options.ImageHeads));
        _after = Register("ln_post", new LayerNorm(width));
    }

    public Tensor Forward(Tensor images, Trace? trace)
    {
        using var scope = trace is null ? new TensorScope() : null;
        var patches = _patches.Forward(images).Flatten(2).Transpose(1, 2);                                         // [B, N, D]
        var x = Tensor.Cat([_classToken.Expand(images.Size(0), 1, -1), patches], 1) + _positions;
        trace?.Keep("image.embedding", x);
        x = _after.Forward(_transformer.Forward(_before.Forward(x), null, trace, "image")).MatMul(_projection);
        return scope is null ? x : scope.Keep(x);
    }
}

internal sealed class ClipTransformer : Module
{
    private readonly ModuleList<ClipBlock> _blocks;

    public ClipTransformer(int width, int layers, int heads) =>
        _blocks = Register("resblocks", new ModuleList<ClipBlock>(Enumerable.Range(0, layers).Select(_ => new ClipBlock(width, heads, layers))));

    /// <param name="x"><c>[B, L, D]</c>.</param>
    /// <param name="hidden">Bool <c>[L, L]</c>, true where a token may not look.</param>
    /// <param name="trace">Keeps every block's output.</param>
    /// <param name="name">Before the blocks' names in the trace.</param>
    public Tensor Forward(Tensor x, Tensor? hidden, Trace? trace, string name)
    {
        using var scope = trace is null ? new TensorScope() : null;
        for (var i = 0; i < _blocks.Count; i++)
        {
            x = _blocks[i].Forward(x, hidden);
            trace?.Keep($"{name}.block{i:00}", x);
        }

        return scope is null ? x : scope.Keep(x);
    }
}

/// <summary>A pre-norm block: attention and MLP, each added to what came in, <c>[B, L, D] -> [B, L, D]</c>.</summary>
internal sealed class ClipBlock : Module
{
    private readonly MultiheadAttention _attention;
    private readonly LayerNorm _norm1;
    private readonly Sequential _mlp;
    private readonly LayerNorm _norm2;

    public ClipBlock(int width, int heads, int layers)
    {
        _attention = Register("attn", new MultiheadAttention(width, heads));
        _norm1 = Register("ln_1", new LayerNorm(width));
        _mlp = Register("mlp", new Sequential(("c_fc", new Linear(width, 4 * width)), ("gelu", new QuickGelu()), ("c_proj", new Linear(4 * width, width))));
        _norm2 = Register("ln_2", new LayerNorm(width));

        // Deviations of clip/model.py: what is added to the stream shrinks with the number of additions.
        var (inner, added) = (1 / Math.Sqrt(width), 1 / Math.Sqrt(width * 2.0 * layers));
        Initialise.Normal(_attention.InputWeight, 0, inner);
        Initialise.Normal(_attention.Output.Weight, 0, added);
        Initialise.Normal(((Linear)_mlp[0]).Weight, 0, 1 / Math.Sqrt(2.0 * width));
        Initialise.Normal(((Linear)_mlp[2]).Weight, 0, added);
    }

    public Tensor Forward(Tensor input, Tensor? hidden)
    {
        using var scope = new TensorScope();
        var normed = _norm1.Forward(input);
        var x = input + _attention.Forward(normed, normed, normed, attentionMask: hidden);
        return scope.Keep(x + _mlp.Forward(_norm2.Forward(x)));
    }
}

/// <summary><c>x σ(1.702 x)</c>, which CLIP was trained with in place of GELU.</summary>
internal sealed class QuickGelu : Layer
{
    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = new TensorScope();
        return scope.Keep(input * (input * 1.702).Sigmoid());
    }
}
