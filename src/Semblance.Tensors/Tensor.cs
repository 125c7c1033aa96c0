using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>
/// An array of numbers with any number of dimensions, on a processor or a CUDA device, that knows how it was computed (autograd).
/// Names and meanings are PyTorch's in .NET's case; what changes its own tensor ends in InPlace.
/// </summary>
/// <remarks>
/// Every function returns a new tensor that the caller owns, or that the innermost <see cref="TensorScope"/> of the thread frees.
/// A negative dimension counts from the last. A tensor that nobody disposes is freed when collected.
/// </remarks>
public sealed partial class Tensor : IDisposable
{
    private long[]? _shape;

    internal Tensor(long handle)
    {
        Handle = new TensorHandle((nint)handle);
        Owner = TensorScope.Adopt(this);
        if (Owner is null)
        {
            Handle.AddPressure();
        }
    }

    internal TensorHandle Handle { get; }

    /// <summary>The scope that frees this tensor; null when its holder does.</summary>
    internal TensorScope? Owner { get; set; }

    /// <summary>Whether the tensor was disposed, by its holder or by a scope.</summary>
    public bool IsDisposed => Handle.IsClosed;

    /// <summary>Gives the native memory back, unless other tensors still view it.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Element type and shape, as in "[2, 3] Float32".</summary>
    public override string ToString() => Describe(Handle);

    internal string Describe() => Describe(Handle);

    internal static string Describe(TensorHandle handle) =>
        handle.IsClosed ? "a disposed tensor" : $"[{string.Join(", ", ReadShape(handle))}] {Native.Dtype(handle)}";
}
