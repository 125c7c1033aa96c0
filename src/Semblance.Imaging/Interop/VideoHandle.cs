using Microsoft.Win32.SafeHandles;

namespace Semblance.Imaging.Interop;

/// <summary>An open video.</summary>
internal sealed class VideoHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.VideoClose(handle);
        return true;
    }
}
