namespace Semblance.Core.Safetensors;

/// <summary>One tensor of a file: what it is and where its bytes lie.</summary>
/// <param name="Name">Unique in its file.</param>
/// <param name="Dtype">Element type.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="ByteLength">Element count times element size.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsDtype Dtype, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Product of the shape; 1 for a scalar.</summary>
    public long ElementCount => ByteLength / Dtype.ByteSize();
}
