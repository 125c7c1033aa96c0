using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Backbones;

/// <summary>A vision transformer, ViT-B/16 by default, with timm's parameter names. The picture need not be square, and patches may overlap.</summary>
/// <remarks>
/// Dosovitskiy et al. 2021, arXiv 2010.11929; names as in huggingface/pytorch-image-models, <c>timm/models/vision_transformer.py</c>: <c>cls_token</c>, <c>pos_embed</c>,
/// <c>patch_embed.proj</c>, <c>blocks.0.attn.qkv</c>, <c>norm</c>, <c>head</c>. Pre-norm blocks, exact GELU, epsilon 1e-6. Letters: B batch; N patches; D width.
/// </remarks>
public sealed class Vit : Module
{
    internal const double Epsilon = 1e-6;

    /// <summary>Builds the network with random weights, reproducible from <see cref="TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public Vit(VitOptions? options = null)
    {
        Options = (options ?? new VitOptions()).Validate();
        var width = Options.HiddenWidth;
        ClassToken = RegisterParameter("cls_token", Initialise.TruncatedNormal(Tensor.Empty([1, 1, width]), 0, 0.02));
        Positions = RegisterParameter("pos_embed", Initialise.TruncatedNormal(Tensor.Empty([1, 1 + Options.Grid.Count, width]), 0, 0.02));
        Patches = Register("patch_embed", new PatchEmbedding(Options));
        Blocks = Register("blocks", new ModuleList<VitBlock>(Enumerable.Range(0, Options.Layers).Select(_ => new VitBlock(Options))));
        Norm = Register("norm", new LayerNorm(width, Epsilon));
        Classifier = Options.Classes > 0 ? Register("head", new Linear(width, Options.Classes)) : null;
        foreach (var (_, module) in NamedModules())
        {
            if (module is Linear linear)
            {
                Initialise.TruncatedNormal(linear.Weight, 0, 0.02);
                Initialise.Zeros(linear.Bias!);
            }
        }
    }

    /// <summary>What this network was built by.</summary>
    public VitOptions Options { get; }

    internal Tensor ClassToken { get; }

    internal Tensor Positions { get; }

    internal PatchEmbedding Patches { get; }

    internal ModuleList<VitBlock> Blocks { get; }

    internal LayerNorm Norm { get; }

    internal Linear? Classifier { get; }

    /// <summary>Every token after the last normalisation, the class token first: <c>[B, 3, H, W] -> [B, 1 + N, D]</c>.</summary>
    /// <param name="images">Normalised pixels of the options' size; borrowed.</param>
    /// <param name="trace">Keeps <c>embedding</c>, <c>block00</c> ..., if given; open a scope around the call then.</param>
    /// <exception cref="ArgumentException">The pictures have another size.</exception>
    public Tensor Forward(Tensor images, Trace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Rank != 4 || images.Size(1) != 3 || images.Size(2) != Options.Height || images.Size(3) != Options.Width)
        {
            throw new ArgumentException($"images {Mmet.Shape(images)}, expected [B, 3, {Options.Height}, {Options.Width}]", nameof(images));
        }

        using var scope = trace is null ? new TensorScope() : null;
        var patches = Patches.Forward(images);
        var x = Tensor.Cat([ClassToken.Expand(images.Size(0), -1, -1), patches], 1) + Positions;
        trace?.Keep("embedding", x);
        for (var i = 0; i < Blocks.Count; i++)
        {
            x = Blocks[i].Forward(x);
            trace?.Keep($"block{i:00}", x);
        }

        x = Norm.Forward(x);
        return scope is null ? x : scope.Keep(x);
    }

    /// <summary>The class token after the last normalisation: <c>[B, 3, H, W] -> [B, D]</c>.</summary>
    /// <inheritdoc cref="Forward"/>
    public Tensor Feature(Tensor images)
    {
        using var scope = new TensorScope();
        return scope.Keep(Forward(images).Select(1, 0));
    }

    /// <summary>The classifier's logits of the class token: <c>[B, 3, H, W] -> [B, Classes]</c>.</summary>
    /// <param name="images">Normalised pixels of the options' size; borrowed.</param>
    /// <exception cref="InvalidOperationException">The network was built without a classifier.</exception>
    public Tensor Classify(Tensor images)
    {
        if (Classifier is null)
        {
            throw new InvalidOperationException("this ViT has no classifier: build it with VitOptions.Classes above 0, or use Feature");
        }

        using var scope = new TensorScope();
        return scope.Keep(Classifier.Forward(Feature(images)));
    }
}

/// <summary>Each patch as a vector: <c>[B, 3, H, W] -> [B, N, D]</c>, row by row.</summary>
internal sealed class PatchEmbedding : Layer
{
    private readonly Conv2d _projection;

    public PatchEmbedding(VitOptions options) => _projection = Register("proj", new Conv2d(3, options.HiddenWidth, options.Patch, stride: options.Stride));

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        return scope.Keep(_projection.Forward(input).Flatten(2).Transpose(1, 2));
    }
}

/// <summary>A pre-norm block: attention and MLP, each added to what came in, <c>[B, L, D] -> [B, L, D]</c>.</summary>
internal sealed class VitBlock : Layer
{
    private readonly LayerNorm _norm1;
    private readonly VitAttention _attention;
    private readonly LayerNorm _norm2;
    private readonly Sequential _mlp;

    public VitBlock(VitOptions options)
    {
        _norm1 = Register("norm1", new LayerNorm(options.HiddenWidth, Vit.Epsilon));
        _attention = Register("attn", new VitAttention(options.HiddenWidth, options.Heads));
        _norm2 = Register("norm2", new LayerNorm(options.HiddenWidth, Vit.Epsilon));
        _mlp = Register("mlp", new Sequential(
            ("fc1", new Linear(options.HiddenWidth, options.MlpWidth)), ("act", new Gelu()), ("fc2", new Linear(options.MlpWidth, options.HiddenWidth))));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var x = input + _attention.Forward(_norm1.Forward(input));
        return scope.Keep(x + _mlp.Forward(_norm2.Forward(x)));
    }
}

/// <summary>Self-attention with queries, keys and values stacked in one matrix.</summary>
internal sealed class VitAttention : Layer
{
    private readonly int _heads;
    private readonly Linear _qkv;
    private readonly Linear _output;

    public VitAttention(int width, int heads)
    {
        _heads = heads;
        _qkv = Register("qkv", new Linear(width, 3 * width));
        _output = Register("proj", new Linear(width, width));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var qkv = _qkv.Forward(input).Chunk(3, -1);
        return scope.Keep(_output.Forward(ScaledAttention.Apply(qkv[0], qkv[1], qkv[2], _heads)));
    }
}
