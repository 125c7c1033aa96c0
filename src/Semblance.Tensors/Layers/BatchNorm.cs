using Semblance.Tensors.Distributed;

namespace Semblance.Tensors.Layers;

/// <summary>
/// Batch normalisation over every dimension but the second: <c>(x - mean) / √(variance + epsilon) · weight + bias</c>.
/// In training the batch gives mean and variance, and the running statistics follow it; in evaluation the running statistics serve.
/// Processes that train together take mean and variance over the batches of all of them (synchronised batch norm).
/// </summary>
public abstract class BatchNorm : Layer
{
    private readonly double _epsilon;
    private readonly double _momentum;

    private protected BatchNorm(int features, double epsilon, double momentum)
    {
        _epsilon = epsilon;
        _momentum = momentum;
        Weight = RegisterParameter("weight", Tensor.Ones([features]));
        Bias = RegisterParameter("bias", Tensor.Zeros([features]));
        RunningMean = RegisterBuffer("running_mean", Tensor.Zeros([features]));
        RunningVariance = RegisterBuffer("running_var", Tensor.Ones([features]));
        BatchesSeen = RegisterBuffer("num_batches_tracked", Tensor.Zeros([], ScalarType.Int64));
    }

    /// <summary>Scale <c>[C]</c>, ones at first.</summary>
    public Tensor Weight { get; }

    /// <summary>Shift <c>[C]</c>, zeros at first.</summary>
    public Tensor Bias { get; }

    /// <summary><c>[C]</c>.</summary>
    public Tensor RunningMean { get; }

    /// <summary><c>[C]</c>, of the unbiased variance.</summary>
    public Tensor RunningVariance { get; }

    /// <summary>Scalar, int64; PyTorch's num_batches_tracked.</summary>
    public Tensor BatchesSeen { get; }

    public sealed override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(input);
        if (IsTraining)
        {
            BatchesSeen.AddInPlace(1);
            if (ProcessGroup.Current is { Size: > 1 } group)
            {
                return group.BatchNorm(input, Weight, Bias, RunningMean, RunningVariance, _momentum, _epsilon);
            }
        }

        return input.BatchNorm(Weight, Bias, RunningMean, RunningVariance, IsTraining, _momentum, _epsilon);
    }

    private protected abstract void Check(Tensor input);
}
