using Semblance.Core.Safetensors;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>Tensors to and from safetensors files.</summary>
public static class Safetensors
{
    /// <summary>Replaces a file atomically by these tensors. The same tensors and words give the same bytes.</summary>
    /// <param name="path">Folders that are missing are made.</param>
    /// <param name="tensors">Borrowed; any device and layout.</param>
    /// <param name="metadata">Words to keep beside them.</param>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsWriter.Write(path, tensors.Select(pair => new SafetensorsItem(pair.Key, Stored(pair.Value.Dtype), pair.Value.Shape, stream => Pour(pair.Value, stream))), metadata);
    }

    /// <summary>Opens a file; tensors are loaded one by one.</summary>
    /// <exception cref="Core.SemblanceFormatException">The file is damaged, lies about its content, or is another format.</exception>
    public static SafetensorsFile Open(string path) => new(SafetensorsReader.Open(path));

    /// <summary>Loads every tensor of a file; the caller, or the open scope, owns them.</summary>
    /// <inheritdoc cref="Open"/>
    public static IReadOnlyDictionary<string, Tensor> Load(string path, Device device = default)
    {
        using var file = Open(path);
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var name in file.Names)
        {
            tensors.Add(name, file.Load(name, device));
        }

        return tensors;
    }

    internal static ScalarType Loaded(SafetensorsDtype dtype) => dtype switch
    {
        SafetensorsDtype.Bool => ScalarType.Bool,
        SafetensorsDtype.U8 => ScalarType.Byte,
        SafetensorsDtype.I8 => ScalarType.Int8,
        SafetensorsDtype.I16 => ScalarType.Int16,
        SafetensorsDtype.I32 => ScalarType.Int32,
        SafetensorsDtype.I64 => ScalarType.Int64,
        SafetensorsDtype.F16 => ScalarType.Float16,
        SafetensorsDtype.BF16 => ScalarType.BFloat16,
        SafetensorsDtype.F32 => ScalarType.Float32,
        SafetensorsDtype.F64 => ScalarType.Float64,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not an element type of tensors"),
    };

    private static SafetensorsDtype Stored(ScalarType dtype) => Enum.GetValues<SafetensorsDtype>().First(stored => Loaded(stored) == dtype);

    private static unsafe void Pour(Tensor tensor, Stream stream)
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var plain = tensor.To(Device.Cpu).Contiguous();
        var data = (byte*)Native.Data(plain.Handle);
        const int chunk = 1 << 26;
        for (long left = plain.ElementCount * plain.Dtype.Size(); left > 0; left -= chunk, data += chunk)
        {
            stream.Write(new ReadOnlySpan<byte>(data, (int)Math.Min(chunk, left)));
        }

        GC.KeepAlive(plain);
    }
}
