using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>What a tensor is, and its values on the managed side.</content>
public sealed partial class Tensor
{
    /// <summary>The size of each dimension; empty for a scalar. The array is the caller's own.</summary>
    public long[] Shape => [.. Sizes];

    /// <summary>How many dimensions there are; 0 for a scalar.</summary>
    public int Rank => Sizes.Length;

    /// <summary>The product of the sizes; 1 for a scalar.</summary>
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var size in Sizes)
            {
                count *= size;
            }

            return count;
        }
    }

    public ScalarType Dtype => Native.Dtype(Handle);

    public Device Device => new(Native.DeviceOf(Handle, out var index), index);

    /// <summary>Whether the elements lie in memory in the order of their indices, without gaps.</summary>
    public bool IsContiguous => Native.IsContiguous(Handle) != 0;

    private ReadOnlySpan<long> Sizes => _shape ??= ReadShape(Handle);

    /// <param name="dim">The dimension; a negative one counts from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension.</exception>
    public long Size(int dim)
    {
        var sizes = Sizes;
        var index = dim < 0 ? dim + sizes.Length : dim;
        return (uint)index < (uint)sizes.Length
            ? sizes[index]
            : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"a tensor {this} has {sizes.Length} dimensions");
    }

    /// <summary>Whether no element is NaN or infinite.</summary>
    public bool IsFinite()
    {
        using var grad = Autograd.NoGrad();
        using var finite = Operator.One("isfinite", this);
        using var all = Operator.One("all", finite);
        return Operator.Yes("is_nonzero", all);
    }

    /// <summary>The elements in the order of their indices, converted when <typeparamref name="T"/> is not the tensor's own element type.</summary>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        var values = new T[ElementCount];
        CopyTo(values.AsSpan());
        return values;
    }

    /// <summary>Copies the elements out, as <see cref="ToArray{T}"/> does.</summary>
    /// <param name="destination">Room for exactly <see cref="ElementCount"/> elements.</param>
    public unsafe void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        if (destination.Length != ElementCount)
        {
            throw new ArgumentException($"the tensor {this} has {ElementCount} elements, the destination has room for {destination.Length}", nameof(destination));
        }

        var type = ScalarTypes.Of<T>();
        using var converted = Dtype == type ? null : Autograd.WithoutGrad(() => To(type));
        fixed (T* data = destination)
        {
            Native.Check(Native.ToMemory((converted ?? this).Handle, data, (long)destination.Length * sizeof(T)), "copy to memory", ToString());
        }
    }

    /// <summary>The elements' own bytes (little-endian), in the order of their indices.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[ElementCount * Dtype.Size()];
        CopyBytesTo(bytes);
        return bytes;
    }

    /// <summary>Copies the elements' own bytes out.</summary>
    /// <param name="destination">Room for exactly <see cref="ElementCount"/> times the element's size.</param>
    public unsafe void CopyBytesTo(Span<byte> destination)
    {
        fixed (byte* data = destination)
        {
            Native.Check(Native.ToMemory(Handle, data, destination.Length), "copy to memory", ToString());
        }
    }

    /// <summary>The value of a tensor of one element, converted when <typeparamref name="T"/> is not its element type.</summary>
    /// <exception cref="InvalidOperationException">The tensor has more or fewer elements.</exception>
    public T Item<T>()
        where T : unmanaged
    {
        if (ElementCount != 1)
        {
            throw new InvalidOperationException($"Item needs a tensor of one element, this one is {this}: take one with an index, or use ToArray");
        }

        Unsafe.SkipInit(out T value);
        CopyTo(MemoryMarshal.CreateSpan(ref value, 1));
        return value;
    }

    private static unsafe long[] ReadShape(TensorHandle handle)
    {
        var shape = new long[Native.Rank(handle)];
        fixed (long* sizes = shape)
        {
            Native.Shape(handle, sizes);
        }

        return shape;
    }
}
