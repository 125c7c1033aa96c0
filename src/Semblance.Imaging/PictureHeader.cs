using System.Buffers.Binary;
using Semblance.Core;

namespace Semblance.Imaging;

/// <summary>What a picture file says about itself before anything is decoded.</summary>
/// <param name="Format">Recognised by content.</param>
/// <param name="Width">Columns declared, before any turning.</param>
/// <param name="Height">Rows declared, before any turning.</param>
/// <param name="Orientation">EXIF orientation, 1 (upright) to 8; 1 where the file has none.</param>
public sealed record PictureHeader(PictureFormat Format, int Width, int Height, int Orientation)
{
    /// <summary>When EXIF says that it was taken (DateTimeOriginal, else DateTime), in this machine's time zone where it states none; null where it says nothing that is a time.</summary>
    public DateTimeOffset? Taken { get; init; }

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Reads the header and checks the frame of the file (segments, chunks, declared lengths) without decoding a pixel.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">Path or name, for messages.</param>
    /// <exception cref="SemblanceFormatException">Empty, truncated, damaged, or no format that is read.</exception>
    public static PictureHeader Read(ReadOnlySpan<byte> bytes, string name) => Read(bytes, name, long.MaxValue);

    /// <summary>The same, refusing more than <paramref name="maxPixels"/> as soon as the numbers are known, whatever else is wrong with the file.</summary>
    internal static PictureHeader Read(ReadOnlySpan<byte> bytes, string name, long maxPixels)
    {
        if (bytes.IsEmpty)
        {
            throw new SemblanceFormatException(name, "the file is empty (0 bytes), expected a JPEG, PNG, BMP or WebP picture");
        }

        try
        {
            return bytes switch
            {
                [0xFF, 0xD8, 0xFF, ..] => ReadJpeg(bytes, name, maxPixels),
                [0x89, (byte)'P', ..] when bytes.StartsWith(PngSignature) => ReadPng(bytes, name, maxPixels),
                [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ReadWebp(bytes, name, maxPixels),
                [(byte)'B', (byte)'M', ..] => ReadBmp(bytes, name, maxPixels),
                _ => throw new SemblanceFormatException(name, Unknown(bytes)),
            };
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            // A slice reached past the end: the header itself is cut off.
            throw new SemblanceFormatException(name, $"truncated: the file ends inside its header, after {bytes.Length} bytes", bytes.Length, e);
        }
    }

    private static string Unknown(ReadOnlySpan<byte> bytes)
    {
        var found = bytes switch
        {
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "a GIF",
            [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "a TIFF",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "a HEIC, AVIF or MP4 file",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF",
            [(byte)'<', ..] => "text that begins with \"<\" (SVG, HTML or XML)",
            _ => $"bytes that begin with {Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)])}",
        };
        return $"{found}, expected a JPEG, PNG, BMP or WebP picture: convert it first";
    }

    private static PictureHeader ReadJpeg(ReadOnlySpan<byte> bytes, string name, long maxPixels)
    {
        PictureHeader? frame = null;
        var exif = Exif.None;
        var at = 2;
        while (true)
        {
            if (bytes[at] != 0xFF)
            {
                throw new SemblanceFormatException(name, $"byte 0x{bytes[at]:X2} where a JPEG segment must begin with 0xFF: the file is damaged", at);
            }

            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                // Fill byte.
                at++;
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += 2;
                continue;
            }

            if (marker == 0xD9)
            {
                throw new SemblanceFormatException(name, "the JPEG ends before its first scan: the file holds no pixels", at);
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (length < 2)
            {
                throw new SemblanceFormatException(name, $"a JPEG segment declares {length} bytes, expected 2 or more", at);
            }

            var segment = bytes.Slice(at + 4, length - 2);
            if (marker == 0xDA)
            {
                // From here on only the decoder can tell: it reports every pixel that it had to make up.
                return frame is null
                    ? throw new SemblanceFormatException(name, "the JPEG has no frame header before its data: the file is damaged", at)
                    : frame with { Orientation = exif.Orientation, Taken = exif.Taken };
            }

            if (marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            {
                frame = Checked(
                    name, maxPixels, PictureFormat.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), 1);
            }

            if (marker == 0xE1 && segment.StartsWith("Exif\0\0"u8))
            {
                exif = Exif.Read(segment[6..]);
            }

            at += 2 + length;
        }
    }

    private static PictureHeader ReadPng(ReadOnlySpan<byte> bytes, string name, long maxPixels)
    {
        if (!bytes[12..].StartsWith("IHDR"u8))
        {
            throw new SemblanceFormatException(name, "the first PNG chunk is not IHDR: the file is damaged", 12);
        }

        var header = bytes.Slice(16, 13);
        var checkedHeader = Checked(
            name, maxPixels, PictureFormat.Png, BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]), orientation: 1);
        var exif = Exif.None;
        var data = false;
        for (long at = 8; ;)
        {
            if (at + 12 > bytes.Length)
            {
                throw new SemblanceFormatException(name, $"truncated: the PNG ends after {bytes.Length} bytes without its IEND chunk", bytes.Length);
            }

            var chunk = bytes[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (length > bytes.Length - at - 12)
            {
                throw new SemblanceFormatException(
                    name, $"truncated: a PNG chunk declares {length} bytes where {bytes.Length - at - 12} are left", at);
            }

            var type = chunk.Slice(4, 4);
            if (Crc32.Of(chunk.Slice(4, 4 + (int)length)) != BinaryPrimitives.ReadUInt32BigEndian(chunk[(8 + (int)length)..]))
            {
                throw new SemblanceFormatException(name, $"the checksum of a PNG chunk of {length} bytes does not match: the file is damaged", at);
            }

            if (type.SequenceEqual("IEND"u8))
            {
                break;
            }

            data |= type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("eXIf"u8))
            {
                exif = Exif.Read(chunk.Slice(8, (int)length));
            }

            at += 12 + length;
        }

        return data
            ? checkedHeader with { Orientation = exif.Orientation, Taken = exif.Taken }
            : throw new SemblanceFormatException(name, $"a PNG of {checkedHeader.Width} x {checkedHeader.Height} pixels without a chunk of pixels (IDAT)", bytes.Length);
    }

