using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Core;

/// <summary>
/// Names the matrix kernels that OpenBLAS uses. On recent AMD processors it picks AVX2 kernels where AVX-512 ones run about twice as fast.
/// OpenBLAS reads the choice once, when it is loaded, so every library of ours that brings it in calls <see cref="Apply"/> first.
/// Idle OpenMP threads are told to sleep in the same place and for the same reason: spinning, they take the processor from the threads that load the next batch.
/// </summary>
/// <remarks>A user overrules it with OPENBLAS_CORETYPE, with SEMBLANCE_BLAS=default for OpenBLAS's own choice, and with OMP_WAIT_POLICY.</remarks>
public static partial class BlasChoice
{
    private const string Variable = "OPENBLAS_CORETYPE";
    private static readonly Lazy<string?> Choice = new(Choose);

    /// <summary>Makes the choice, once for the process; later calls only repeat the answer.</summary>
    /// <returns>The kernel family asked of OpenBLAS, by us or by the user; null where OpenBLAS decides.</returns>
    public static string? Apply() => Choice.Value;

    private static string? Choose()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", overwrite: 0);
        }

        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own)
        {
            return own;
        }

        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("SEMBLANCE_BLAS") == "default" || !HasAvx512)
        {
            return null;
        }

        // Environment.SetEnvironmentVariable changes a copy inside .NET that getenv in native code never sees.
        return SetEnvironment(Variable, "SkylakeX", overwrite: 0) == 0 ? "SkylakeX" : null;
    }

    /// <summary>What the SkylakeX kernels need: foundation, doubleword and quadword, byte and word, vector lengths.</summary>
    private static bool HasAvx512 =>
        Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512BW.VL.IsSupported;

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
