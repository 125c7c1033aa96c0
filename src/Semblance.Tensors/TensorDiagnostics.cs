using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>Counts native tensors, so that an ordinary test can find a leak.</summary>
public static class TensorDiagnostics
{
    private static long _live;

    [ThreadStatic]
    private static List<TensorHandle>? _watched;

    /// <summary>Tensors of this process that are neither disposed nor collected.</summary>
    public static long LiveTensors => Interlocked.Read(ref _live);

    /// <summary>Runs an action and checks that each tensor it made on this thread is disposed, whatever other threads do meanwhile.</summary>
    /// <exception cref="InvalidOperationException">Some are left; the message tells how many of which shapes.</exception>
    public static void AssertNoneLeft(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var outer = _watched;
        var mine = _watched = [];
        try
        {
            action();
        }
        finally
        {
            _watched = outer;
            outer?.AddRange(mine);
        }

        var left = mine.Where(handle => !handle.IsClosed).ToList();
        if (left.Count > 0)
        {
            var shapes = string.Join(", ", left.Take(8).Select(Tensor.Describe));
            throw new InvalidOperationException($"{left.Count} of {mine.Count} tensors are left alive: {shapes}{(left.Count > 8 ? ", ..." : "")}");
        }
    }

    internal static void Made(TensorHandle handle)
    {
        Interlocked.Increment(ref _live);
        _watched?.Add(handle);
    }

    internal static void Freed() => Interlocked.Decrement(ref _live);
}
