using System.Runtime.InteropServices;

namespace Semblance.Tensors.Interop;

/// <summary>One argument or result as tensors.cpp lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal ValueKind Kind;
    internal int Length;

    /// <summary>The number itself, the bits of a double, or a pointer, by <see cref="Kind"/>.</summary>
    internal long Payload;
}
