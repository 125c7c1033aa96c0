using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace Semblance.Training.Metrics;

/// <summary>
/// A TensorBoard event file with scalar curves. Written by hand, since six fields of the format are all it takes: TFRecord framing (length, masked CRC-32C of the
/// length, data, masked CRC-32C of the data) around <c>tensorflow.Event</c> messages.
/// </summary>
/// <remarks>
/// Fields used: <c>Event.wall_time = 1</c>, <c>step = 2</c>, <c>file_version = 3</c>, <c>summary = 5</c>, <c>session_log = 7</c>; <c>Summary.value = 1</c> with
/// <c>tag = 1</c> and <c>simple_value = 2</c>; <c>SessionLog.status = 1</c>. A session start makes TensorBoard forget the points of an earlier file from that
/// step on, which is what a resumed run needs.
/// </remarks>
public sealed class TensorBoardLog : IDisposable
{
    private const int SessionStart = 1;
    private readonly FileStream _stream;
    private readonly TimeProvider _time;

    /// <summary>Starts a new event file in a directory.</summary>
    /// <param name="directory">Made if missing.</param>
    /// <param name="firstStep">Points of earlier files from this step on are void.</param>
    /// <param name="time">Gives the wall time of each point.</param>
    public TensorBoardLog(string directory, long firstStep, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(directory);
        var name = $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{firstStep}";
        _stream = new FileStream(System.IO.Path.Combine(directory, name), FileMode.Create, FileAccess.Write, FileShare.Read);
        Write(0, message => { message.WriteTag(3, WireFormat.WireType.LengthDelimited); message.WriteString("brain.Event:2"); });
        Write(firstStep, message => Nested(message, 7, log => { log.WriteTag(1, WireFormat.WireType.Varint); log.WriteEnum(SessionStart); }));
    }

    /// <summary>Adds one point to each named curve.</summary>
    public void Scalars(long step, IEnumerable<KeyValuePair<string, double>> values) => Write(step, message => Nested(message, 5, summary =>
    {
        foreach (var (tag, value) in values)
        {
            Nested(summary, 1, entry =>
            {
                entry.WriteTag(1, WireFormat.WireType.LengthDelimited);
                entry.WriteString(tag);
                entry.WriteTag(2, WireFormat.WireType.Fixed32);
                entry.WriteFloat((float)value);
            });
        }
    }));

    /// <summary>Hands what is buffered to the system, so that a viewer sees it.</summary>
    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    /// <summary>CRC-32C rotated and shifted, as TFRecord stores it.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return unchecked(BitOperations.RotateRight(~crc, 15) + 0xa282ead8u);
    }

    private void Write(long step, Action<CodedOutputStream> what)
    {
        var data = Message(message =>
        {
            message.WriteTag(1, WireFormat.WireType.Fixed64);
            message.WriteDouble((_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
            message.WriteTag(2, WireFormat.WireType.Varint);
            message.WriteInt64(step);
            what(message);
        });
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedCrc(head[..8]));
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedCrc(data));
        _stream.Write(head);
        _stream.Write(data);
        _stream.Write(tail);
    }

    private static void Nested(CodedOutputStream outer, int field, Action<CodedOutputStream> write)
    {
        outer.WriteTag(field, WireFormat.WireType.LengthDelimited);
        outer.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }

        return memory.ToArray();
    }
}
