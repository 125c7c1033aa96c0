using Semblance.Core;

namespace Semblance.Tensors.Tests;

public sealed class TorchTests
{
    [Fact]
    public void TheNumberOfThreadsIsSet()
    {
        var before = Torch.Threads;
        try
        {
            Torch.SetThreads(1);
            Assert.Equal(1, Torch.Threads);
        }
        finally
        {
            Torch.SetThreads(before);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Torch.SetThreads(0));
    }

    [Fact]
    public void TheVersionAndTheBuildAreTold()
    {
        Assert.Matches(@"^\d+\.\d+", Torch.Version);
        Assert.Contains("ATen", Torch.Configuration, StringComparison.Ordinal);
    }

    [Fact]
    public void TheChoiceOfKernelsReachesNativeCode()
    {
        // .NET keeps its own copy of the environment, so only the process's own says what getenv sees.
        var chosen = BlasChoice.Apply();
        Assert.Equal(chosen, Torch.BlasKernels);
        Assert.Equal(chosen, System.Runtime.InteropServices.Marshal.PtrToStringUTF8(Environment("OPENBLAS_CORETYPE")));
    }

    [Fact]
    public void CudaIsRefusedWhereThereIsNone()
    {
        if (Device.HasCuda)
        {
            using var there = Tensor.Ones([2], device: Device.Cuda());
            Assert.Equal(Device.Cuda(), there.Device);
            Assert.Equal([1f, 1f], there.ToArray<float>());
        }
        else
        {
            Assert.Throws<TorchException>(() => Tensor.Ones([2], device: Device.Cuda()));
        }
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "getenv", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern nint Environment(string name);
}
