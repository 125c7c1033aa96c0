namespace Semblance.Tensors.Layers;

/// <summary>A transformer block: self-attention and a feed-forward part, each with dropout, a residual connection and layer normalisation.</summary>
/// <remarks>
/// Post-norm as in Vaswani et al. 2017 (normalise after adding), pre-norm as in vision transformers (normalise what enters a part).
/// Names, order of draws and defaults as in PyTorch's module of the same name.
/// </remarks>
public sealed class TransformerEncoderLayer : Module
{
    private readonly bool _normFirst;
    private readonly Activation _activation;

    /// <param name="width">D.</param>
    /// <param name="heads">A, a divisor of the width.</param>
    /// <param name="feedForward">Width between the two linear layers.</param>
    /// <param name="dropout">Probability in the attention weights, in the feed-forward part and before each addition.</param>
    /// <param name="activation">Between the two linear layers.</param>
    /// <param name="normFirst">Pre-norm.</param>
    /// <param name="epsilon">Of the normalisations.</param>
    public TransformerEncoderLayer(
        int width, int heads, int feedForward = 2048, double dropout = 0.1, Activation activation = Activation.Relu, bool normFirst = false, double epsilon = 1e-5)
    {
        _normFirst = normFirst;
        _activation = activation;
        SelfAttention = Register("self_attn", new MultiheadAttention(width, heads, dropout));
        Linear1 = Register("linear1", new Linear(width, feedForward));
        Linear2 = Register("linear2", new Linear(feedForward, width));
        Norm1 = Register("norm1", new LayerNorm(width, epsilon));
        Norm2 = Register("norm2", new LayerNorm(width, epsilon));
        Dropout = Register("dropout", new Dropout(dropout));
    }

    public MultiheadAttention SelfAttention { get; }

    public Linear Linear1 { get; }

    public Linear Linear2 { get; }

    public LayerNorm Norm1 { get; }

    public LayerNorm Norm2 { get; }

    public Dropout Dropout { get; }

    /// <summary><c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="input"><c>[B, L, D]</c>.</param>
    /// <param name="keyPaddingMask">Bool <c>[B, L]</c>, true where there is no token.</param>
    public Tensor Forward(Tensor input, Tensor? keyPaddingMask = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = new TensorScope();
        var x = input;
        if (_normFirst)
        {
            x += Attend(Norm1.Forward(x), keyPaddingMask);
            x += FeedForward(Norm2.Forward(x));
        }
        else
        {
            x = Norm1.Forward(x + Attend(x, keyPaddingMask));
            x = Norm2.Forward(x + FeedForward(x));
        }

        return scope.Keep(x);
    }

    private Tensor Attend(Tensor x, Tensor? mask) => Dropout.Forward(SelfAttention.Forward(x, mask));

    private Tensor FeedForward(Tensor x)
    {
        var inner = Linear1.Forward(x);
        return Dropout.Forward(Linear2.Forward(Dropout.Forward(_activation == Activation.Gelu ? inner.Gelu() : inner.Relu())));
    }
}
