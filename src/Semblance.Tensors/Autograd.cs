using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>Whether and how operations are recorded.</summary>
public static class Autograd
{
    /// <summary>Whether operations of this thread are recorded.</summary>
    public static bool IsEnabled => Native.GradMode() != 0;

    /// <summary>Records nothing on this thread until the answer is disposed: <c>using (Autograd.NoGrad()) { ... }</c>.</summary>
    public static IDisposable NoGrad() => new Mode(enabled: false);

    /// <summary>Records on this thread until the answer is disposed, also within <see cref="NoGrad"/>.</summary>
    public static IDisposable EnableGrad() => new Mode(enabled: true);

    /// <summary>The gradients of a scalar by some of the tensors it was computed from; no <see cref="Tensor.Grad"/> changes.</summary>
    /// <param name="output">What is derived.</param>
    /// <param name="inputs">By what.</param>
    /// <param name="gradient">The gradient of what is sought by <paramref name="output"/>; not needed for a scalar.</param>
    /// <param name="keepGraph">Whether the graph stays for another pass.</param>
    /// <param name="createGraph">Whether the gradients themselves are recorded.</param>
    /// <returns>One gradient for each input, zeros where the output does not depend on it.</returns>
    public static unsafe Tensor[] Grad(
        Tensor output, IReadOnlyList<Tensor> inputs, Tensor? gradient = null, bool keepGraph = false, bool createGraph = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(inputs);
        var handles = new nint[inputs.Count];
        var found = new nint[inputs.Count];
        for (var i = 0; i < handles.Length; i++)
        {
            handles[i] = inputs[i].Handle.DangerousGetHandle();
        }

        fixed (nint* given = handles, made = found)
        {
            var status = Native.Gradients(
                output.Handle, given, handles.Length, gradient?.Handle.DangerousGetHandle() ?? 0, keepGraph || createGraph ? 1 : 0, createGraph ? 1 : 0, made);
            GC.KeepAlive(gradient);
            GC.KeepAlive(inputs);
            GradientHook.Check(status, "grad", $"{output} by {string.Join(", ", inputs)}");
        }

        return [.. found.Select((handle, i) => handle == 0 ? Tensor.ZerosLike(inputs[i]) : new Tensor(handle))];
    }

    internal static T WithoutGrad<T>(Func<T> body)
    {
        using var mode = new Mode(enabled: false);
        return body();
    }

    private sealed class Mode : IDisposable
    {
        private readonly int _before;
        private bool _ended;

        internal Mode(bool enabled) => _before = Native.SetGradMode(enabled ? 1 : 0);

        public void Dispose()
        {
            if (!_ended)
            {
                _ended = true;
                _ = Native.SetGradMode(_before);
            }
        }
    }
}
