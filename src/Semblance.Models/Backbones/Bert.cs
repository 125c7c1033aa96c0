using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Backbones;

/// <summary>BERT's encoder, bert-base-uncased by default, with the names of Hugging Face's checkpoints; without pooler and heads, which no method here reads.</summary>
/// <remarks>
/// Devlin et al. 2019, arXiv 1810.04805. Post-norm blocks, exact GELU, epsilon 1e-12. Names: <c>embeddings.word_embeddings</c>, <c>embeddings.LayerNorm</c>,
/// <c>encoder.layer.0.attention.self.query</c> ... One difference: attention weights are not dropped in training. Letters: B batch; L tokens; D width.
/// </remarks>
public sealed class Bert : Module
{
    internal const double Epsilon = 1e-12;
    private const double StartDeviation = 0.02;

    /// <summary>Builds the network with random weights, reproducible from <see cref="TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public Bert(BertOptions? options = null)
    {
        Options = (options ?? new BertOptions()).Validate();
        Embeddings = Register("embeddings", new BertEmbeddings(Options));
        Encoder = Register("encoder", new BertEncoder(Options));
        foreach (var (name, parameter) in NamedParameters())
        {
            if (parameter.Rank == 2)
            {
                Initialise.Normal(parameter, 0, StartDeviation);
            }
            else if (name.EndsWith(".bias", StringComparison.Ordinal))
            {
                Initialise.Zeros(parameter);
            }
        }
    }

    /// <summary>What this network was built by.</summary>
    public BertOptions Options { get; }

    internal BertEmbeddings Embeddings { get; }

    internal BertEncoder Encoder { get; }

    /// <summary>The last hidden state of every token: <c>[B, L] -> [B, L, D]</c>. Where there is no token, the state has no meaning.</summary>
    /// <param name="tokens">Word piece ids, int64 <c>[B, L]</c>; borrowed.</param>
    /// <param name="attention">Bool <c>[B, L]</c>, true where there is a token; null when all places count.</param>
    /// <exception cref="ArgumentException">The text is longer than the position table, or the mask has another shape.</exception>
    public Tensor Forward(Tensor tokens, Tensor? attention = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Rank != 2 || tokens.Size(1) > Options.Positions)
        {
            throw new ArgumentException($"tokens {Mmet.Shape(tokens)}, expected [B, L] with L at most {Options.Positions}", nameof(tokens));
        }

        if (attention is not null && (attention.Dtype != ScalarType.Bool || !attention.Shape.SequenceEqual(tokens.Shape)))
        {
            throw new ArgumentException($"attention {Mmet.Shape(attention)} {attention.Dtype} does not fit tokens {Mmet.Shape(tokens)}, expected Bool of the same shape", nameof(attention));
        }

        using var scope = new TensorScope();
        return scope.Keep(Encoder.Forward(Embeddings.Forward(tokens), attention?.LogicalNot()));
    }
}

/// <summary>Word, place and kind of each token, summed and normalised: <c>[B, L] -> [B, L, D]</c>.</summary>
internal sealed class BertEmbeddings : Layer
{
    private readonly EmbeddingTable _words;
    private readonly EmbeddingTable _positions;
    private readonly EmbeddingTable _types;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertEmbeddings(BertOptions options)
    {
        _words = Register("word_embeddings", new EmbeddingTable(options.VocabularySize, options.HiddenWidth));
        _positions = Register("position_embeddings", new EmbeddingTable(options.Positions, options.HiddenWidth));
        _types = Register("token_type_embeddings", new EmbeddingTable(options.TokenTypes, options.HiddenWidth));
        _norm = Register("LayerNorm", new LayerNorm(options.HiddenWidth, Bert.Epsilon));
        _dropout = Register("dropout", new Dropout(options.Dropout));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var x = _words.Forward(input) + _positions.Weight.Narrow(0, 0, input.Size(1)) + _types.Weight.Select(0, 0);
        return scope.Keep(_dropout.Forward(_norm.Forward(x)));
    }
}

internal sealed class BertEncoder : Module
{
    private readonly ModuleList<BertLayer> _layers;

    public BertEncoder(BertOptions options) => _layers = Register("layer", new ModuleList<BertLayer>(Enumerable.Range(0, options.Layers).Select(_ => new BertLayer(options))));

    public Tensor Forward(Tensor x, Tensor? absent)
    {
        using var scope = new TensorScope();
        foreach (var layer in _layers)
        {
            x = layer.Forward(x, absent);
        }

        return scope.Keep(x);
    }
}

/// <summary>A post-norm block: <c>y = norm(x + attention(x))</c>, <c>norm(y + mlp(y))</c>, <c>[B, L, D] -> [B, L, D]</c>.</summary>
internal sealed class BertLayer : Module
{
    private readonly BertAttention _attention;
    private readonly Sequential _intermediate;
    private readonly BertOutput _output;

    public BertLayer(BertOptions options)
    {
        _attention = Register("attention", new BertAttention(options));
        _intermediate = Register("intermediate", new Sequential(("dense", new Linear(options.HiddenWidth, options.MlpWidth)), ("act", new Gelu())));
        _output = Register("output", new BertOutput(options.MlpWidth, options));
    }

    public Tensor Forward(Tensor input, Tensor? absent)
    {
        using var scope = new TensorScope();
        var x = _attention.Forward(input, absent);
        return scope.Keep(_output.Forward(_intermediate.Forward(x), x));
    }
}

internal sealed class BertAttention : Module
{
    private readonly BertSelfAttention _self;
    private readonly BertOutput _output;

    public BertAttention(BertOptions options)
    {
        _self = Register("self", new BertSelfAttention(options));
        _output = Register("output", new BertOutput(options.HiddenWidth, options));
    }

    public Tensor Forward(Tensor x, Tensor? absent)
    {
        using var scope = new TensorScope();
        return scope.Keep(_output.Forward(_self.Forward(x, absent), x));
    }
}

internal sealed class BertSelfAttention : Module
{
    private readonly int _heads;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;

    public BertSelfAttention(BertOptions options)
    {
        _heads = options.Heads;
        _query = Register("query", new Linear(options.HiddenWidth, options.HiddenWidth));
        _key = Register("key", new Linear(options.HiddenWidth, options.HiddenWidth));
        _value = Register("value", new Linear(options.HiddenWidth, options.HiddenWidth));
    }

    public Tensor Forward(Tensor x, Tensor? absent)
    {
        using var scope = new TensorScope();
        return scope.Keep(ScaledAttention.Apply(_query.Forward(x), _key.Forward(x), _value.Forward(x), _heads, absent));
    }
}

/// <summary>Back to the width of the block, added to what came in and normalised.</summary>
internal sealed class BertOutput : Module
{
    private readonly Linear _dense;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertOutput(int input, BertOptions options)
    {
        _dense = Register("dense", new Linear(input, options.HiddenWidth));
        _norm = Register("LayerNorm", new LayerNorm(options.HiddenWidth, Bert.Epsilon));
        _dropout = Register("dropout", new Dropout(options.Dropout));
    }

    public Tensor Forward(Tensor inner, Tensor shortcut)
    {
        using var scope = new TensorScope();
        return scope.Keep(_norm.Forward(_dropout.Forward(_dense.Forward(inner)) + shortcut));
    }
}
