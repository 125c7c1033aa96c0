using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Semblance.Core.Safetensors;

/// <summary>The parsed and proven head of a safetensors file: every entry lies inside the file, fits its shape, and overlaps no other.</summary>
/// <remarks>
/// The format: eight bytes with the header's length N (little-endian), N bytes of JSON, then the tensors' bytes without holes.
/// Source: github.com/huggingface/safetensors, README, section "Format".
/// </remarks>
public sealed class SafetensorsHeader
{
    /// <summary>Longest header read, as in the format's own library.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    /// <summary>Most dimensions of one tensor; libtorch itself stops at 64.</summary>
    public const int MaxRank = 64;

    private const int LengthBytes = sizeof(ulong);

    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsHeader(List<SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
        _byName = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The words under <c>__metadata__</c>; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The entry of that name, or null.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads the head of a stream that stands at its start; the stream is left after the header.</summary>
    /// <param name="stream">Seekable, at position 0; its length bounds every offset.</param>
    /// <param name="path">Named in errors.</param>
    /// <exception cref="SemblanceFormatException">The file is not safetensors, is cut off, or its header lies; the position is a byte of the file.</exception>
    public static SafetensorsHeader Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> prefix = stackalloc byte[LengthBytes];
        var read = stream.ReadAtLeast(prefix, LengthBytes, throwOnEndOfStream: false);
        if (read < LengthBytes)
        {
            throw new SemblanceFormatException(path, $"the file has {read} bytes, a safetensors file starts with {LengthBytes} bytes of header length: it is cut off or another format", read);
        }

        var declared = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (declared > MaxHeaderBytes)
        {
            throw new SemblanceFormatException(path, $"the header claims {declared} bytes, at most {MaxHeaderBytes} are read: this is no safetensors file", 0);
        }

        var left = stream.Length - LengthBytes;
        if ((long)declared > left)
        {
            throw new SemblanceFormatException(path, $"the header claims {declared} bytes but only {left} follow: the file is cut off or no safetensors file", 0);
        }

        var json = new byte[declared];
        stream.ReadExactly(json);
        return Parse(json, stream.Length, path);
    }

    private static SafetensorsHeader Parse(byte[] json, long fileLength, string path)
    {
        var parser = new Parser(json, fileLength, path);
        return parser.Parse();
    }

    /// <summary>Walks the JSON once, so that a duplicate name is seen and every error knows its byte.</summary>
    private ref struct Parser(byte[] json, long fileLength, string path)
    {
        private readonly long _dataStart = LengthBytes + json.Length;
        private Utf8JsonReader _json = new(json, new JsonReaderOptions { MaxDepth = 8 });

        private readonly long Position => LengthBytes + _json.TokenStartIndex;

        public SafetensorsHeader Parse()
        {
            try
            {
                return ParseTensors();
            }
            catch (JsonException e)
            {
                throw new SemblanceFormatException(path, $"the header is not JSON: {e.Message}", LengthBytes + _json.BytesConsumed, e);
            }
            catch (InvalidOperationException e)
            {
                throw new SemblanceFormatException(path, $"the header holds text that is not UTF-8: {e.Message}", Position, e);
            }
        }

        private SafetensorsHeader ParseTensors()
        {
            var found = new List<(SafetensorsEntry Entry, long Position)>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            Expect(JsonTokenType.StartObject, "an object of tensors");
            while (NextProperty() is { } name)
            {
                var position = Position;
                if (!names.Add(name))
                {
                    throw Fault($"\"{name}\" appears twice, expected every name once", position);
                }

                if (name == "__metadata__")
                {
                    ParseMetadata(metadata);
                }
                else
                {
                    found.Add((ParseEntry(name, position), position));
                }
            }

            if (_json.Read())
            {
                throw Fault("something follows the header's closing brace, expected only spaces", Position);
            }

            return new SafetensorsHeader(Proven(found), metadata);
        }

        private void ParseMetadata(Dictionary<string, string> metadata)
        {
            Expect(JsonTokenType.StartObject, "__metadata__ as an object of strings");
            while (NextProperty() is { } key)
            {
                var position = Position;
                Expect(JsonTokenType.String, $"__metadata__ \"{key}\" as a string");
                if (!metadata.TryAdd(key, _json.GetString()!))
                {
                    throw Fault($"__metadata__ holds \"{key}\" twice", position);
                }
            }
        }

        private SafetensorsEntry ParseEntry(string name, long position)
        {
            SafetensorsDtype? dtype = null;
            List<long>? shape = null;
            List<long>? offsets = null;
            Expect(JsonTokenType.StartObject, $"\"{name}\" as an object with dtype, shape and data_offsets");
            while (NextProperty() is { } field)
            {
                var isNew = field switch
                {
                    "dtype" => dtype is null,
                    "shape" => shape is null,
                    "data_offsets" => offsets is null,
                    _ => throw Fault($"\"{name}\" has a field \"{field}\", expected dtype, shape and data_offsets", Position),
                };
                if (!isNew)
                {
                    throw Fault($"\"{name}\" gives its {field} twice", Position);
                }

                switch (field)
                {
                    case "dtype":
                        Expect(JsonTokenType.String, $"the dtype of \"{name}\" as a string");
                        var word = _json.GetString()!;
                        dtype = SafetensorsDtypes.Parse(word)
                            ?? throw Fault($"\"{name}\" has dtype \"{word}\", known are {SafetensorsDtypes.AllWords}", Position);
                        break;
                    case "shape":
                        shape = ParseNumbers($"the shape of \"{name}\"", MaxRank);
                        break;
                    default:
                        offsets = ParseNumbers($"the data_offsets of \"{name}\"", 2);
                        break;
                }
            }

            if (dtype is not { } known || shape is null || offsets is null)
            {
                throw Fault($"\"{name}\" lacks {(dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets")}", position);
            }

            if (offsets is not [var begin, var end])
            {
                throw Fault($"\"{name}\" has {offsets.Count} data_offsets, expected a begin and an end", position);
            }

            if (begin > end || end > fileLength - _dataStart)
            {
                throw Fault($"\"{name}\" lies at bytes {begin} to {end} of {fileLength - _dataStart} bytes of data: the file is cut off or its header lies", position);
            }

            return ByteLength(known, shape) is { } expected && expected == end - begin
                ? new SafetensorsEntry(name, known, shape.AsReadOnly(), _dataStart + begin, end - begin)
                : throw Fault($"\"{name}\" is {known.Word()} [{string.Join(", ", shape)}], which does not fill its {end - begin} bytes", position);
        }

