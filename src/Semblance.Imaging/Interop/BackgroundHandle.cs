using Microsoft.Win32.SafeHandles;

namespace Semblance.Imaging.Interop;

/// <summary>The state of a background model.</summary>
internal sealed class BackgroundHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.BackgroundFree(handle);
        return true;
    }
}
