using Microsoft.Win32.SafeHandles;

namespace Semblance.Tensors.Interop;

/// <summary>Owns one reference to a native tensor, and gives it back when disposed or, late, when collected.</summary>
internal sealed class TensorHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private long _pressure;

    internal TensorHandle(nint tensor)
        : base(ownsHandle: true)
    {
        SetHandle(tensor);
        TensorDiagnostics.Made(this);
    }

    /// <summary>Tells the collector of native memory that nothing but its finaliser may free.</summary>
    internal void AddPressure()
    {
        var bytes = Native.Bytes(handle);
        if (bytes >= 1 << 16 && _pressure == 0)
        {
            _pressure = bytes;
            GC.AddMemoryPressure(bytes);
        }
    }

    protected override bool ReleaseHandle()
    {
        Native.Free(handle);
        TensorDiagnostics.Freed();
        if (_pressure > 0)
        {
            GC.RemoveMemoryPressure(_pressure);
        }

        return true;
    }
}
