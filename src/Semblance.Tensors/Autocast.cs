using System.Runtime.Intrinsics.X86;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>
/// Lets libtorch run products and convolutions in a shorter element type and leave the rest as it is. On the processor that is BFloat16:
/// linear, matmul, bmm, baddbmm, addmm and conv2d take it; softmax, GELU, sums and norms keep the type that they are given; cross-entropy,
/// squared error, distances and bilinear resizing go back to Float32 (seen with libtorch 1.13).
/// </summary>
/// <remarks>
/// Casts of parameters are kept until the outermost region of the thread ends, so an optimiser's step belongs outside.
/// Where full precision counts (a sum or a norm over many terms) open an island with <see cref="Off()"/> and convert its inputs to Float32.
/// </remarks>
public static class Autocast
{
    /// <summary>Computes in <paramref name="dtype"/> on this thread until the answer is disposed.</summary>
    /// <param name="dtype">BFloat16 on the processor; BFloat16 or Float16 on CUDA.</param>
    /// <exception cref="ArgumentException">The device has no fast arithmetic in that type.</exception>
    public static IDisposable To(ScalarType dtype, Device device = default)
    {
        if (dtype != ScalarType.BFloat16 && !(dtype == ScalarType.Float16 && device.Kind == DeviceKind.Cuda))
        {
            throw new ArgumentException($"autocast to {dtype} on {device}: use BFloat16, or Float16 on CUDA", nameof(dtype));
        }

        return new Region(device.Kind, enabled: true, dtype);
    }

    /// <summary>
    /// Whether products in <paramref name="dtype"/> are faster than in Float32. On a processor BFloat16 is where AVX512_BF16 or AMX_BF16 are; without them libtorch works
    /// it out by other instructions, and 1.13 was seen 20 times slower than Float32 on AVX2.
    /// </summary>
    public static bool IsFast(ScalarType dtype, Device device = default) => dtype switch
    {
        ScalarType.BFloat16 => device.Kind == DeviceKind.Cuda || ProcessorHasBFloat16,
        ScalarType.Float16 => device.Kind == DeviceKind.Cuda,
        _ => false,
    };

    /// <summary>Computes in each tensor's own type on this thread until the answer is disposed, on every device.</summary>
    public static IDisposable Off() => new Pair(Off(DeviceKind.Cpu), Off(DeviceKind.Cuda));

    /// <summary>Whether a region is open on this thread.</summary>
    public static bool IsEnabled(Device device = default) => Native.Check(Native.Autocast(device.Kind, out _), "autocast") != 0;

    /// <summary>Forgets the casts of parameters within an open region, after they changed.</summary>
    public static void ForgetCasts() => Native.Check(Native.ForgetCasts(), "autocast");

    /// <summary>Bits of CPUID leaf 7: AMX_BF16 in EDX of subleaf 0, AVX512_BF16 in EAX of subleaf 1. Avx512F also says that the system keeps the registers.</summary>
    private static bool ProcessorHasBFloat16 =>
        X86Base.IsSupported && Avx512F.IsSupported && (((X86Base.CpuId(7, 0).Edx >> 22) & 1) != 0 || ((X86Base.CpuId(7, 1).Eax >> 5) & 1) != 0);

    private static Region Off(DeviceKind device)
    {
        Native.Check(Native.Autocast(device, out var dtype), "autocast");
        return new Region(device, enabled: false, dtype);
    }

    private sealed class Region : IDisposable
    {
        private readonly DeviceKind _device;
        private readonly int _enabledBefore;
        private readonly ScalarType _dtypeBefore;
        private bool _ended;

        internal Region(DeviceKind device, bool enabled, ScalarType dtype)
        {
            _device = device;
            _enabledBefore = Native.Check(Native.Autocast(device, out _dtypeBefore), "autocast");
            Native.Check(Native.SetAutocast(device, enabled ? 1 : 0, dtype), "autocast");
            Native.Check(Native.NestAutocast(inwards: 1), "autocast");
        }

        public void Dispose()
        {
            if (!_ended)
            {
                _ended = true;
                Native.Check(Native.NestAutocast(inwards: 0), "autocast");
                Native.Check(Native.SetAutocast(_device, _enabledBefore, _dtypeBefore), "autocast");
            }
        }
    }

    private sealed class Pair(Region first, Region second) : IDisposable
    {
        public void Dispose()
        {
            second.Dispose();
            first.Dispose();
        }
    }
}
