using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>A value of a MATLAB file; arrays are in column order, as MATLAB has them.</summary>
internal abstract record MatlabValue
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}

internal sealed record MatlabNumbers(IReadOnlyList<int> Dimensions, IReadOnlyList<double> Values) : MatlabValue
{
    public override string Kind => $"{string.Join(" x ", Dimensions)} numbers";
}

/// <summary>Characters; the rows of a matrix of them one below the other.</summary>
internal sealed record MatlabText(IReadOnlyList<string> Rows) : MatlabValue
{
    public override string Kind => Rows.Count == 1 ? $"the text \"{Rows[0]}\"" : $"{Rows.Count} lines of text";
}

internal sealed record MatlabCells(IReadOnlyList<int> Dimensions, IReadOnlyList<MatlabValue> Values) : MatlabValue
{
    public override string Kind => $"{string.Join(" x ", Dimensions)} cells";
}

internal sealed record MatlabStructs(IReadOnlyList<int> Dimensions, IReadOnlyList<IReadOnlyDictionary<string, MatlabValue>> Values) : MatlabValue
{
    public override string Kind => $"{string.Join(" x ", Dimensions)} structures";
}

/// <summary>
/// Reads MATLAB files of level 5 (saved by MATLAB 5 to 7, or with <c>-v7</c>), in either byte order, compressed or not: numbers, text, cells and structures. Bounded, since
/// the file is a stranger's; nothing in it is run.
/// </summary>
/// <remarks>Format: MathWorks, "MAT-File Level 5 File Format". Objects, sparse matrices and imaginary parts are refused or left out by name. Version 7.3 is HDF5, another format.</remarks>
internal sealed class MatlabFile
{
    private const long MaxBytes = 1L << 30;
    private const int MaxInflated = 1 << 28;
    private const int MaxDepth = 32;
    private const int MaxItems = 1 << 24;
    private const int HeaderBytes = 128;
    private const int Compressed = 15, Matrix = 14;

    private readonly string _path;
    private readonly bool _swapped;
    private int _items;
    private int _inflated;

    private MatlabFile(string path, bool swapped) => (_path, _swapped) = (path, swapped);

