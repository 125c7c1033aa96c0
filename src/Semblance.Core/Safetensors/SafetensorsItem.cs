using System.Runtime.InteropServices;

namespace Semblance.Core.Safetensors;

/// <summary>One tensor to be written.</summary>
/// <param name="Name">Unique in its file; not <c>__metadata__</c>.</param>
/// <param name="Dtype">Element type.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Write">Puts exactly element count times element size bytes, little-endian and row-major, into the stream; called once.</param>
public sealed record SafetensorsItem(string Name, SafetensorsDtype Dtype, IReadOnlyList<long> Shape, Action<Stream> Write)
{
    /// <summary>A tensor from an array; <paramref name="values"/> is borrowed until the file is written.</summary>
    /// <exception cref="ArgumentException">The shape does not hold that many values.</exception>
    public static SafetensorsItem From<T>(string name, ReadOnlyMemory<T> values, params IReadOnlyList<long> shape)
        where T : unmanaged
    {
        var dtype = SafetensorsDtypes.Of<T>();
        return SafetensorsHeader.ByteLength(dtype, shape) == (long)values.Length * dtype.ByteSize()
            ? new SafetensorsItem(name, dtype, shape, stream => Pour(stream, values.Span))
            : throw new ArgumentException($"\"{name}\" has {values.Length} values, the shape [{string.Join(", ", shape)}] holds another number", nameof(shape));
    }

    private static void Pour<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int chunk = 1 << 24;
        for (; values.Length > chunk; values = values[chunk..])
        {
            stream.Write(MemoryMarshal.AsBytes(values[..chunk]));
        }

        stream.Write(MemoryMarshal.AsBytes(values));
    }
}
