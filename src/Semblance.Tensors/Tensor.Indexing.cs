using System.Runtime.CompilerServices;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>Parts of a tensor.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A part of the tensor, one index for each dimension from the first: <c>x[.., 0]</c> is all of the first dimension and the first entry
    /// of the second. A number takes the dimension away, a range keeps it, a tensor of numbers gathers, a Bool tensor selects.
    /// Numbers and ranges share memory with this tensor; tensors copy.
    /// </summary>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> indices] => TensorIndex.Apply(this, indices);

    /// <summary>Slices along <paramref name="dim"/> in the order of <paramref name="index"/> <c>[n]</c>, Int64 or Int32.</summary>
    public Tensor IndexSelect(long dim, Tensor index) => Operator.One("index_select", this, dim, index);

    /// <summary>out[i][j][k] = this[i][index[i][j][k]][k] for <paramref name="dim"/> 1, and so on.</summary>
    public Tensor Gather(long dim, Tensor index) => Operator.One("gather", this, dim, index);

    /// <summary>A copy with out[i][index[i][j][k]][k] = source[i][j][k] for <paramref name="dim"/> 1, and so on.</summary>
    public Tensor Scatter(long dim, Tensor index, Tensor source) => Operator.One("scatter.src", this, dim, index, source);

    public Tensor Scatter(long dim, Tensor index, Number value) => Operator.One("scatter.value", this, dim, index, value);

    /// <summary>As <see cref="Scatter(long, Tensor, Tensor)"/>, adding.</summary>
    public Tensor ScatterAdd(long dim, Tensor index, Tensor source) => Operator.One("scatter_add", this, dim, index, source);

    /// <summary>A copy with the slices of <paramref name="source"/> added along <paramref name="dim"/> where <paramref name="index"/> says.</summary>
    public Tensor IndexAdd(long dim, Tensor index, Tensor source) => Operator.One("index_add", this, dim, index, source);

    /// <summary>A copy with the slices of <paramref name="source"/> put along <paramref name="dim"/> where <paramref name="index"/> says.</summary>
    public Tensor IndexCopy(long dim, Tensor index, Tensor source) => Operator.One("index_copy", this, dim, index, source);

    /// <summary>A copy with <paramref name="value"/> where <paramref name="mask"/> (Bool, broadcast) is true.</summary>
    public Tensor MaskedFill(Tensor mask, Number value) => Operator.One("masked_fill.Scalar", this, mask, value);

    /// <summary>The elements where <paramref name="mask"/> is true, in order: one dimension.</summary>
    public Tensor MaskedSelect(Tensor mask) => Operator.One("masked_select", this, mask);

    /// <summary>The indices of the elements that are not 0: <c>[n, Rank]</c>, Int64.</summary>
    public Tensor Nonzero() => Operator.One("nonzero", this);

    /// <summary><paramref name="a"/> where <paramref name="condition"/> (Bool) is true, else <paramref name="b"/>.</summary>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b) => Operator.One("where.self", condition, a, b);

    /// <summary>Draws <paramref name="count"/> indices by the weights in each row, by <see cref="TorchRandom"/>.</summary>
    public Tensor Multinomial(long count, bool replacement = false) => Operator.One("multinomial", this, count, replacement);
}
