using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Semblance.Training.Metrics;

namespace Semblance.Training.Tests.Metrics;

public sealed class TensorBoardLogTests
{
    // CRC-32C of "123456789" is 0xE3069283 in every table of check values; the mask is TFRecord's.
    [Fact]
    public void ChecksumIsMaskedCastagnoli() =>
        Assert.Equal(unchecked(((0xE3069283u >> 15) | (0xE3069283u << 17)) + 0xa282ead8u), TensorBoardLog.MaskedCrc("123456789"u8));

    [Fact]
    public void EventsReadBack()
    {
        using var directory = new TemporaryDirectory();
        using (var log = new TensorBoardLog(directory.Path, firstStep: 40, TimeProvider.System))
        {
            log.Scalars(50, [new("loss/total", 2.5), new("learning_rate", 1e-3)]);
        }

        var events = Records(File.ReadAllBytes(Assert.Single(Directory.GetFiles(directory.Path, "events.out.tfevents.*")))).Select(Fields).ToList();
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString((byte[])events[0][3].Single()));
        Assert.Equal(40ul, events[1][2].Single());
        Assert.Equal(1ul, Fields((byte[])events[1][7].Single())[1].Single());
        Assert.Equal(50ul, events[2][2].Single());
        var values = Fields((byte[])events[2][5].Single())[1].Select(value => Fields((byte[])value)).ToList();
        Assert.Equal(["loss/total", "learning_rate"], values.Select(value => Encoding.UTF8.GetString((byte[])value[1].Single())));
        Assert.Equal([2.5f, 1e-3f], values.Select(value => (float)value[2].Single()));
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(TensorBoardLog.MaskedCrc(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var data = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(TensorBoardLog.MaskedCrc(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            yield return data;
            at += 16 + length;
        }
    }

    private static ILookup<int, object> Fields(byte[] message)
    {
        var input = new CodedInputStream(message);
        var fields = new List<(int, object)>();
        while (input.ReadTag() is var tag and not 0)
        {
            fields.Add(((int)(tag >> 3), (tag & 7) switch
            {
                0 => input.ReadUInt64(),
                1 => input.ReadDouble(),
                2 => input.ReadBytes().ToByteArray(),
                _ => (object)input.ReadFloat(),
            }));
        }

        return fields.ToLookup(field => field.Item1, field => field.Item2);
    }
}
