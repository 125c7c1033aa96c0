using System.Runtime.InteropServices;

namespace Semblance.Tensors.Interop;

/// <summary>A process's place in a group.</summary>
internal sealed class ProcessGroupHandle : SafeHandle
{
    internal ProcessGroupHandle(nint group)
        : base(0, ownsHandle: true) => SetHandle(group);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Native.LeaveGroup(handle);
        return true;
    }
}