        /// <summary>The format allows neither overlap nor hole: a byte belongs to exactly one tensor.</summary>
        private readonly List<SafetensorsEntry> Proven(List<(SafetensorsEntry Entry, long Position)> found)
        {
            var ordered = found.OrderBy(item => item.Entry.Offset).ThenBy(item => item.Entry.ByteLength).ThenBy(item => item.Entry.Name, StringComparer.Ordinal).ToList();
            var next = _dataStart;
            foreach (var (entry, position) in ordered)
            {
                if (entry.Offset != next)
                {
                    throw Fault(
                        $"\"{entry.Name}\" starts at byte {entry.Offset - _dataStart} of the data, expected {next - _dataStart}: tensors {(entry.Offset < next ? "overlap" : "leave a hole")}",
                        position);
                }

                next += entry.ByteLength;
            }

            return next == fileLength
                ? [.. ordered.Select(item => item.Entry)]
                : throw Fault($"the file goes on for {fileLength - next} bytes that belong to no tensor", next);
        }

        private string? NextProperty()
        {
            Read();
            return _json.TokenType == JsonTokenType.EndObject ? null : _json.GetString();
        }

        private List<long> ParseNumbers(string what, int most)
        {
            var numbers = new List<long>();
            Expect(JsonTokenType.StartArray, $"{what} as a list of whole numbers");
            while (true)
            {
                Read();
                if (_json.TokenType == JsonTokenType.EndArray)
                {
                    return numbers;
                }

                if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0)
                {
                    throw Fault($"{what} holds {_json.TokenType.ToString().ToLower(CultureInfo.InvariantCulture)} where a whole number from 0 to {long.MaxValue} was expected", Position);
                }

                if (numbers.Count == most)
                {
                    throw Fault($"{what} holds more than {most} numbers", Position);
                }

                numbers.Add(number);
            }
        }

        private void Expect(JsonTokenType type, string what)
        {
            Read();
            if (_json.TokenType != type)
            {
                throw Fault($"the header holds {_json.TokenType.ToString().ToLower(CultureInfo.InvariantCulture)}, expected {what}", Position);
            }
        }

        private void Read()
        {
            if (!_json.Read())
            {
                throw Fault("the header ends early", LengthBytes + _json.BytesConsumed);
            }
        }

        private readonly SemblanceFormatException Fault(string problem, long position) => new(path, problem, position);
    }

    /// <summary>Element count times element size, or null when that is more than 63 bits hold.</summary>
    internal static long? ByteLength(SafetensorsDtype dtype, IReadOnlyList<long> shape)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        var bytes = (Int128)dtype.ByteSize();
        foreach (var size in shape)
        {
            bytes *= size;
            if (bytes > long.MaxValue)
            {
                return null;
            }
        }

        return (long)bytes;
    }
}
