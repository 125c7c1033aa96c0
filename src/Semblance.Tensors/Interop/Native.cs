using System.Reflection;
using System.Runtime.InteropServices;
using Semblance.Core;

namespace Semblance.Tensors.Interop;

/// <summary>What native/tensors.cpp exports.</summary>
internal static unsafe partial class Native
{
    private const string Library = "semblance_tensors";

    static Native()
    {
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Load);
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null or "")
        {
            _ = SetThreads(Processors.Physical);
        }
    }

    /// <summary>The answer of an exported function, unless it failed.</summary>
    /// <exception cref="TorchException">It did; the message is libtorch's.</exception>
    internal static int Check(int status, string operation, string shapes = "") =>
        status >= 0 ? status : throw new TorchException(operation, shapes, Error());

    /// <summary>Where the elements begin; the caller keeps the tensor alive while it uses the address.</summary>
    internal static nint Data(TensorHandle tensor)
    {
        Check(Data(tensor, out var address), "data_ptr");
        return address;
    }

    internal static string Error() => Marshal.PtrToStringUTF8((nint)LastError()) ?? "libtorch gave no reason";

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
        {
            return 0;
        }

        BlasChoice.Apply();
        var beside = Path.Combine(AppContext.BaseDirectory, $"lib{Library}.so");
        try
        {
            return NativeLibrary.Load(File.Exists(beside) ? beside : name, assembly, searchPath);
        }
        catch (DllNotFoundException error)
        {
            throw new DllNotFoundException(
                $"lib{Library}.so or the libtorch under it cannot be loaded: ./run installs what is missing, and a build with another SEMBLANCE_LIBTORCH needs that libtorch still in place ({error.Message})",
                error);
        }
    }

    [LibraryImport(Library, EntryPoint = "semblance_error")]
    private static partial byte* LastError();

    [LibraryImport(Library, EntryPoint = "semblance_version")]
    internal static partial byte* Version();

    [LibraryImport(Library, EntryPoint = "semblance_find", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Find(string name, string overload, out nint found);

    [LibraryImport(Library, EntryPoint = "semblance_call")]
    internal static partial int Call(nint op, NativeValue* arguments, int count, out NativeValue* results);

    [LibraryImport(Library, EntryPoint = "semblance_free")]
    internal static partial void Free(nint tensor);

    [LibraryImport(Library, EntryPoint = "semblance_share")]
    internal static partial int Share(TensorHandle tensor, out nint shared);

    [LibraryImport(Library, EntryPoint = "semblance_from_memory")]
    internal static partial int FromMemory(void* data, long bytes, long* shape, int rank, ScalarType dtype, out nint made);

    [LibraryImport(Library, EntryPoint = "semblance_to_memory")]
    internal static partial int ToMemory(TensorHandle tensor, void* data, long bytes);

    // Facts are a few loads each: too short to tell the collector about the call.
    [LibraryImport(Library, EntryPoint = "semblance_rank")]
    [SuppressGCTransition]
    internal static partial int Rank(TensorHandle tensor);

    [LibraryImport(Library, EntryPoint = "semblance_shape")]
    [SuppressGCTransition]
    internal static partial void Shape(TensorHandle tensor, long* shape);

    [LibraryImport(Library, EntryPoint = "semblance_dtype")]
    [SuppressGCTransition]
    internal static partial ScalarType Dtype(TensorHandle tensor);

    [LibraryImport(Library, EntryPoint = "semblance_device")]
    [SuppressGCTransition]
    internal static partial DeviceKind DeviceOf(TensorHandle tensor, out int index);

    [LibraryImport(Library, EntryPoint = "semblance_bytes")]
    [SuppressGCTransition]
    internal static partial long Bytes(nint tensor);

    [LibraryImport(Library, EntryPoint = "semblance_data")]
    [SuppressGCTransition]
    private static partial int Data(TensorHandle tensor, out nint address);

    [LibraryImport(Library, EntryPoint = "semblance_is_contiguous")]
    [SuppressGCTransition]
    internal static partial int IsContiguous(TensorHandle tensor);

    [LibraryImport(Library, EntryPoint = "semblance_requires_grad")]
    [SuppressGCTransition]
    internal static partial int RequiresGrad(TensorHandle tensor);

    [LibraryImport(Library, EntryPoint = "semblance_is_leaf")]
    internal static partial int IsLeaf(TensorHandle tensor);

    [LibraryImport(Library, EntryPoint = "semblance_set_requires_grad")]
    internal static partial int SetRequiresGrad(TensorHandle tensor, int value);

    [LibraryImport(Library, EntryPoint = "semblance_grad")]
    internal static partial int Grad(TensorHandle tensor, out nint gradient);

    [LibraryImport(Library, EntryPoint = "semblance_set_grad")]
    internal static partial int SetGrad(TensorHandle tensor, nint gradient);

    [LibraryImport(Library, EntryPoint = "semblance_backward")]
    internal static partial int Backward(TensorHandle tensor, nint gradient, int keepGraph, int createGraph);

    [LibraryImport(Library, EntryPoint = "semblance_gradients")]
    internal static partial int Gradients(TensorHandle output, nint* inputs, int count, nint gradient, int keepGraph, int createGraph, nint* gradients);

    [LibraryImport(Library, EntryPoint = "semblance_set_grad_mode")]
    internal static partial int SetGradMode(int enabled);

    [LibraryImport(Library, EntryPoint = "semblance_grad_mode")]
    internal static partial int GradMode();

    [LibraryImport(Library, EntryPoint = "semblance_register_hook")]
    internal static partial int RegisterHook(
        TensorHandle tensor, delegate* unmanaged<nint, nint, nint*, int> call, delegate* unmanaged<nint, void> release, nint context);

    [LibraryImport(Library, EntryPoint = "semblance_autocast")]
    internal static partial int Autocast(DeviceKind device, out ScalarType dtype);

    [LibraryImport(Library, EntryPoint = "semblance_set_autocast")]
    internal static partial int SetAutocast(DeviceKind device, int enabled, ScalarType dtype);

    [LibraryImport(Library, EntryPoint = "semblance_autocast_nest")]
    internal static partial int NestAutocast(int inwards);

    [LibraryImport(Library, EntryPoint = "semblance_autocast_forget")]
    internal static partial int ForgetCasts();

    [LibraryImport(Library, EntryPoint = "semblance_seed")]
    internal static partial int Seed(long seed);

    [LibraryImport(Library, EntryPoint = "semblance_random_state")]
    internal static partial int RandomState(DeviceKind device, int index, out nint state);

    [LibraryImport(Library, EntryPoint = "semblance_set_random_state")]
    internal static partial int SetRandomState(DeviceKind device, int index, TensorHandle state);

    [LibraryImport(Library, EntryPoint = "semblance_cuda_devices")]
    internal static partial int CudaDevices();

    [LibraryImport(Library, EntryPoint = "semblance_cuda_synchronize")]
    internal static partial int SynchronizeCuda(int index);

    [LibraryImport(Library, EntryPoint = "semblance_threads")]
    internal static partial int Threads();

    [LibraryImport(Library, EntryPoint = "semblance_set_threads")]
    internal static partial int SetThreads(int count);

    [LibraryImport(Library, EntryPoint = "semblance_configuration")]
    internal static partial int Configuration(out byte* text);

    [LibraryImport(Library, EntryPoint = "semblance_measure_add")]
    internal static partial int MeasureAdd(long count, long together, out double seconds);

    [LibraryImport(Library, EntryPoint = "semblance_group_join", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int JoinGroup(string? file, string? host, int port, int rank, int size, long seconds, out nint joined);

    [LibraryImport(Library, EntryPoint = "semblance_group_leave")]
    internal static partial void LeaveGroup(nint group);

    [LibraryImport(Library, EntryPoint = "semblance_group_sum")]
    internal static partial int GroupSum(ProcessGroupHandle group, TensorHandle tensor);

    [LibraryImport(Library, EntryPoint = "semblance_group_spread")]
    internal static partial int GroupSpread(ProcessGroupHandle group, TensorHandle tensor);

    [LibraryImport(Library, EntryPoint = "semblance_group_gather")]
    internal static partial int GroupGather(ProcessGroupHandle group, TensorHandle rows, out nint all);

    [LibraryImport(Library, EntryPoint = "semblance_group_batch_norm")]
    internal static partial int GroupBatchNorm(
        ProcessGroupHandle group, TensorHandle x, TensorHandle weight, TensorHandle bias, TensorHandle runningMean, TensorHandle runningVariance, double momentum, double epsilon,
        out nint normalised);
}
