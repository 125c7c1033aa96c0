using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>New tensors.</content>
public sealed partial class Tensor
{
    public static Tensor Zeros(ReadOnlySpan<long> shape, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("zeros", shape, dtype, Argument.None, device);

    public static Tensor Ones(ReadOnlySpan<long> shape, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("ones", shape, dtype, Argument.None, device);

    public static Tensor Full(ReadOnlySpan<long> shape, Number value, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("full", shape, value, dtype, Argument.None, device);

    /// <summary>A tensor whose elements are whatever the memory held.</summary>
    public static Tensor Empty(ReadOnlySpan<long> shape, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("empty.memory_format", shape, dtype, Argument.None, device);

    public static Tensor ZerosLike(Tensor like) => Operator.One("zeros_like", like);

    public static Tensor OnesLike(Tensor like) => Operator.One("ones_like", like);

    public static Tensor FullLike(Tensor like, Number value) => Operator.One("full_like", like, value);

    /// <summary>Draws from the normal distribution with mean 0 and deviation 1, by <see cref="TorchRandom"/>.</summary>
    public static Tensor Randn(ReadOnlySpan<long> shape, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("randn", shape, dtype, Argument.None, device);

    /// <summary>Draws from [0, 1), by <see cref="TorchRandom"/>.</summary>
    public static Tensor Rand(ReadOnlySpan<long> shape, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("rand", shape, dtype, Argument.None, device);

    /// <summary>Draws whole numbers from [low, high), by <see cref="TorchRandom"/>.</summary>
    public static Tensor RandInt(long low, long high, ReadOnlySpan<long> shape, ScalarType dtype = ScalarType.Int64, Device device = default) =>
        Operator.One("randint.low", low, high, shape, dtype, Argument.None, device);

    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in random order, by <see cref="TorchRandom"/>.</summary>
    public static Tensor RandPerm(long count, ScalarType dtype = ScalarType.Int64, Device device = default) =>
        Operator.One("randperm", count, dtype, Argument.None, device);

    /// <summary>The whole numbers 0 to <paramref name="end"/> - 1.</summary>
    public static Tensor Arange(long end, ScalarType dtype = ScalarType.Int64, Device device = default) =>
        Operator.One("arange", end, dtype, Argument.None, device);

    /// <summary>The numbers from <paramref name="start"/> by <paramref name="step"/>, up to but not including <paramref name="end"/>.</summary>
    public static Tensor Arange(Number start, Number end, Number step, ScalarType dtype = ScalarType.Int64, Device device = default) =>
        Operator.One("arange.start_step", start, end, step, dtype, Argument.None, device);

    /// <summary><paramref name="steps"/> numbers at equal distances, both ends included.</summary>
    public static Tensor Linspace(double start, double end, long steps, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("linspace", start, end, steps, dtype, Argument.None, device);

    /// <summary>Ones on the diagonal: <c>[n, n]</c>.</summary>
    public static Tensor Eye(long n, ScalarType dtype = ScalarType.Float32, Device device = default) =>
        Operator.One("eye", n, dtype, Argument.None, device);

    /// <summary>A tensor without dimensions that holds one number.</summary>
    public static Tensor Scalar(Number value, ScalarType dtype = ScalarType.Float32, Device device = default) => Full([], value, dtype, device);

    /// <summary>Copies values in; the element type follows <typeparamref name="T"/>.</summary>
    /// <param name="values">The elements in the order of their indices.</param>
    /// <param name="shape">The sizes; left out, the tensor has one dimension.</param>
    /// <exception cref="ArgumentException">The shape asks for more or fewer elements than given.</exception>
    public static unsafe Tensor From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        fixed (T* data = values)
        {
            return FromMemory(data, values.Length, sizeof(T), ScalarTypes.Of<T>(), shape, isShaped: !shape.IsEmpty);
        }
    }

    /// <inheritdoc cref="From{T}(ReadOnlySpan{T}, ReadOnlySpan{long})"/>
    public static Tensor From<T>(T[] values, params ReadOnlySpan<long> shape)
        where T : unmanaged
        => From((ReadOnlySpan<T>)values, shape);

    /// <summary>Copies elements in that are given as their own bytes (little-endian).</summary>
    /// <exception cref="ArgumentException">The shape asks for more or fewer bytes than given.</exception>
    public static unsafe Tensor FromBytes(ReadOnlySpan<byte> bytes, ScalarType dtype, params ReadOnlySpan<long> shape)
    {
        var size = dtype.Size();
        if (bytes.Length % size != 0)
        {
            throw new ArgumentException($"{bytes.Length} bytes are no whole number of {dtype} elements of {size} bytes", nameof(bytes));
        }

        fixed (byte* data = bytes)
        {
            return FromMemory(data, bytes.Length / size, size, dtype, shape, isShaped: true);
        }
    }

    private static unsafe Tensor FromMemory(void* data, long count, int size, ScalarType dtype, ReadOnlySpan<long> shape, bool isShaped)
    {
        var sizes = isShaped ? shape : [count];
        var wanted = 1L;
        foreach (var extent in sizes)
        {
            wanted = extent < 0 ? -1 : checked(wanted * extent);
        }

        if (wanted != count)
        {
            throw new ArgumentException($"{count} elements do not fill a tensor of shape [{string.Join(", ", sizes.ToArray())}]", nameof(shape));
        }

        fixed (long* extents = sizes)
        {
            Native.Check(Native.FromMemory(data, count * size, extents, sizes.Length, dtype, out var made), "copy from memory");
            return new Tensor(made);
        }
    }
}
