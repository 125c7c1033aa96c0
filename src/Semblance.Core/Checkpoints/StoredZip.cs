using System.Buffers.Binary;
using System.Text;

namespace Semblance.Core.Checkpoints;

/// <summary>The directory of a zip file whose entries are stored without compression, as PyTorch writes data: where each entry's bytes lie.</summary>
/// <remarks>
/// Source: PKWARE, APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14 to 4.3.16 (zip64 and end). Compressed and encrypted entries are
/// refused where they are asked for (TorchScript compresses its code, which nobody reads): nothing is ever unpacked, so nothing can grow.
/// </remarks>
internal sealed class StoredZip
{
    private const uint LocalSignature = 0x04034b50;
    private const uint DirectorySignature = 0x02014b50;
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const int LocalBytes = 30;
    private const int DirectoryBytes = 46;
    private const int EndBytes = 22;
    private const int Zip64EndBytes = 56;
    private const int LocatorBytes = 20;
    private const int LongestDirectory = 1 << 28;

    private readonly Dictionary<string, (long Offset, long Length, bool IsStored)> _entries = new(StringComparer.Ordinal);
    private readonly Func<long, int, byte[]> _read;
    private readonly long _length;
    private readonly string _path;

    /// <param name="read">Reads bytes of the file: offset, count.</param>
    /// <param name="length">Of the file.</param>
    /// <param name="path">Named in errors.</param>
    /// <exception cref="SemblanceFormatException">The directory is missing, or lies about its content.</exception>
    public StoredZip(Func<long, int, byte[]> read, long length, string path)
    {
        (_read, _length, _path) = (read, length, path);
        ReadDirectory();
    }

    /// <summary>The names of the entries.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Where the bytes of an entry lie, or null if there is no such entry.</summary>
    /// <exception cref="SemblanceFormatException">The entry is compressed or encrypted.</exception>
    public (long Offset, long Length)? Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            return null;
        }

        return entry.IsStored
            ? (entry.Offset, entry.Length)
            : throw Fault($"the zip entry \"{name}\" is compressed or encrypted, expected it stored as PyTorch writes it: save the checkpoint again with torch.save", entry.Offset);
    }

    private void ReadDirectory()
    {
        var (start, size, end) = FindDirectory();
        if (start < 0 || size < 0 || size > LongestDirectory || start > end - size)
        {
            throw Fault($"the zip directory claims bytes {start} to {(Int128)start + size} of {_length}", end);
        }

        var directory = _read(start, (int)size).AsSpan();
        for (var at = 0; at < directory.Length;)
        {
            var position = start + at;
            if (directory.Length - at < DirectoryBytes || Word(directory[at..]) != DirectorySignature)
            {
                throw Fault("the zip directory ends inside an entry or holds something else", position);
            }

            var entry = directory[at..];
            var (flags, method) = (Short(entry[8..]), Short(entry[10..]));
            var (nameLength, extraLength, commentLength) = (Short(entry[28..]), Short(entry[30..]), Short(entry[32..]));
            if (DirectoryBytes + nameLength + extraLength + commentLength > entry.Length)
            {
                throw Fault("the zip directory ends inside an entry", position);
            }

            var name = Encoding.UTF8.GetString(entry.Slice(DirectoryBytes, nameLength));
            var (packed, unpacked, local) = Sizes(entry, name, entry.Slice(DirectoryBytes + nameLength, extraLength), position);
            var isStored = (flags & 1) == 0 && method == 0 && packed == unpacked;
            if (!_entries.TryAdd(name, (DataOffset(local, name, packed, position), packed, isStored)))
            {
                throw Fault($"the zip entry \"{name}\" appears twice", position);
            }

            at += DirectoryBytes + nameLength + extraLength + commentLength;
        }
    }

    private (long Start, long Size, long End) FindDirectory()
    {
        var tailLength = (int)Math.Min(_length, EndBytes + ushort.MaxValue);
        var tailStart = _length - tailLength;
        var tail = _read(tailStart, tailLength).AsSpan();
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            var record = tail[at..];
            if (Word(record) != EndSignature || EndBytes + Short(record[20..]) != record.Length)
            {
                continue;
            }

            var end = tailStart + at;
            long size = Word(record[12..]), start = Word(record[16..]);
            return start != uint.MaxValue && size != uint.MaxValue && Short(record[10..]) != ushort.MaxValue ? (start, size, end) : FindZip64Directory(end);
        }

        throw Fault("the zip directory is missing at the end: the file is cut off", _length);
    }

    private (long Start, long Size, long End) FindZip64Directory(long end)
    {
        if (end < LocatorBytes || _read(end - LocatorBytes, LocatorBytes) is not { } locator || Word(locator) != Zip64LocatorSignature)
        {
            throw Fault("the zip directory of a large file lacks its locator", end);
        }

        var at = Long(locator.AsSpan(8));
        if (at < 0 || at > end - LocatorBytes - Zip64EndBytes || _read(at, Zip64EndBytes) is not { } record || Word(record) != Zip64EndSignature)
        {
            throw Fault($"the zip directory of a large file is not at byte {at}, where its locator says", end - LocatorBytes);
        }

        return (Long(record.AsSpan(48)), Long(record.AsSpan(40)), at);
    }

    /// <summary>Sizes and place; what does not fit in 32 bits stands in the extra field with id 1, in this order and only if it is needed.</summary>
    private (long Packed, long Unpacked, long Local) Sizes(ReadOnlySpan<byte> entry, string name, ReadOnlySpan<byte> extra, long position)
    {
        long packed = Word(entry[20..]), unpacked = Word(entry[24..]), local = Word(entry[42..]);
        if (packed != uint.MaxValue && unpacked != uint.MaxValue && local != uint.MaxValue)
        {
            return (packed, unpacked, local);
        }

        while (extra.Length >= 4)
        {
            var length = Short(extra[2..]);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (Short(extra) == 1)
            {
                var field = extra.Slice(4, length);
                return Take(ref field, ref unpacked) && Take(ref field, ref packed) && Take(ref field, ref local) ? (packed, unpacked, local) : throw Lacking();
            }

            extra = extra[(4 + length)..];
        }

        throw Lacking();

        static bool Take(ref ReadOnlySpan<byte> field, ref long value)
        {
            if (value != uint.MaxValue)
            {
                return true;
            }

            if (field.Length < sizeof(long))
            {
                return false;
            }

            value = Long(field);
            field = field[sizeof(long)..];
            return true;
        }

        SemblanceFormatException Lacking() => Fault($"the zip entry \"{name}\" lacks its 64-bit sizes", position);
    }

    private long DataOffset(long local, string name, long length, long position)
    {
        if (local < 0 || local > _length - LocalBytes || _read(local, LocalBytes) is not { } header || Word(header) != LocalSignature)
        {
            throw Fault($"the zip entry \"{name}\" is not at byte {local}, where the directory says", position);
        }

        var offset = local + LocalBytes + Short(header.AsSpan(26)) + Short(header.AsSpan(28));
        return length >= 0 && offset <= _length - length ? offset : throw Fault($"the zip entry \"{name}\" claims {length} bytes from {offset} on, the file has {_length}", position);
    }

    private SemblanceFormatException Fault(string problem, long position) => new(_path, problem, position);

    private static ushort Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Long(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
