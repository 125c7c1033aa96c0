namespace Semblance.Models.Onnx;

/// <summary>A whole number that may follow the batch and the length of its texts: <c>Constant + PerItem · N + PerToken · L</c>.</summary>
internal readonly record struct SymbolicSize(long Constant, long PerItem = 0, long PerToken = 0)
{
    public bool IsConstant => PerItem == 0 && PerToken == 0;

    public static implicit operator SymbolicSize(long constant) => new(constant);

    public static SymbolicSize operator +(SymbolicSize a, SymbolicSize b) => new(a.Constant + b.Constant, a.PerItem + b.PerItem, a.PerToken + b.PerToken);

    /// <summary>The number for N items of L tokens.</summary>
    public long At(TraceSize size) => Constant + (PerItem * size.Items) + (PerToken * size.Tokens);

    /// <summary>As in "2 N", "32 - L", "7".</summary>
    public override string ToString() =>
        IsConstant ? $"{Constant}" : string.Join(" + ", new[] { Term(PerItem, "N"), Term(PerToken, "L"), Constant == 0 ? null : $"{Constant}" }.OfType<string>());

    private static string? Term(long factor, string name) => factor switch { 0 => null, 1 => name, _ => $"{factor} {name}" };
}

/// <summary>How large the input of one trace is.</summary>
/// <param name="Items">N, pictures or texts.</param>
/// <param name="Tokens">L; of no meaning for pictures.</param>
internal readonly record struct TraceSize(long Items, long Tokens);
