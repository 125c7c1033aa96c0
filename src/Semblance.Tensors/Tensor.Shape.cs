using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>The same elements in another form, place or type.</content>
public sealed partial class Tensor
{
    /// <summary>This tensor's elements as another type; a tensor that already has it shares its memory.</summary>
    public Tensor To(ScalarType dtype) => Operator.One("to.dtype", this, dtype);

    /// <summary>This tensor's elements on another device; a tensor that is already there shares its memory.</summary>
    public Tensor To(Device device) => To(device, Dtype);

    public Tensor To(Device device, ScalarType dtype) => Operator.One("to.device", this, device, dtype);

    public Tensor Clone() => Operator.One("clone", this);

    /// <summary>The same memory, outside the graph.</summary>
    public Tensor Detach() => Operator.One("detach", this);

    public Tensor Contiguous() => Operator.One("contiguous", this);

    /// <summary>The same memory as another tensor object.</summary>
    public Tensor Alias() => Operator.One("alias", this);

    /// <summary>The same elements in another shape; one size may be -1 and is then worked out. Shares memory where it can.</summary>
    public Tensor Reshape(params ReadOnlySpan<long> shape) => Operator.One("reshape", this, shape);

    /// <summary>As <see cref="Reshape"/>, but always the same memory.</summary>
    /// <exception cref="TorchException">The layout in memory does not allow it.</exception>
    public Tensor View(params ReadOnlySpan<long> shape) => Operator.One("view", this, shape);

    public Tensor Permute(params ReadOnlySpan<long> dims) => Operator.One("permute", this, dims);

    public Tensor Transpose(long dim0, long dim1) => Operator.One("transpose.int", this, dim0, dim1);

    /// <summary>The transpose of a matrix.</summary>
    public Tensor T() => Operator.One("t", this);

    public Tensor Unsqueeze(long dim) => Operator.One("unsqueeze", this, dim);

    public Tensor Squeeze() => Operator.One("squeeze", this);

    public Tensor Squeeze(long dim) => Operator.One("squeeze.dim", this, dim);

    public Tensor Flatten(long start = 0, long end = -1) => Operator.One("flatten.using_ints", this, start, end);

    /// <summary>Repeats dimensions of size 1 without copying; -1 keeps a size.</summary>
    public Tensor Expand(params ReadOnlySpan<long> shape) => Operator.One("expand", this, shape);

    public Tensor ExpandAs(Tensor other) => Operator.One("expand_as", this, other);

    public Tensor Repeat(params ReadOnlySpan<long> times) => Operator.One("repeat", this, times);

    /// <summary>Each element, or each slice along <paramref name="dim"/>, several times in a row.</summary>
    public Tensor RepeatInterleave(long times, long? dim = null) => Operator.One("repeat_interleave.self_int", this, times, dim);

    public Tensor Roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims) => Operator.One("roll", this, shifts, dims);

    public Tensor Flip(params ReadOnlySpan<long> dims) => Operator.One("flip", this, dims);

    public Tensor Narrow(long dim, long start, long length) => Operator.One("narrow", this, dim, start, length);

    /// <summary>One slice along <paramref name="dim"/>, without that dimension.</summary>
    public Tensor Select(long dim, long index) => Operator.One("select.int", this, dim, index);

    public static Tensor Cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Operator.One("cat", tensors.ToArray(), dim);

    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, long dim = 0) => Operator.One("stack", tensors.ToArray(), dim);

    /// <summary>Parts of <paramref name="size"/> along <paramref name="dim"/>, the last one smaller if need be.</summary>
    public Tensor[] Split(long size, long dim = 0) => Operator.Many("split.Tensor", this, size, dim);

    public Tensor[] Split(ReadOnlySpan<long> sizes, long dim = 0) => Operator.Many("split_with_sizes", this, sizes, dim);

    /// <summary>At most <paramref name="count"/> parts along <paramref name="dim"/>, of equal size but for the last.</summary>
    public Tensor[] Chunk(long count, long dim = 0) => Operator.Many("chunk", this, count, dim);

    /// <summary>The slices along <paramref name="dim"/>.</summary>
    public Tensor[] Unbind(long dim = 0) => Operator.Many("unbind.int", this, dim);

    /// <summary>What lies on and under the diagonal of the last two dimensions; the rest is 0.</summary>
    public Tensor Tril(long diagonal = 0) => Operator.One("tril", this, diagonal);

    /// <summary>What lies on and above the diagonal of the last two dimensions; the rest is 0.</summary>
    public Tensor Triu(long diagonal = 0) => Operator.One("triu", this, diagonal);

    public Tensor Diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Operator.One("diagonal", this, offset, dim1, dim2);

    /// <summary>Adds a border to the last dimensions: (left, right, top, bottom, ...).</summary>
    public Tensor Pad(ReadOnlySpan<long> border, Number value = default) => Operator.One("constant_pad_nd", this, border, value);

    /// <summary>Sliding windows of an image <c>[B, C, H, W]</c> as columns <c>[B, C·kernel², L]</c>.</summary>
    public Tensor Unfold(ReadOnlySpan<long> kernel, ReadOnlySpan<long> stride, ReadOnlySpan<long> padding = default) =>
        Operator.One("im2col", this, kernel, Twice(1), padding.IsEmpty ? Twice(0) : padding, stride);

    /// <summary>Windows of <paramref name="size"/> every <paramref name="step"/> along <paramref name="dim"/>, as a new last dimension; shares memory.</summary>
    public Tensor Unfold(long dim, long size, long step) => Operator.One("unfold", this, dim, size, step);

    private static long[] Twice(long value) => [value, value];
}
