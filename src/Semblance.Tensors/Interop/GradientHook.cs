using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Semblance.Tensors.Interop;

/// <summary>Lets managed code change a gradient on its way. No exception crosses a native frame: it waits until the pass has stopped.</summary>
internal static unsafe class GradientHook
{
    private static ExceptionDispatchInfo? _failure;

    /// <param name="tensor">Whose gradient.</param>
    /// <param name="hook">What to do with it.</param>
    /// <param name="needed">A tensor that the hook reads: it is disposed with the graph, when the hook can run no more.</param>
    internal static void Register(Tensor tensor, Func<Tensor, Tensor?> hook, Tensor? needed = null)
    {
        ArgumentNullException.ThrowIfNull(hook);
        var context = GCHandle.ToIntPtr(GCHandle.Alloc(new Context(hook, needed)));
        Native.Check(Native.RegisterHook(tensor.Handle, &Call, &Release, context), "register_hook", tensor.ToString());
    }

    /// <summary>Throws what a hook threw, or else what libtorch said, when a backward pass failed.</summary>
    internal static void Check(int status, string operation, string shapes)
    {
        if (status < 0)
        {
            var reason = Native.Error();
            Interlocked.Exchange(ref _failure, null)?.Throw();
            throw new TorchException(operation, shapes, reason);
        }
    }

    [UnmanagedCallersOnly]
    private static int Call(nint context, nint gradient, nint* replacement)
    {
        try
        {
            using var scope = new TensorScope();
            var hook = (Context)GCHandle.FromIntPtr(context).Target!;
            *replacement = hook.Call(new Tensor(gradient)) is { } changed ? Share(changed) : 0;
            return 0;
        }
        catch (Exception error)  // all of them: none may reach the native frames above
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
            return -1;
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(nint context)
    {
        var handle = GCHandle.FromIntPtr(context);
        ((Context)handle.Target!).Needed?.Dispose();
        handle.Free();
    }

    /// <summary>A reference of its own for native code, which outlives the managed object.</summary>
    private static nint Share(Tensor tensor)
    {
        Native.Check(Native.Share(tensor.Handle, out var shared), "share");
        return shared;
    }

    private sealed record Context(Func<Tensor, Tensor?> Call, Tensor? Needed);
}
