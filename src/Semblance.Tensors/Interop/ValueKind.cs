namespace Semblance.Tensors.Interop;

/// <summary>How one argument or result is to be read; the same numbers as Kind in tensors.cpp.</summary>
internal enum ValueKind
{
    None = 0,
    Tensor = 1,
    Integer = 2,
    Real = 3,
    Boolean = 4,
    IntegerList = 5,
    TensorList = 6,
    OptionalTensorList = 7,
    String = 8,
    Device = 9,
    RealList = 10,
}
