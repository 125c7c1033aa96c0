namespace Semblance.Tensors.Layers;

/// <summary>A row of numbers for each of a set of indices: int64 <c>[...] -> [..., D]</c>.</summary>
/// <remarks>First values as in PyTorch: normal with deviation 1, and zeros for the padding.</remarks>
public sealed class EmbeddingTable : Layer
{
    private readonly long _paddingIndex;

    /// <param name="count">Rows.</param>
    /// <param name="width">D.</param>
    /// <param name="paddingIndex">A row that starts at zero and receives no gradient, if there is one.</param>
    public EmbeddingTable(int count, int width, int? paddingIndex = null)
    {
        if (paddingIndex is { } index && (index < 0 || index >= count))
        {
            throw new ArgumentOutOfRangeException(nameof(paddingIndex), index, $"the padding lies outside of the table's {count} rows");
        }

        _paddingIndex = paddingIndex ?? -1;
        Weight = RegisterParameter("weight", Initialise.Normal(Tensor.Empty([count, width])));
        if (paddingIndex is { } row)
        {
            using var noGrad = Autograd.NoGrad();
            using var padding = Weight.Narrow(0, row, 1);
            Initialise.Zeros(padding);
        }
    }

    /// <summary><c>[Count, D]</c>.</summary>
    public Tensor Weight { get; }

    public override Tensor Forward(Tensor input) => Weight.EmbeddingLookup(input, _paddingIndex);
}