    /// <summary>The variables by name.</summary>
    /// <exception cref="SemblanceFormatException">It is no such file, or damaged; the message has the byte where reading stopped.</exception>
    public static IReadOnlyDictionary<string, MatlabValue> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new SemblanceFormatException(path, "no such file");
        }

        if (new FileInfo(path).Length is var length && length > MaxBytes)
        {
            throw new SemblanceFormatException(path, $"{length} bytes, at most {MaxBytes} are read");
        }

        var bytes = File.ReadAllBytes(path);
        var text = Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(116, bytes.Length)));
        if (text.StartsWith("MATLAB 7.3", StringComparison.Ordinal) || bytes.AsSpan().StartsWith("\x89HDF\r\n"u8))
        {
            throw new SemblanceFormatException(path, "a file of MATLAB 7.3, which is HDF5 and not read: open it in MATLAB and save it with -v7, or with Python's h5py and scipy.io.savemat");
        }

        if (bytes.Length < HeaderBytes || bytes.AsSpan(126, 2) is not ([(byte)'I', (byte)'M'] or [(byte)'M', (byte)'I']))
        {
            throw new SemblanceFormatException(path, $"no MATLAB file of level 5: {bytes.Length} bytes, {(bytes.Length < HeaderBytes ? $"shorter than its header of {HeaderBytes}" : "without the mark of the byte order at 126")}");
        }

        var file = new MatlabFile(path, swapped: bytes[126] == 'M');
        var variables = new Dictionary<string, MatlabValue>(StringComparer.Ordinal);
        for (var at = HeaderBytes; at < bytes.Length;)
        {
            var (type, body) = file.Element(bytes, ref at, HeaderBytes);
            if (type == Compressed)
            {
                var plain = file.Inflate(body, at);
                var start = 0;
                (type, body) = file.Element(plain, ref start, 0);
            }

            if (type == Matrix && file.Array(body, 0) is var (name, value) && name.Length > 0)
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    private byte[] Inflate(ReadOnlyMemory<byte> body, int at)
    {
        try
        {
            using var plain = new MemoryStream();
            using var zlib = new ZLibStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            for (int read; (read = zlib.Read(buffer)) > 0;)
            {
                _inflated += read;
                if (_inflated > MaxInflated)
                {
                    throw Wrong(at, $"unpacks to more than {MaxInflated} bytes: a bomb, or not an annotation");
                }

                plain.Write(buffer, 0, read);
            }

            return plain.ToArray();
        }
        catch (InvalidDataException problem)
        {
            throw new SemblanceFormatException(_path, $"the compressed part cannot be unpacked: {problem.Message}", at, problem);
        }
    }

    /// <summary>The next element; moves past it, to the next multiple of 8 where elements are padded.</summary>
    private (int Type, ReadOnlyMemory<byte> Body) Element(ReadOnlyMemory<byte> from, ref int at, int origin)
    {
        if (from.Length - at < 8)
        {
            throw Wrong(at, $"{from.Length - at} bytes left where an element begins, expected at least 8: the file is cut off");
        }

        var first = Int(from.Span[at..]);

        // Up to four bytes fit into the tag itself: the size is its upper half then.
        if (first >> 16 is var small and not 0)
        {
            if (small is < 0 or > 4)
            {
                throw Wrong(at, $"a short element of {small} bytes, expected 1 to 4");
            }

            var body = from.Slice(at + 4, small);
            at += 8;
            return (first & 0xFFFF, body);
        }

        var size = Int(from.Span[(at + 4)..]);
        if (size < 0 || size > from.Length - at - 8)
        {
            throw Wrong(at, $"an element says it has {size} bytes, {from.Length - at - 8} are left: the file is cut off, or the size is a lie");
        }

        var content = from.Slice(at + 8, size);
        at += 8 + size;
        if (first != Compressed && (at - origin) % 8 is var over and not 0)
        {
            at = Math.Min(from.Length, at + 8 - over);
        }

        return (first, content);
    }

    private (string Name, MatlabValue Value) Array(ReadOnlyMemory<byte> body, int depth)
    {
        if (body.Length == 0)
        {
            return ("", new MatlabNumbers([0, 0], []));
        }

        if (depth > MaxDepth)
        {
            throw Wrong(null, $"values nested deeper than {MaxDepth}");
        }

        var at = 0;
        var flags = Integers(Element(body, ref at, 0));
        var sizes = Integers(Element(body, ref at, 0));
        var name = Encoding.Latin1.GetString(Element(body, ref at, 0).Body.Span);
        if (flags.Length == 0 || sizes.Length is < 2 or > 32 || System.Array.Exists(sizes, size => size is < 0 or > MaxItems))
        {
            throw Wrong(null, $"the array \"{name}\" has {sizes.Length} dimensions of {string.Join(" x ", sizes)}");
        }

        var count = 1L;
        foreach (var size in sizes)
        {
            count *= (long)size;
            if (count > MaxItems)
            {
                throw Wrong(null, $"the array \"{name}\" has {string.Join(" x ", sizes)} items, at most {MaxItems} are read");
            }
        }

        int[] dimensions = [.. sizes.Select(size => (int)size)];
        return (name, ((int)flags[0] & 0xFF) switch
        {
            1 => new MatlabCells(dimensions, Values(body, ref at, (int)count, depth)),
            2 => Structures(body, ref at, dimensions, (int)count, depth),
            4 => Text(Integers(Element(body, ref at, 0)), dimensions, name),
            >= 6 and <= 15 => Numbers(body, ref at, dimensions, (int)count, name),
            var kind => throw Wrong(null, $"\"{name}\" is {(kind switch { 3 or 17 => "an object", 5 => "a sparse matrix", 16 => "a function", _ => $"of class {kind}" })}, which is not read: expected numbers, text, cells or structures"),
        });
    }

    private MatlabValue[] Values(ReadOnlyMemory<byte> body, ref int at, int count, int depth)
    {
        if ((_items += count) > MaxItems)
        {
            throw Wrong(null, $"more than {MaxItems} values");
        }

        var values = new List<MatlabValue>(Math.Min(count, 1024));
        for (var i = 0; i < count; i++)
        {
            var (type, part) = Element(body, ref at, 0);
            values.Add(type == Matrix ? Array(part, depth + 1).Value : throw Wrong(null, $"an element of type {type} where an array is expected"));
        }

        return [.. values];
    }

    private MatlabStructs Structures(ReadOnlyMemory<byte> body, ref int at, int[] dimensions, int count, int depth)
    {
        var width = Integers(Element(body, ref at, 0)) is [var one] && one is > 0 and <= 1024 ? (int)one : throw Wrong(null, "a structure without the length of its field names");
        var written = Element(body, ref at, 0).Body;
        var names = Enumerable.Range(0, written.Length / width).Select(i => Encoding.Latin1.GetString(written.Span.Slice(i * width, width)).TrimEnd('\0')).ToArray();
        var structures = new List<IReadOnlyDictionary<string, MatlabValue>>();
        for (var i = 0; i < count; i++)
        {
            var values = Values(body, ref at, names.Length, depth);
            var fields = new Dictionary<string, MatlabValue>(StringComparer.Ordinal);
            for (var f = 0; f < names.Length; f++)
            {
                fields[names[f]] = values[f];
            }

            structures.Add(fields);
        }

        return new MatlabStructs(dimensions, structures);
    }

    private MatlabNumbers Numbers(ReadOnlyMemory<byte> body, ref int at, int[] dimensions, int count, string name)
    {
        var values = Integers(Element(body, ref at, 0));
        return values.Length == count ? new MatlabNumbers(dimensions, values) : throw Wrong(null, $"\"{name}\" is {string.Join(" x ", dimensions)} but has {values.Length} numbers");
    }

    private MatlabText Text(double[] codes, int[] dimensions, string name)
    {
        var rows = dimensions[0];
        var columns = rows == 0 ? 0 : codes.Length / rows;
        if ((long)rows * columns != codes.Length)
        {
            throw Wrong(null, $"the text \"{name}\" is {string.Join(" x ", dimensions)} but has {codes.Length} characters");
        }

        return new MatlabText(rows == 0 ? [""] : [.. Enumerable.Range(0, rows).Select(row => string.Concat(Enumerable.Range(0, columns).Select(column => (char)codes[(column * rows) + row])))]);
    }

    /// <summary>The numbers of a data element, whatever type they are stored in.</summary>
    private double[] Integers((int Type, ReadOnlyMemory<byte> Body) element)
    {
        var (type, body) = element;
        if (type is 16 or 17 or 18)
        {
            var encoding = type == 16 ? Encoding.UTF8 : type == 17 ? (_swapped ? Encoding.BigEndianUnicode : Encoding.Unicode) : Encoding.UTF32;
            return [.. encoding.GetString(body.Span).Select(c => (double)c)];
        }

        var size = type switch { 1 or 2 => 1, 3 or 4 => 2, 5 or 6 or 7 => 4, 9 or 12 or 13 => 8, _ => throw Wrong(null, $"numbers of type {type}, which is none of the format's") };
        var values = new double[body.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var at = body.Span.Slice(i * size, size);
            values[i] = type switch
            {
                1 => (sbyte)at[0],
                2 => at[0],
                3 => _swapped ? BinaryPrimitives.ReadInt16BigEndian(at) : BinaryPrimitives.ReadInt16LittleEndian(at),
                4 => _swapped ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
                5 => Int(at),
                6 => (uint)Int(at),
                7 => BitConverter.Int32BitsToSingle(Int(at)),
                9 => BitConverter.Int64BitsToDouble(Long(at)),
                12 => Long(at),
                _ => (ulong)Long(at),
            };
        }

        return values;
    }

    private int Int(ReadOnlySpan<byte> at) => _swapped ? BinaryPrimitives.ReadInt32BigEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);

    private long Long(ReadOnlySpan<byte> at) => _swapped ? BinaryPrimitives.ReadInt64BigEndian(at) : BinaryPrimitives.ReadInt64LittleEndian(at);

    private SemblanceFormatException Wrong(int? at, string problem) => new(_path, problem, at);
}
