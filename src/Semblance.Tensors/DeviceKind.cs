namespace Semblance.Tensors;

/// <summary>A kind of processor; the numbers are libtorch's own.</summary>
public enum DeviceKind
{
    Cpu = 0,
    Cuda = 1,
}
