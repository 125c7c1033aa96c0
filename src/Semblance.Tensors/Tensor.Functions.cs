using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>The functions of torch.nn.functional that are in use.</content>
public sealed partial class Tensor
{
    // ---- activations

    public Tensor Softmax(long dim) => Operator.One("softmax.int", this, dim);

    public Tensor LogSoftmax(long dim) => Operator.One("log_softmax.int", this, dim);

    public Tensor LogSumExp(int dim, bool keepDim = false) => Operator.One("logsumexp", this, (long[])[dim], keepDim);

    /// <summary>max(x, 0); its backward pass follows <see cref="GuidedBackpropagation"/> where that is on.</summary>
    public Tensor Relu() => GuidedBackpropagation.Apply(this, Operator.One("relu", this));

    /// <summary>x Φ(x), exact (by erf); its backward pass follows <see cref="GuidedBackpropagation"/> where that is on.</summary>
    public Tensor Gelu() => GuidedBackpropagation.Apply(this, Operator.One("gelu", this));

    public Tensor Tanh() => Operator.One("tanh", this);

    public Tensor Sigmoid() => Operator.One("sigmoid", this);

    public Tensor LogSigmoid() => Operator.One("log_sigmoid", this);

    public Tensor Softplus() => Operator.One("softplus", this);

    public Tensor LeakyRelu(double slope = 0.01) => Operator.One("leaky_relu", this, slope);

    /// <summary>Sets elements to 0 with probability <paramref name="p"/> and scales the others by 1 / (1 - p), when <paramref name="train"/>.</summary>
    public Tensor Dropout(double p, bool train) => Operator.One("dropout", this, p, train);

    // ---- layers

    /// <summary>x Wᵀ + b over the last dimension.</summary>
    /// <param name="weight"><c>[out, in]</c></param>
    /// <param name="bias"><c>[out]</c></param>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => Operator.One("linear", this, weight, bias);

    /// <summary>
    /// Normalises over the last dimensions, of the shape of <paramref name="weight"/>, in the weights' element type: BFloat16 that
    /// <see cref="Autocast"/> made becomes Float32 again, since a mean over many short numbers is worth little.
    /// </summary>
    public Tensor LayerNorm(Tensor weight, Tensor bias, double epsilon = 1e-5)
    {
        using var converted = Dtype == weight.Dtype ? null : To(weight.Dtype);
        return Operator.One("layer_norm", converted ?? this, weight.Shape, weight, bias, epsilon);
    }

    /// <summary>Normalises over the last dimensions, of shape <paramref name="shape"/>, without weights.</summary>
    public Tensor LayerNorm(ReadOnlySpan<long> shape, double epsilon = 1e-5) => Operator.One("layer_norm", this, shape, Argument.None, Argument.None, epsilon);

    /// <param name="weight"><c>[out, in / groups, kernel height, kernel width]</c>; this tensor is <c>[B, in, H, W]</c>.</param>
    /// <param name="bias"><c>[out]</c></param>
    /// <param name="stride">One number, or one for each direction; 1 when left out.</param>
    /// <param name="padding">As <paramref name="stride"/>; 0 when left out.</param>
    /// <param name="dilation">As <paramref name="stride"/>; 1 when left out.</param>
    /// <param name="groups">Parts of the channels that do not mix.</param>
    public Tensor Conv2d(
        Tensor weight,
        Tensor? bias = null,
        ReadOnlySpan<long> stride = default,
        ReadOnlySpan<long> padding = default,
        ReadOnlySpan<long> dilation = default,
        long groups = 1) =>
        Operator.One("conv2d", this, weight, bias, Pair(stride, 1), Pair(padding, 0), Pair(dilation, 1), groups);

    /// <param name="weight"><c>[in, out / groups, kernel height, kernel width]</c>; this tensor is <c>[B, in, H, W]</c>.</param>
    /// <param name="bias"><c>[out]</c></param>
    /// <param name="stride">One number, or one for each direction; 1 when left out.</param>
    /// <param name="padding">As <paramref name="stride"/>; 0 when left out.</param>
    public Tensor ConvTranspose2d(Tensor weight, Tensor? bias = null, ReadOnlySpan<long> stride = default, ReadOnlySpan<long> padding = default) =>
        Operator.One("conv_transpose2d.input", this, weight, bias, Pair(stride, 1), Pair(padding, 0));

    /// <summary>Normalises each channel (dimension 1), by the batch when <paramref name="train"/>, else by the running figures.</summary>
    /// <param name="runningMean"><c>[C]</c>; moved towards the batch's mean when training.</param>
    /// <param name="runningVar"><c>[C]</c>; moved towards the batch's unbiased variance when training.</param>
    public Tensor BatchNorm(
        Tensor? weight, Tensor? bias, Tensor? runningMean, Tensor? runningVar, bool train, double momentum = 0.1, double epsilon = 1e-5) =>
        Operator.One("batch_norm", this, weight, bias, runningMean, runningVar, train, momentum, epsilon, true);

    public Tensor MaxPool2d(ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride = default, ReadOnlySpan<long> padding = default) =>
        Operator.One("max_pool2d", this, Pair(kernel, 1), stride.IsEmpty ? Pair(kernel, 1) : Pair(stride, 1), Pair(padding, 0));

    public Tensor AvgPool2d(ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride = default, ReadOnlySpan<long> padding = default) =>
        Operator.One("avg_pool2d", this, Pair(kernel, 1), stride.IsEmpty ? Pair(kernel, 1) : Pair(stride, 1), Pair(padding, 0));

