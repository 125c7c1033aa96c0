using Semblance.Models.Onnx;

namespace Semblance.Models.Tests.Onnx;

/// <summary>Bytes as the encoding guide of protocol buffers spells them.</summary>
public sealed class ProtobufMessageTests
{
    [Fact]
    public void FieldsAreWrittenAsTheirGuideSays()
    {
        Assert.Equal("089601", Hex(new ProtobufMessage().Integer(1, 150)));
        Assert.Equal("08ffffffffffffffffff01", Hex(new ProtobufMessage().Integer(1, -1)));
        Assert.Equal("120774657374696e67", Hex(new ProtobufMessage().Text(2, "testing")));
        Assert.Equal("150000803f", Hex(new ProtobufMessage().Real(2, 1)));
        Assert.Equal("1a03089601", Hex(new ProtobufMessage().Message(3, new ProtobufMessage().Integer(1, 150))));
        Assert.Equal("a00101", Hex(new ProtobufMessage().Integer(20, 1)));
    }

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(5000)]
    public void LongBytesAreInTheirPlace(int length)
    {
        var bytes = new byte[length];
        bytes[^1] = 7;
        var message = new ProtobufMessage().Integer(1, 1).Message(2, new ProtobufMessage().Bytes(9, bytes).Integer(1, 2)).Integer(1, 3);
        var hex = Hex(message);
        Assert.Equal(message.Length * 2, hex.Length);
        Assert.StartsWith("080112", hex, StringComparison.Ordinal);
        Assert.EndsWith("0007" + "0802" + "0803", hex, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesBeyondTwoGigabytesAreRefused()
    {
        OnnxGraph.CheckLength("text.onnx", int.MaxValue);
        Assert.Contains("text.onnx would have 3.5 GB", Assert.Throws<NotSupportedException>(() => OnnxGraph.CheckLength("text.onnx", 3_500_000_000)).Message, StringComparison.Ordinal);
    }

    private static string Hex(ProtobufMessage message)
    {
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        return Convert.ToHexStringLower(stream.ToArray());
    }
}
