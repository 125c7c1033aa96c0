using System.Buffers.Binary;
using System.Text;

namespace Semblance.Core.Tests.Checkpoints;

/// <summary>Writes pickles operation by operation, so that hostile ones can be spelt out.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [0x80, 2];

    public PickleBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(params ReadOnlySpan<char> operations) => Raw(Encoding.Latin1.GetBytes(operations.ToArray()));

    public PickleBytes Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return Op('X').Raw(length).Raw(bytes);
    }

    public PickleBytes Number(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return Raw(0x8a, 8).Raw(bytes);
    }

    public PickleBytes Numbers(params ReadOnlySpan<long> numbers)
    {
        Op('(');
        foreach (var number in numbers)
        {
            Number(number);
        }

        return Op('t');
    }

    /// <summary>A tensor as torch.save writes it.</summary>
    public PickleBytes Tensor(long offset, long[] shape, long[] strides, long count, string key = "0", string storage = "FloatStorage", bool withView = false)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Op('(');
        Op('(').Text("storage").Global("torch", storage).Text(key).Text("cpu").Number(count);
        return (withView ? Op('N') : this).Op('t', 'Q').Number(offset).Numbers(shape).Numbers(strides).Raw(0x89).Global("collections", "OrderedDict").Op(')', 'R', 't', 'R');
    }

    /// <summary>A dictionary with one entry.</summary>
    public static byte[] Dictionary(string name, Func<PickleBytes, PickleBytes> value) => value(new PickleBytes().Op('}').Text(name)).Op('s').Stop();

    public byte[] Stop() => [.. _bytes, (byte)'.'];
}
