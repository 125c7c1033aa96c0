using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Semblance.Tensors;

namespace Semblance.Bench;

/// <summary>What the machine can do at most, measured in the same run: the limits that rows are held against.</summary>
internal static class Machine
{
    /// <summary>What results are to be read with.</summary>
    public static object Describe() => new
    {
        processors = Environment.ProcessorCount,
        memory_gb = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9),
        vector_bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        blas_kernels = Torch.BlasKernels,
        libtorch = Torch.Version,
        dotnet = Environment.Version.ToString(),
    };

    /// <summary>Processes that wanted to run in the last minute, on average; 0 where the system does not tell.</summary>
    public static double Load() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : 0;

    /// <summary>Bytes a second that all processors together read from memory in order; best of five passes over half a gigabyte.</summary>
    public static double ReadBandwidth()
    {
        const int floats = 1 << 27;
        var memory = GC.AllocateUninitializedArray<float>(floats);
        memory.AsSpan().Fill(1);
        var parts = Environment.ProcessorCount * 4;
        var sums = new float[parts * 16];
        void Pass() => Parallel.For(0, parts, part =>
        {
            var piece = MemoryMarshal.Cast<float, Vector<float>>(memory.AsSpan((int)((long)floats * part / parts), floats / parts));
            Vector<float> a = default, b = default, c = default, d = default;
            for (var i = 0; i + 4 <= piece.Length; i += 4)
            {
                a += piece[i];
                b += piece[i + 1];
                c += piece[i + 2];
                d += piece[i + 3];
            }

            sums[part * 16] = Vector.Sum(a + b + c + d);
        });
        Pass();
        return (double)floats * sizeof(float) / Enumerable.Range(0, 5).Min(_ => Comparison.Time(Pass));
    }

    /// <summary>Floating-point operations a second of a square product, the best that libtorch does here: best of five.</summary>
    /// <param name="dtype">Float32 or BFloat16.</param>
    /// <param name="device">Where.</param>
    /// <param name="side">Rows and columns; enough to fill the device.</param>
    public static double ProductRate(ScalarType dtype, Device device = default, int side = 2048)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = new TensorScope();
        var a = Tensor.Randn([side, side], dtype, device);
        var b = Tensor.Randn([side, side], dtype, device);
        void Product()
        {
            a.MatMul(b).Dispose();
            Torch.Synchronize(device);
        }

        Product();
        return 2.0 * side * side * side / Enumerable.Range(0, 5).Min(_ => Comparison.Time(Product));
    }
}
