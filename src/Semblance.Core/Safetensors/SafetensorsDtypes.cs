namespace Semblance.Core.Safetensors;

/// <summary>Facts about each <see cref="SafetensorsDtype"/>.</summary>
public static class SafetensorsDtypes
{
    private static readonly string[] Names = [.. Enum.GetValues<SafetensorsDtype>().Select(dtype => dtype.ToString().ToUpperInvariant())];

    /// <summary>Bytes of one element.</summary>
    public static int ByteSize(this SafetensorsDtype dtype) => dtype switch
    {
        SafetensorsDtype.Bool or SafetensorsDtype.U8 or SafetensorsDtype.I8 => 1,
        SafetensorsDtype.I16 or SafetensorsDtype.F16 or SafetensorsDtype.BF16 => 2,
        SafetensorsDtype.I32 or SafetensorsDtype.F32 => 4,
        SafetensorsDtype.I64 or SafetensorsDtype.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "not a safetensors element type"),
    };

    /// <summary>The word that stands for it in a header.</summary>
    public static string Word(this SafetensorsDtype dtype) => Names[(int)dtype];

    /// <summary>The element type a .NET type is stored as; bfloat16 has no .NET type and is named by hand.</summary>
    /// <exception cref="NotSupportedException">The format has no such element.</exception>
    public static SafetensorsDtype Of<T>()
        where T : unmanaged
        => default(T) switch
        {
            bool => SafetensorsDtype.Bool,
            byte => SafetensorsDtype.U8,
            sbyte => SafetensorsDtype.I8,
            short => SafetensorsDtype.I16,
            int => SafetensorsDtype.I32,
            long => SafetensorsDtype.I64,
            Half => SafetensorsDtype.F16,
            float => SafetensorsDtype.F32,
            double => SafetensorsDtype.F64,
            _ => throw new NotSupportedException($"safetensors has no element type for {typeof(T).Name}: store bool, byte, sbyte, short, int, long, Half, float or double"),
        };

    internal static SafetensorsDtype? Parse(string word) => Array.IndexOf(Names, word) is >= 0 and var index ? (SafetensorsDtype)index : null;

    internal static string AllWords => string.Join(", ", Names);
}
