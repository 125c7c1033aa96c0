using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Distributed;

/// <summary>
/// Processes that train one model together, each on its share of every batch. Where a computation must see the whole batch (statistics of a batch norm, losses that compare
/// samples), rows are gathered with their gradient, so that the step is the one that a single process would take, but for rounding.
/// </summary>
/// <remarks>
/// Over memory that the processes of one machine share, or over libtorch's c10d with Gloo between machines. Every process makes the same calls in the same order. With each process's loss a mean over its own share (or, from gathered rows, over all), the
/// gradient of the whole is the mean of the processes' gradients.
/// </remarks>
public sealed class ProcessGroup : IDisposable
{
    [ThreadStatic]
    private static ProcessGroup? _current;

    private readonly ProcessGroupHandle _handle;

    private ProcessGroup(ProcessGroupHandle handle, int rank, int size) => (_handle, Rank, Size) = (handle, rank, size);

    /// <summary>The group that this thread computes in; null when it computes alone.</summary>
    public static ProcessGroup? Current => _current;

    /// <summary>This process's number, from 0.</summary>
    public int Rank { get; }

    /// <summary>How many there are.</summary>
    public int Size { get; }

    /// <summary>Whether this is the process that writes and speaks for all.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Waits for the other processes.</summary>
    /// <param name="place">The same for all of them.</param>
    /// <param name="rank">This one's number, from 0.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="patience">How long any call may wait for the others.</param>
    /// <exception cref="TorchException">The others did not come, or they are to meet at a port and this build has no Gloo.</exception>
    public static ProcessGroup Join(MeetingPlace place, int rank, int size, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, size);
        Native.Check(
            Native.JoinGroup(place.File, place.Host, place.Port, rank, size, Math.Max(1, (long)patience.TotalSeconds), out var joined), $"rank {rank} of {size} at {place}");
        return new ProcessGroup(new ProcessGroupHandle(joined), rank, size);
    }

    /// <summary>Rows of all processes, the first one's first: <c>[B, ...] -> [Size B, ...]</c>, with their gradient; the tensor itself on a thread that computes alone.</summary>
    /// <param name="rows">The same shape in each process.</param>
    public static Tensor Gathered(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (_current is not { Size: > 1 } group)
        {
            return rows;
        }

        Native.Check(Native.GroupGather(group._handle, rows.Handle, out var all), "gather", rows.Describe());
        return new Tensor(all);
    }

    /// <summary>Makes this the group that the thread computes in, until the answer is disposed.</summary>
    public IDisposable Enter() => new Membership(this);

    /// <summary>Replaces a tensor's values by their sum over the processes.</summary>
    public void Sum(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Native.Check(Native.GroupSum(_handle, tensor.Handle), "sum over processes", tensor.Describe());
    }

    /// <summary>Replaces a tensor's values by the first process's.</summary>
    public void Spread(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Native.Check(Native.GroupSpread(_handle, tensor.Handle), "copy to all processes", tensor.Describe());
    }

    /// <summary>Whether it is so in any of the processes.</summary>
    public bool Any(bool here)
    {
        using var scope = new TensorScope();
        var count = Tensor.From([here ? 1L : 0L], 1);
        Sum(count);
        return count.Item<long>() > 0;
    }

    /// <summary>Waits until all processes are here.</summary>
    public void Meet() => Any(here: false);

    public void Dispose() => _handle.Dispose();

    /// <summary>Batch normalisation over all processes' batches; arguments as <see cref="Tensor.BatchNorm"/>'s in training.</summary>
    internal Tensor BatchNorm(Tensor input, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance, double momentum, double epsilon)
    {
        Native.Check(
            Native.GroupBatchNorm(_handle, input.Handle, weight.Handle, bias.Handle, runningMean.Handle, runningVariance.Handle, momentum, epsilon, out var normalised),
            "batch norm over processes",
            $"{input.Describe()}, {weight.Describe()}");
        return new Tensor(normalised);
    }

    private sealed class Membership : IDisposable
    {
        private readonly ProcessGroup? _before = _current;

        internal Membership(ProcessGroup group) => _current = group;

        public void Dispose() => _current = _before;
    }
}