    public Tensor AdaptiveAvgPool2d(long height, long width) => Operator.One("adaptive_avg_pool2d", this, (long[])[height, width]);

    public Tensor AdaptiveMaxPool2d(long height, long width)
    {
        var (values, indices) = Operator.Two("adaptive_max_pool2d", this, (long[])[height, width]);
        indices.Dispose();
        return values;
    }

    /// <summary>Pictures <c>[B, C, H, W]</c> brought to another size, without anti-aliasing, as torch's interpolate does.</summary>
    /// <param name="alignCorners">Whether corner pixels keep their centres; only for bilinear and bicubic.</param>
    public Tensor Interpolate(long height, long width, InterpolationMode mode = InterpolationMode.Bilinear, bool alignCorners = false)
    {
        long[] size = [height, width];
        return mode switch
        {
            InterpolationMode.Nearest => Operator.One("upsample_nearest2d", this, size),
            InterpolationMode.Bilinear => Operator.One("upsample_bilinear2d", this, size, alignCorners),
            InterpolationMode.Bicubic => Operator.One("upsample_bicubic2d", this, size, alignCorners),
            InterpolationMode.Area => Operator.One("adaptive_avg_pool2d", this, size),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "no such interpolation"),
        };
    }

    /// <summary>Rows of this table <c>[count, width]</c> for indices of any shape: <c>[..., width]</c>.</summary>
    /// <param name="paddingIndex">A row that gets no gradient; -1 for none.</param>
    public Tensor EmbeddingLookup(Tensor indices, long paddingIndex = -1) => Operator.One("embedding", this, indices, paddingIndex);

    /// <summary>Classes <c>[...]</c>, Int64, as <c>[..., count]</c> with a 1 at each one's place.</summary>
    public Tensor OneHot(long count) => Operator.One("one_hot", this, count);

    // ---- losses

    /// <summary>Cross-entropy in nats of logits <c>[B, C]</c> or <c>[B, C, ...]</c> with classes <c>[B, ...]</c> (Int64) or probabilities of the logits' shape.</summary>
    /// <param name="weight">A factor for each class <c>[C]</c>.</param>
    /// <param name="ignoreIndex">A class that counts for nothing, neither in the sum nor in the mean's divisor.</param>
    /// <param name="labelSmoothing">The share of the target that is spread evenly over all classes.</param>
    public Tensor CrossEntropy(
        Tensor target, Tensor? weight = null, long ignoreIndex = -100, double labelSmoothing = 0, Reduction reduction = Reduction.Mean) =>
        Operator.One("cross_entropy_loss", this, target, weight, (long)reduction, ignoreIndex, labelSmoothing);

    /// <summary>Negative log-likelihood of log-probabilities <c>[B, C]</c> with classes <c>[B]</c>, Int64.</summary>
    public Tensor NllLoss(Tensor target, Tensor? weight = null, long ignoreIndex = -100, Reduction reduction = Reduction.Mean) =>
        Operator.One("nll_loss_nd", this, target, weight, (long)reduction, ignoreIndex);

    public Tensor L1Loss(Tensor target, Reduction reduction = Reduction.Mean) => Operator.One("l1_loss", this, target, (long)reduction);

    public Tensor MseLoss(Tensor target, Reduction reduction = Reduction.Mean) => Operator.One("mse_loss", this, target, (long)reduction);

    public Tensor SmoothL1Loss(Tensor target, double beta = 1, Reduction reduction = Reduction.Mean) =>
        Operator.One("smooth_l1_loss", this, target, (long)reduction, beta);

    /// <summary>Binary cross-entropy in nats of logits with targets in [0, 1] of the same shape.</summary>
    public Tensor BinaryCrossEntropyWithLogits(Tensor target, Tensor? weight = null, Tensor? positiveWeight = null, Reduction reduction = Reduction.Mean) =>
        Operator.One("binary_cross_entropy_with_logits", this, target, weight, positiveWeight, (long)reduction);

    /// <summary>Kullback-Leibler terms target · (log target - this), this tensor holding log-probabilities.</summary>
    /// <param name="logTarget">Whether the target holds log-probabilities too.</param>
    public Tensor KlDiv(Tensor target, bool logTarget = false, Reduction reduction = Reduction.Mean) =>
        Operator.One("kl_div", this, target, (long)reduction, logTarget);

    // ---- embeddings

    /// <summary>x / max(‖x‖ₚ, epsilon) along a dimension.</summary>
    public Tensor Normalize(double p = 2, int dim = -1, double epsilon = 1e-12)
    {
        using var norm = Norm(p, dim, keepDim: true);
        using var divisor = norm.ClampMin(epsilon);
        return this / divisor;
    }

    public Tensor CosineSimilarity(Tensor other, long dim = 1, double epsilon = 1e-8) => Operator.One("cosine_similarity", this, other, dim, epsilon);

    /// <summary>The distance ‖xᵢ - yⱼ‖ₚ of each row of <c>[n, D]</c> to each row of <c>[m, D]</c>: <c>[n, m]</c>.</summary>
    public Tensor Cdist(Tensor other, double p = 2) => Operator.One("cdist", this, other, p);

    private static long[] Pair(ReadOnlySpan<long> sizes, long standard) => sizes.Length switch
    {
        0 => [standard, standard],
        1 => [sizes[0], sizes[0]],
        _ => sizes.ToArray(),
    };
}
