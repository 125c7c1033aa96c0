using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Semblance.Imaging;

/// <summary>The two facts of an EXIF block (EXIF 2.32) that are of use here. Whatever cannot be read counts as not there: neither is worth losing a picture.</summary>
/// <param name="Orientation">1 (upright) to 8.</param>
/// <param name="Taken">When it was taken.</param>
internal readonly record struct Exif(int Orientation, DateTimeOffset? Taken)
{
    private const int OrientationTag = 0x0112;
    private const int TimeTag = 0x0132;
    private const int ExifDirectoryTag = 0x8769;
    private const int OriginalTimeTag = 0x9003;
    private const int ZoneTag = 0x9010;
    private const int OriginalZoneTag = 0x9011;
    private const int EntryLength = 12;

    public static Exif None => new(1, null);

    /// <param name="tiff">From the byte order on.</param>
    public static Exif Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || tiff[0] != tiff[1] || tiff[0] is not ((byte)'I' or (byte)'M'))
        {
            return None;
        }

        var block = new Block(tiff, tiff[0] == (byte)'I');
        var first = block.Long(4);
        var orientation = block.Find(first, OrientationTag) is > 0 and var at && block.Short(at + 8) is >= 1 and <= 8 and var turned ? turned : 1;
        var inner = block.Find(first, ExifDirectoryTag) is > 0 and var link ? block.Long(link + 8) : 0;
        var taken = Time(block.Text(inner, OriginalTimeTag), block.Text(inner, OriginalZoneTag)) ?? Time(block.Text(first, TimeTag), block.Text(inner, ZoneTag));
        return new(orientation, taken);
    }

    private static DateTimeOffset? Time(string? text, string? zone)
    {
        // Cameras whose clock was never set write zeros or their first day.
        if (!DateTime.TryParseExact(text, "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year < 1980)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact($"{text} {zone}", "yyyy:MM:dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact)
            ? exact : new DateTimeOffset(local, TimeZoneInfo.Local.GetUtcOffset(local));
    }

    /// <summary>Numbers and text of a TIFF block; 0 and null past its end.</summary>
    private readonly ref struct Block(ReadOnlySpan<byte> bytes, bool little)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Short(long at) => at < 0 || at + 2 > _bytes.Length ? 0
            : little ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(int)at..]) : BinaryPrimitives.ReadUInt16BigEndian(_bytes[(int)at..]);

        public long Long(long at) => at < 0 || at + 4 > _bytes.Length ? 0
            : little ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(int)at..]) : BinaryPrimitives.ReadUInt32BigEndian(_bytes[(int)at..]);

        /// <summary>Where the entry of a tag begins; 0 when the directory has none.</summary>
        public long Find(long directory, int tag)
        {
            var entries = directory > 0 ? Short(directory) : 0;
            for (var i = 0; i < entries; i++)
            {
                var at = directory + 2 + ((long)EntryLength * i);
                if (at + EntryLength > _bytes.Length)
                {
                    return 0;
                }

                if (Short(at) == tag)
                {
                    return at;
                }
            }

            return 0;
        }

        /// <summary>The ASCII value of a tag, which is longer than the four bytes that an entry holds itself.</summary>
        public string? Text(long directory, int tag)
        {
            if (Find(directory, tag) is not (> 0 and var at))
            {
                return null;
            }

            var (length, start) = (Long(at + 4), Long(at + 8));
            return length is > 4 and < 64 && start + length <= _bytes.Length ? Encoding.ASCII.GetString(_bytes.Slice((int)start, (int)length)).TrimEnd('\0', ' ') : null;
        }
    }
}
