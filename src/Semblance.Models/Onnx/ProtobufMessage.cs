using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Semblance.Models.Onnx;

/// <summary>A message in the wire format of protocol buffers, written field by field. Long bytes are referred to, not copied, until the message goes to a stream.</summary>
internal sealed class ProtobufMessage
{
    private const int CopiedBytes = 1 << 10;
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private ArrayBufferWriter<byte> _tail = new();

    private enum Wire
    {
        Varint = 0,
        Delimited = 2,
        Fixed32 = 5,
    }

    /// <summary>Bytes in all.</summary>
    public long Length { get; private set; }

    public ProtobufMessage Integer(int field, long value)
    {
        Tag(field, Wire.Varint);
        Varint((ulong)value);
        return this;
    }

    public ProtobufMessage Integers(int field, IEnumerable<long> values)
    {
        foreach (var value in values)
        {
            Integer(field, value);
        }

        return this;
    }

    public ProtobufMessage Real(int field, float value)
    {
        Tag(field, Wire.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_tail.GetSpan(sizeof(float)), value);
        Advance(sizeof(float));
        return this;
    }

    public ProtobufMessage Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public ProtobufMessage Texts(int field, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            Text(field, text);
        }

        return this;
    }

    /// <param name="field">Its number.</param>
    /// <param name="bytes">Not to be changed before the message is written.</param>
    public ProtobufMessage Bytes(int field, ReadOnlyMemory<byte> bytes)
    {
        Tag(field, Wire.Delimited);
        Varint((ulong)bytes.Length);
        Append(bytes);
        return this;
    }

    public ProtobufMessage Message(int field, ProtobufMessage message)
    {
        Tag(field, Wire.Delimited);
        Varint((ulong)message.Length);
        foreach (var part in message.Parts())
        {
            Append(part);
        }

        return this;
    }

    public ProtobufMessage Messages(int field, IEnumerable<ProtobufMessage> messages)
    {
        foreach (var message in messages)
        {
            Message(field, message);
        }

        return this;
    }

    public void WriteTo(Stream stream)
    {
        foreach (var part in Parts())
        {
            stream.Write(part.Span);
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> Parts() => _parts.Append(_tail.WrittenMemory);

    private void Append(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length <= CopiedBytes)
        {
            _tail.Write(bytes.Span);
        }
        else
        {
            _parts.Add(_tail.WrittenMemory);
            _parts.Add(bytes);
            _tail = new();
        }

        Length += bytes.Length;
    }

    private void Tag(int field, Wire wire) => Varint(((ulong)field << 3) | (ulong)wire);

    /// <summary>Seven bits a byte, the lowest first; a set top bit says that more follow. Negative numbers take ten bytes.</summary>
    private void Varint(ulong value)
    {
        var room = _tail.GetSpan(10);
        var count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            room[count++] = (byte)(value | 0x80);
        }

        room[count++] = (byte)value;
        Advance(count);
    }

    private void Advance(int count)
    {
        _tail.Advance(count);
        Length += count;
    }
}
