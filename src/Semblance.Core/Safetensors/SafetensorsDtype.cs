namespace Semblance.Core.Safetensors;

/// <summary>Element types of the safetensors format that are read and written here; stored little-endian.</summary>
public enum SafetensorsDtype
{
    /// <summary>One byte, 0 or 1; written "BOOL".</summary>
    Bool,

    /// <summary>Unsigned 8 bits, "U8".</summary>
    U8,

    /// <summary>Signed 8 bits, "I8".</summary>
    I8,

    /// <summary>Signed 16 bits, "I16".</summary>
    I16,

    /// <summary>Signed 32 bits, "I32".</summary>
    I32,

    /// <summary>Signed 64 bits, "I64".</summary>
    I64,

    /// <summary>IEEE 754 binary16, "F16".</summary>
    F16,

    /// <summary>The upper half of a binary32, "BF16".</summary>
    BF16,

    /// <summary>IEEE 754 binary32, "F32".</summary>
    F32,

    /// <summary>IEEE 754 binary64, "F64".</summary>
    F64,
}
