using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Semblance.Imaging.Tests;

/// <summary>Picture files put together byte by byte, for what no encoder would write.</summary>
internal static class Files
{
    public static byte[] Encode(Picture picture, string format) => format switch
    {
        "jpeg" => picture.EncodeJpeg(92),
        "png" => picture.EncodePng(),
        "webp" => picture.EncodeWebp(92),
        "bmp" => Bmp(picture),
        _ => throw new ArgumentException(format, nameof(format)),
    };

    /// <summary>24 bits a pixel, bottom row first.</summary>
    public static byte[] Bmp(Picture picture)
    {
        var stride = ((3 * picture.Width) + 3) / 4 * 4;
        var bytes = new byte[54 + (stride * picture.Height)];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), picture.Width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), picture.Height);
        bytes[26] = 1;
        bytes[28] = 24;
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                var colour = picture.At(x, picture.Height - 1 - y);
                var at = 54 + (y * stride) + (3 * x);
                (bytes[at], bytes[at + 1], bytes[at + 2]) = (colour.Blue, colour.Green, colour.Red);
            }
        }

        return bytes;
    }

    /// <summary>A PNG of any colour type and depth whose rows are all <paramref name="row"/>.</summary>
    public static byte[] Png(int width, int height, byte depth, byte colour, byte[] row, byte[]? palette = null)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(row);
            }
        }

        return [.. PngSignature, .. Header(width, height, depth, colour), .. palette is null ? [] : Chunk("PLTE", palette), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>A whole and consistent small file, but for the size in its header.</summary>
    public static byte[] Declaring(string format, int width, int height)
    {
        var bytes = Encode(Pictures.Busy(16, 16), format);
        switch (format)
        {
            case "png":
                return [.. PngSignature, .. Header(width, height, 8, 2), .. Chunk("IDAT", [0x78, 0x9C, 3, 0, 0, 0, 0, 1]), .. Chunk("IEND", [])];
            case "jpeg":
                var frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), (ushort)height);
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), (ushort)width);
                return bytes;
            case "bmp":
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
                return bytes;
            default:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(26), (ushort)width);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(28), (ushort)height);
                return bytes;
        }
    }

    /// <summary>The picture with an EXIF block that holds one entry, the orientation.</summary>
    public static byte[] WithOrientation(Picture picture, string format, int orientation, bool littleEndian)
    {
        byte[] tiff = littleEndian
            ? [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
            : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        return WithExif(picture, format, tiff);
    }

    /// <summary>An EXIF block with times as cameras write them: DateTime in the first directory, DateTimeOriginal and its offset in the second; null leaves one out.</summary>
    public static byte[] Times(string? changed, string? original, string? zone, bool littleEndian)
    {
        var entries = new (int Directory, int Tag, string? Text)[] { (0, 0x0132, changed), (1, 0x9003, original), (1, 0x9011, zone) };
        var counts = Enumerable.Range(0, 2).Select(directory => entries.Count(entry => entry.Directory == directory && entry.Text is not null)).ToArray();

        // The first directory also holds the link to the second.
        var second = 8 + 2 + (12 * (counts[0] + 1)) + 4;
        var texts = second + 2 + (12 * counts[1]) + 4;
        using var bytes = new MemoryStream();
        using var tail = new MemoryStream();
        void Short(int value) => bytes.Write(littleEndian ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value]);
        void Long(int value)
        {
            Short(littleEndian ? value & 0xFFFF : value >> 16);
            Short(littleEndian ? value >> 16 : value & 0xFFFF);
        }

        bytes.Write(littleEndian ? "II"u8 : "MM"u8);
        Short(42);
        Long(8);
        for (var directory = 0; directory < 2; directory++)
        {
            Short(counts[directory] + (directory == 0 ? 1 : 0));
            foreach (var (_, tag, text) in entries.Where(entry => entry.Directory == directory && entry.Text is not null))
            {
                Short(tag);
                Short(2);
                Long(text!.Length + 1);
                Long(texts + (int)tail.Length);
                tail.Write(Encoding.ASCII.GetBytes(text + '\0'));
            }

            if (directory == 0)
            {
                Short(0x8769);
                Short(4);
                Long(1);
                Long(second);
            }

            Long(0);
        }

        return [.. bytes.ToArray(), .. tail.ToArray()];
    }

    /// <summary>The picture with an EXIF block, where its format has it.</summary>
    public static byte[] WithExif(Picture picture, string format, byte[] tiff)
    {
        var bytes = Encode(picture, format);
        switch (format)
        {
            case "jpeg":
                byte[] exif = [.. "Exif\0\0"u8, .. tiff];
                return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. bytes[2..]];
            case "png":
                return [.. bytes[..33], .. Chunk("eXIf", tiff), .. bytes[33..]];
            default:
                // The simple file's one chunk becomes part of an extended file.
                const byte hasExif = 0x08;
                var (w, h) = (picture.Width - 1, picture.Height - 1);
                byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, hasExif, 0, 0, 0, (byte)w, (byte)(w >> 8), 0, (byte)h, (byte)(h >> 8), 0];
                byte[] body = [.. "WEBP"u8, .. extended, .. bytes[12..], .. "EXIF"u8, (byte)tiff.Length, 0, 0, 0, .. tiff];
                var length = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
                return [.. "RIFF"u8, .. length, .. body];
        }
    }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private static byte[] Header(int width, int height, byte depth, byte colour)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colour);
        return Chunk("IHDR", header);
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] checkedPart = [.. Encoding.ASCII.GetBytes(type), .. data];
        var bytes = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(bytes, data.Length);
        checkedPart.CopyTo(bytes, 4);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(data.Length + 8), Crc32.Of(checkedPart));
        return bytes;
    }
}
