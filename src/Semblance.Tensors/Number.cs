namespace Semblance.Tensors;

/// <summary>A plain number beside a tensor: whole or real, so that <c>x + 1</c> keeps an integer tensor an integer one, as in PyTorch.</summary>
public readonly record struct Number
{
    private Number(long bits, bool isReal) => (Bits, IsReal) = (bits, isReal);

    internal long Bits { get; }

    internal bool IsReal { get; }

    public static implicit operator Number(long value) => new(value, isReal: false);

    public static implicit operator Number(double value) => new(BitConverter.DoubleToInt64Bits(value), isReal: true);

    public static Number FromInt64(long value) => value;

    public static Number FromDouble(double value) => value;

    public override string ToString() => IsReal ? $"{BitConverter.Int64BitsToDouble(Bits)}" : $"{Bits}";
}
