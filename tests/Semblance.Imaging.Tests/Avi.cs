using System.Buffers.Binary;
using System.Text;

namespace Semblance.Imaging.Tests;

/// <summary>A Motion JPEG film put together byte by byte, so that no test needs an encoder or a stored video.</summary>
internal static class Avi
{
    public static byte[] Film(IReadOnlyList<Picture> frames, int framesPerSecond)
    {
        var jpegs = frames.Select(frame => frame.EncodeJpeg(95)).ToList();
        var (width, height) = (frames[0].Width, frames[0].Height);
        var main = Numbers(1_000_000 / framesPerSecond, 0, 0, 0x10, frames.Count, 0, 1, 1 << 20, width, height, 0, 0, 0, 0);
        byte[] stream =
        [
            .. "vidsMJPG"u8, .. Numbers(0, 0, 0, 1, framesPerSecond, 0, frames.Count, 1 << 20, -1, 0), .. Shorts(0, 0, (short)width, (short)height),
        ];
        byte[] format = [.. Numbers(40, width, height), .. Shorts(1, 24), .. "MJPG"u8, .. Numbers(3 * width * height, 0, 0, 0, 0)];
        var headers = Chunk("LIST", [.. "hdrl"u8, .. Chunk("avih", main), .. Chunk("LIST", [.. "strl"u8, .. Chunk("strh", stream), .. Chunk("strf", format)])]);
        var index = new List<byte>();
        var offset = 4;
        foreach (var jpeg in jpegs)
        {
            index.AddRange([.. "00dc"u8, .. Numbers(0x10, offset, jpeg.Length)]);
            offset += 8 + jpeg.Length + (jpeg.Length & 1);
        }

        var movie = Chunk("LIST", [.. "movi"u8, .. jpegs.SelectMany(jpeg => Chunk("00dc", jpeg))]);
        return Chunk("RIFF", [.. "AVI "u8, .. headers, .. movie, .. Chunk("idx1", [.. index])]);
    }

    private static byte[] Chunk(string type, byte[] data) => [.. Encoding.ASCII.GetBytes(type), .. Numbers(data.Length), .. data, .. new byte[data.Length & 1]];

    private static byte[] Numbers(params int[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return bytes;
    }

    private static byte[] Shorts(params short[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
