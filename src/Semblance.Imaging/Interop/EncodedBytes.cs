using Microsoft.Win32.SafeHandles;

namespace Semblance.Imaging.Interop;

/// <summary>An encoded file held by the native side until it is copied.</summary>
internal sealed class EncodedBytes() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.BytesFree(handle);
        return true;
    }
}
