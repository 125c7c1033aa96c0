using Microsoft.Win32.SafeHandles;

namespace Semblance.Imaging.Interop;

/// <summary>The pedestrian model.</summary>
internal sealed class PeopleHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Native.PeopleFree(handle);
        return true;
    }
}
