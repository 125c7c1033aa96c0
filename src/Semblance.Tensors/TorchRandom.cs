using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>libtorch's own random numbers: dropout and the drawing functions of <see cref="Tensor"/>.</summary>
public static class TorchRandom
{
    /// <summary>Starts every device's generator anew.</summary>
    public static void Seed(long seed) => Native.Check(Native.Seed(seed), "manual_seed");

    /// <summary>All that decides the coming draws on a device.</summary>
    public static byte[] GetState(Device device = default)
    {
        Native.Check(Native.RandomState(device.Kind, device.Index, out var handle), "get_state");
        using var state = new Tensor(handle);
        return state.ToBytes();
    }

    /// <summary>Goes on from a state that <see cref="GetState"/> gave on the same kind of device and version of libtorch.</summary>
    /// <exception cref="TorchException">The bytes are no such state.</exception>
    public static void SetState(byte[] state, Device device = default)
    {
        using var tensor = Tensor.From(state);
        Native.Check(Native.SetRandomState(device.Kind, device.Index, tensor.Handle), "set_state", tensor.ToString());
    }
}
