using System.Buffers.Binary;
using Semblance.Imaging;

namespace Semblance.Cli.Tests;

/// <summary>Pictures as a broken disk, a broken download and a hostile stranger leave them.</summary>
internal static class DamagedPictures
{
    /// <summary>The first half of a file.</summary>
    public static byte[] CutOff(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes[..(bytes.Length / 2)];
    }

    /// <summary>A PNG of a few bytes whose header, checksum and all, declares a side of 60,000 pixels: 10 GB once decoded.</summary>
    public static byte[] Bomb()
    {
        var bytes = new Picture(16, 16).EncodePng();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(29), Checksum(bytes.AsSpan(12, 17)));
        return bytes;
    }

    private static uint Checksum(ReadOnlySpan<byte> chunk)
    {
        var sum = uint.MaxValue;
        foreach (var value in chunk)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ (0xEDB88320 & (0u - (sum & 1)));
            }
        }

        return ~sum;
    }
}