    private static PictureHeader ReadBmp(ReadOnlySpan<byte> bytes, string name, long maxPixels)
    {
        var dataOffset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        long width, height;
        int bits;
        var compression = 0u;
        if (size == 12)
        {
            width = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
            height = BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]);
            bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        }
        else if (size is >= 40 and <= 124)
        {
            width = BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
            height = Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]));
            bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
            compression = BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]);
        }
        else
        {
            throw new SemblanceFormatException(name, $"a BMP header of {size} bytes, expected 12 or 40 to 124: the file is damaged", 14);
        }

        var header = Checked(name, maxPixels, PictureFormat.Bmp, width, height, orientation: 1);
        if (compression > 3 || bits is not (1 or 4 or 8 or 16 or 24 or 32))
        {
            throw new SemblanceFormatException(
                name, $"a BMP of {bits} bits with compression {compression}, expected 1, 4, 8, 16, 24 or 32 bits and compression 0 to 3: convert it to PNG");
        }

        var needed = dataOffset + (((width * bits) + 31) / 32 * 4 * height);
        if (compression is 0 or 3 && needed > bytes.Length)
        {
            throw new SemblanceFormatException(name, $"truncated: a BMP of {width} x {height} at {bits} bits needs {needed} bytes, found {bytes.Length}", bytes.Length);
        }

        return header;
    }

    private static PictureHeader ReadWebp(ReadOnlySpan<byte> bytes, string name, long maxPixels)
    {
        var type = bytes.Slice(12, 4);
        var chunk = bytes[20..];
        var (width, height) = (0L, 0L);
        if (type.SequenceEqual("VP8 "u8) && chunk.Slice(3, 3).SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
        {
            (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(chunk[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(chunk[8..]) & 0x3FFF);
        }
        else if (type.SequenceEqual("VP8L"u8) && chunk[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[1..]);
            (width, height) = ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
        }
        else if (type.SequenceEqual("VP8X"u8))
        {
            const int animated = 0x02;
            if ((chunk[0] & animated) != 0)
            {
                throw new SemblanceFormatException(name, "an animated WebP, expected a still picture: extract a frame first", 20);
            }

            (width, height) = (1 + Three(chunk[4..]), 1 + Three(chunk[7..]));
        }
        else
        {
            throw new SemblanceFormatException(name, "the first WebP chunk is no VP8 key frame, VP8L or VP8X: the file is damaged", 12);
        }

        var header = Checked(name, maxPixels, PictureFormat.Webp, width, height, orientation: 1);
        var declared = 8L + BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (declared > bytes.Length)
        {
            throw new SemblanceFormatException(name, $"truncated: the WebP declares {declared} bytes, found {bytes.Length}", bytes.Length);
        }

        for (long at = 12; at + 8 <= declared;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[((int)at + 4)..]);
            if (length > declared - at - 8)
            {
                throw new SemblanceFormatException(name, $"truncated: a WebP chunk declares {length} bytes where {declared - at - 8} are left", at);
            }

            if (bytes.Slice((int)at, 4).SequenceEqual("EXIF"u8))
            {
                var exif = bytes.Slice((int)at + 8, (int)length);
                var facts = Exif.Read(exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif);
                header = header with { Orientation = facts.Orientation, Taken = facts.Taken };
            }

            at += 8 + length + (length & 1);
        }

        return header;

        static int Three(ReadOnlySpan<byte> at) => at[0] | (at[1] << 8) | (at[2] << 16);
    }

    private static PictureHeader Checked(string name, long maxPixels, PictureFormat format, long width, long height, int orientation)
    {
        if (width is <= 0 or > int.MaxValue || height is <= 0 or > int.MaxValue)
        {
            throw new SemblanceFormatException(name, $"a {format} that declares {width} x {height} pixels, expected 1 x 1 or more");
        }

        return width * height <= maxPixels
            ? new PictureHeader(format, (int)width, (int)height, orientation)
            : throw new SemblanceFormatException(
                name,
                $"declares {width} x {height} = {width * height} pixels, at most {maxPixels} are accepted: "
                + $"shrink it, or raise {nameof(PictureReaderOptions)}.{nameof(PictureReaderOptions.MaxPixels)}");
    }
}
