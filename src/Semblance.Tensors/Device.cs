using System.Globalization;

namespace Semblance.Tensors;

/// <summary>Where a tensor lives. The default is the processor itself.</summary>
/// <param name="Kind">The kind of processor.</param>
/// <param name="Index">Which one of its kind, from 0.</param>
public readonly record struct Device(DeviceKind Kind, int Index)
{
    public static Device Cpu => default;

    /// <summary>Whether libtorch was built with CUDA and finds a device.</summary>
    public static bool HasCuda => CudaCount > 0;

    /// <summary>CUDA devices that libtorch finds; 0 without CUDA.</summary>
    public static int CudaCount => Interop.Native.Check(Interop.Native.CudaDevices(), "device_count");

    public static Device Cuda(int index = 0) => new(DeviceKind.Cuda, index);

    /// <summary>Reads "cpu", "cuda" or "cuda:1".</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "cpu" => Cpu,
            "cuda" => Cuda(),
            _ when text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index) => Cuda(index),
            _ => throw new FormatException($"\"{text}\" names no device: write \"cpu\", \"cuda\" or \"cuda:1\""),
        };
    }

    /// <summary>Reads the name of a device that is there.</summary>
    /// <param name="text">As <see cref="Parse"/> takes it.</param>
    /// <param name="asker">Who names it, for the message, as in "the recipe".</param>
    /// <param name="instead">How the processor is asked for.</param>
    /// <exception cref="FormatException">The text names no device.</exception>
    /// <exception cref="ArgumentException">libtorch does not find it.</exception>
    public static Device Find(string text, string asker, string instead)
    {
        var device = Parse(text);
        return device.Kind == DeviceKind.Cpu || device.Index < CudaCount ? device : throw new ArgumentException(
            $"{asker} asks for {text}, but libtorch {Torch.Version} finds {CudaCount} CUDA devices here: take the processor ({instead}), or name a libtorch with CUDA in SEMBLANCE_LIBTORCH and build again");
    }

    public override string ToString() => Kind == DeviceKind.Cpu ? "cpu" : $"cuda:{Index}";
}
