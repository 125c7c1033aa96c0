using Semblance.Core.Safetensors;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <summary>An open safetensors file: reading a tensor copies its bytes once, from the mapped file into the tensor.</summary>
public sealed class SafetensorsFile : IWeightsFile
{
    private readonly SafetensorsReader _reader;

    internal SafetensorsFile(SafetensorsReader reader) => _reader = reader;

    /// <summary>Every tensor, in the order of their bytes.</summary>
    public IReadOnlyList<string> Names => [.. _reader.Entries.Select(entry => entry.Name)];

    /// <summary>The words kept beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _reader.Metadata;

    public bool Contains(string name) => _reader.Contains(name);

    /// <exception cref="Core.SemblanceFormatException">There is no such tensor.</exception>
    public long[] Shape(string name) => [.. _reader[name].Shape];

    /// <exception cref="Core.SemblanceFormatException">There is no such tensor.</exception>
    public ScalarType Dtype(string name) => Safetensors.Loaded(_reader[name].Dtype);

    /// <summary>A tensor in its own element type; the caller, or the open scope, owns it.</summary>
    /// <exception cref="Core.SemblanceFormatException">There is no such tensor; the message offers the nearest name.</exception>
    public unsafe Tensor Load(string name, Device device = default)
    {
        var tensor = Tensor.Empty(Shape(name), Dtype(name));
        var data = (byte*)Native.Data(tensor.Handle);
        const int chunk = 1 << 26;
        var length = _reader[name].ByteLength;
        for (long offset = 0; offset < length; offset += chunk)
        {
            _reader.Read(name, offset, new Span<byte>(data + offset, (int)Math.Min(chunk, length - offset)));
        }

        if (tensor.Dtype == ScalarType.Bool && new ReadOnlySpan<byte>(data, checked((int)length)).ContainsAnyExceptInRange<byte>(0, 1))
        {
            tensor.Dispose();
            throw new Core.SemblanceFormatException(_reader.Path, $"\"{name}\" is BOOL but holds bytes other than 0 and 1", _reader[name].Offset);
        }

        if (device == Device.Cpu)
        {
            return tensor;
        }

        using (tensor)
        {
            return tensor.To(device);
        }
    }

    public void Dispose() => _reader.Dispose();
}
