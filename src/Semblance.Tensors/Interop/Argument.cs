namespace Semblance.Tensors.Interop;

/// <summary>One argument of an operator before the call. Implicit conversions let the caller write the plain value.</summary>
internal readonly struct Argument
{
    internal readonly object? Reference;
    internal readonly long Payload;
    internal readonly ValueKind Kind;
    internal readonly int Index;

    private Argument(ValueKind kind, long payload = 0, object? reference = null, int index = 0)
    {
        Kind = kind;
        Payload = payload;
        Reference = reference;
        Index = index;
    }

    /// <summary>No value: None where the operator has an optional argument.</summary>
    internal static Argument None => default;

    public static implicit operator Argument(Tensor? tensor) => tensor is null ? None : new(ValueKind.Tensor, reference: tensor);

    public static implicit operator Argument(long value) => new(ValueKind.Integer, value);

    public static implicit operator Argument(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static implicit operator Argument(long? value) => value is { } given ? given : None;

    public static implicit operator Argument(double? value) => value is { } given ? given : None;

    public static implicit operator Argument(Number value) => new(value.IsReal ? ValueKind.Real : ValueKind.Integer, value.Bits);

    public static implicit operator Argument(Number? value) => value is { } given ? given : None;

    public static implicit operator Argument(ScalarType value) => new(ValueKind.Integer, (long)value);

    public static implicit operator Argument(ScalarType? value) => value is { } given ? given : None;

    public static implicit operator Argument(Device value) => new(ValueKind.Device, (long)value.Kind, index: value.Kind == DeviceKind.Cpu ? -1 : value.Index);

    public static implicit operator Argument(ReadOnlySpan<long> values) => new(ValueKind.IntegerList, reference: values.ToArray());

    public static implicit operator Argument(long[]? values) => values is null ? None : new(ValueKind.IntegerList, reference: values);

    public static implicit operator Argument(double[]? values) => values is null ? None : new(ValueKind.RealList, reference: values);

    public static implicit operator Argument(Tensor[] tensors) => new(ValueKind.TensorList, reference: tensors);

    public static implicit operator Argument(string? text) => text is null ? None : new(ValueKind.String, reference: text);

    /// <summary>A list in which a null stands for "all of this dimension", as index wants it.</summary>
    internal static Argument Optional(Tensor?[] tensors) => new(ValueKind.OptionalTensorList, reference: tensors);

    /// <summary>The argument as an error message shows it.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.None => "none",
        ValueKind.Tensor => ((Tensor)Reference!).Describe(),
        ValueKind.TensorList or ValueKind.OptionalTensorList => $"{{{string.Join(", ", ((Tensor?[])Reference!).Select(t => t?.Describe() ?? "all"))}}}",
        ValueKind.IntegerList => $"({string.Join(", ", (long[])Reference!)})",
        ValueKind.RealList => $"({string.Join(", ", (double[])Reference!)})",
        ValueKind.Real => $"{BitConverter.Int64BitsToDouble(Payload)}",
        ValueKind.Boolean => Payload != 0 ? "true" : "false",
        ValueKind.String => $"\"{Reference}\"",
        ValueKind.Device => new Device((DeviceKind)Payload, Math.Max(Index, 0)).ToString(),
        _ => $"{Payload}",
    };
}
