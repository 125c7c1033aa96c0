namespace Semblance.Tensors.Layers;

/// <summary>Scaled dot-product attention in several heads: <c>softmax(q kᵀ / √(D/A)) v</c> for each head, joined and projected.</summary>
/// <remarks>
/// Vaswani et al. 2017, arXiv 1706.03762. Names and first values as in PyTorch: in_proj_weight and in_proj_bias stack query, key and value;
/// the batch always comes first. Masks are true where nothing may be attended to; a query that may attend to nothing gives NaN, as there.
/// </remarks>
public sealed class MultiheadAttention : Module
{
    private readonly int _width;
    private readonly int _heads;
    private readonly double _dropout;

    /// <param name="width">D of queries, keys, values and output.</param>
    /// <param name="heads">A, a divisor of the width.</param>
    /// <param name="dropout">Probability that an attention weight is dropped in training.</param>
    /// <param name="bias">Whether the projections add something.</param>
    public MultiheadAttention(int width, int heads, double dropout = 0, bool bias = true)
    {
        if (heads < 1 || width % heads != 0)
        {
            throw new ArgumentException($"{heads} heads do not divide the width {width}", nameof(heads));
        }

        _width = width;
        _heads = heads;
        _dropout = dropout;

        // In this order PyTorch draws them, so that a seed gives the same first values.
        var output = new Linear(width, width, bias);
        InputWeight = RegisterParameter("in_proj_weight", Initialise.XavierUniform(Tensor.Empty([3L * width, width])));
        InputBias = bias ? RegisterParameter("in_proj_bias", Tensor.Zeros([3L * width])) : null;
        Output = Register("out_proj", output);
        if (output.Bias is not null)
        {
            Initialise.Zeros(output.Bias);
        }
    }

    /// <summary>Projections of query, key and value, stacked: <c>[3D, D]</c>.</summary>
    public Tensor InputWeight { get; }

    /// <summary><c>[3D]</c>, or null.</summary>
    public Tensor? InputBias { get; }

    /// <summary>Joins the heads.</summary>
    public Linear Output { get; }

    /// <summary>Attention of a sequence to itself: <c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="input"><c>[B, L, D]</c>.</param>
    /// <param name="keyPaddingMask">Bool <c>[B, L]</c>, true where there is no token; null when all places count.</param>
    public Tensor Forward(Tensor input, Tensor? keyPaddingMask = null) => Forward(input, input, input, keyPaddingMask);

    /// <summary>Attention of one sequence to another: <c>[B, L, D], [B, S, D] -> [B, L, D]</c>.</summary>
    /// <param name="query"><c>[B, L, D]</c>.</param>
    /// <param name="key"><c>[B, S, D]</c>.</param>
    /// <param name="value"><c>[B, S, D]</c>.</param>
    /// <param name="keyPaddingMask">Bool <c>[B, S]</c>, true where there is no token.</param>
    /// <param name="attentionMask">Bool <c>[L, S]</c>, true where a query may not look, or numbers to add to the scores; a shape that broadcasts to <c>[B, A, L, S]</c> also serves.</param>
    public Tensor Forward(Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask = null, Tensor? attentionMask = null)
    {
        using var scope = new TensorScope();
        return scope.Keep(Attend(query, key, value, keyPaddingMask, attentionMask).Output);
    }

    /// <summary>As <see cref="Forward(Tensor, Tensor, Tensor, Tensor, Tensor)"/>, with the weights of each head <c>[B, A, L, S]</c> before dropout.</summary>
    public (Tensor Output, Tensor Weights) ForwardWithWeights(Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask = null, Tensor? attentionMask = null)
    {
        using var scope = new TensorScope();
        var (output, weights) = Attend(query, key, value, keyPaddingMask, attentionMask);
        return (scope.Keep(output), scope.Keep(weights));
    }

    private (Tensor Output, Tensor Weights) Attend(Tensor query, Tensor key, Tensor value, Tensor? keyPaddingMask, Tensor? attentionMask)
    {
        Check(query, key, value, keyPaddingMask);
        var (q, k, v) = Project(query, key, value);
        q = Heads(q * (1 / Math.Sqrt(_width / (double)_heads)));                              // [B, A, L, D/A]
        var scores = q.MatMul(Heads(k).Transpose(-2, -1));                                    // [B, A, L, S]
        if (keyPaddingMask is not null)
        {
            scores = scores.MaskedFill(keyPaddingMask.Unsqueeze(1).Unsqueeze(1), double.NegativeInfinity);
        }

        if (attentionMask is not null)
        {
            scores = attentionMask.Dtype == ScalarType.Bool ? scores.MaskedFill(attentionMask, double.NegativeInfinity) : scores + attentionMask;
        }

        var weights = scores.Softmax(-1);
        var kept = _dropout > 0 && IsTraining ? weights.Dropout(_dropout, train: true) : weights;
        var joined = kept.MatMul(Heads(v)).Transpose(1, 2).Flatten(2, 3);                     // [B, L, D]
        return (Output.Forward(joined), weights);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor key, Tensor value)
    {
        if (ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            var all = query.Linear(InputWeight, InputBias).Chunk(3, -1);
            return (all[0], all[1], all[2]);
        }

        if (ReferenceEquals(key, value))
        {
            var both = Part(key, 1, 2).Chunk(2, -1);
            return (Part(query, 0, 1), both[0], both[1]);
        }

        return (Part(query, 0, 1), Part(key, 1, 1), Part(value, 2, 1));

        Tensor Part(Tensor x, int first, int count) =>
            x.Linear(InputWeight.Narrow(0, (long)first * _width, (long)count * _width), InputBias?.Narrow(0, (long)first * _width, (long)count * _width));
    }

    private Tensor Heads(Tensor x) => x.Reshape([x.Size(0), x.Size(1), _heads, _width / _heads]).Transpose(1, 2);

    private void Check(Tensor query, Tensor key, Tensor value, Tensor? mask)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        long[] q = query.Shape, k = key.Shape, v = value.Shape;
        if (q.Length != 3 || k.Length != 3 || q[2] != _width || k[2] != _width || q[0] != k[0] || !k.AsSpan().SequenceEqual(v))
        {
            throw new ArgumentException(
                $"attention: query {Text(q)}, key {Text(k)} and value {Text(v)} do not fit, expected [B, L, {_width}] and twice [B, S, {_width}]", nameof(query));
        }

        if (mask is not null && (mask.Dtype != ScalarType.Bool || !mask.Shape.AsSpan().SequenceEqual(k.AsSpan(0, 2))))
        {
            throw new ArgumentException($"attention: mask {Text(mask.Shape)} {mask.Dtype} does not fit keys {Text(k)}, expected [B, S] = {Text(k[..2])} Bool", nameof(mask));
        }

        static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";
    }
}
