using System.Runtime.InteropServices;
using Semblance.Core;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>libtorch as a whole.</summary>
/// <remarks>
/// Processor memory of 1 MB or more stays ready for the next tensor of its size when it is freed, up to an eighth above the most that was ever in use:
/// a train step of MMET-default takes a sixth less time so. SEMBLANCE_MEMORY=system gives it back at once instead.
/// </remarks>
public static unsafe class Torch
{
    /// <summary>The version that the binding was built against, as in "1.13.1".</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)Native.Version())!;

    /// <summary>How libtorch was built and what it uses: BLAS, oneDNN, OpenMP, vector instructions.</summary>
    public static string Configuration
    {
        get
        {
            Native.Check(Native.Configuration(out var text), "show_config");
            return Marshal.PtrToStringUTF8((nint)text)!;
        }
    }

    /// <summary>The kernel family that OpenBLAS was told to use; null where it chose itself.</summary>
    public static string? BlasKernels => BlasChoice.Apply();

    /// <summary>Threads that one operator may use. At the start the cores of the machine, or what OMP_NUM_THREADS says.</summary>
    public static int Threads => Native.Check(Native.Threads(), "get_num_threads");

    public static void SetThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Native.Check(Native.SetThreads(count), "set_num_threads");
    }

    /// <summary>Waits until a CUDA device has done all that was asked of it.</summary>
    public static void Synchronize(Device device)
    {
        if (device.Kind == DeviceKind.Cuda)
        {
            Native.Check(Native.SynchronizeCuda(device.Index), "synchronize");
        }
    }

    /// <summary>Seconds that libtorch itself, in native code, takes to add two tensors of one element.</summary>
    /// <param name="count">How many times.</param>
    /// <param name="together">Sums that live at once.</param>
    public static double MeasureNativeAdd(long count, long together = 1)
    {
        Native.Check(Native.MeasureAdd(count, together, out var seconds), "add");
        return seconds;
    }
}
