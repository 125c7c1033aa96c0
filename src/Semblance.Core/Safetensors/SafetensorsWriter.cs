using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Semblance.Core.Safetensors;

/// <summary>Writes safetensors files: the same tensors and words give the same bytes, whatever order they come in.</summary>
/// <remarks>
/// Tensors stand by element size, widest first, then by name, and the header is padded with spaces to eight bytes:
/// so every tensor is aligned to its element without a hole, which the format forbids.
/// </remarks>
public static class SafetensorsWriter
{
    /// <summary>Replaces <paramref name="path"/> atomically: a killed process leaves the old file or the new one.</summary>
    /// <param name="path">Folders that are missing are made.</param>
    /// <param name="items">Tensors with unique names, in any order.</param>
    /// <param name="metadata">Words to store under <c>__metadata__</c>.</param>
    /// <exception cref="ArgumentException">Two items share a name, or a shape cannot be stored.</exception>
    /// <exception cref="InvalidOperationException">An item wrote another number of bytes than its shape says; the old file stays.</exception>
    public static void Write(string path, IEnumerable<SafetensorsItem> items, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = Ordered(items);
        AtomicFile.Write(path, stream => Write(stream, ordered, metadata));
    }

    /// <summary>The same bytes into a stream, which needs no seeking.</summary>
    /// <inheritdoc cref="Write(string, IEnumerable{SafetensorsItem}, IReadOnlyDictionary{string, string}?)"/>
    public static void Write(Stream stream, IEnumerable<SafetensorsItem> items, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var ordered = Ordered(items);
        var header = Header(ordered, metadata);
        var padded = (header.Length + 7) / 8 * 8;
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)padded);
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("       "u8[..(padded - header.Length)]);
        foreach (var item in ordered)
        {
            using var counted = new CountedStream(stream);
            item.Write(counted);
            if (counted.Length != SafetensorsHeader.ByteLength(item.Dtype, item.Shape))
            {
                throw new InvalidOperationException(
                    $"\"{item.Name}\" wrote {counted.Length} bytes, {item.Dtype.Word()} [{string.Join(", ", item.Shape)}] has {SafetensorsHeader.ByteLength(item.Dtype, item.Shape)}");
            }
        }
    }

    private static SafetensorsItem[] Ordered(IEnumerable<SafetensorsItem> items)
    {
        SafetensorsItem[] ordered = [.. items.OrderByDescending(item => item.Dtype.ByteSize()).ThenBy(item => item.Name, StringComparer.Ordinal)];
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        foreach (var item in ordered)
        {
            if (!names.Add(item.Name))
            {
                throw new ArgumentException($"the name \"{item.Name}\" is used twice or is the format's own: give every tensor its own name", nameof(items));
            }

            if (item.Shape.Count > SafetensorsHeader.MaxRank || item.Shape.Any(size => size < 0) || SafetensorsHeader.ByteLength(item.Dtype, item.Shape) is null)
            {
                throw new ArgumentException($"\"{item.Name}\" has the shape [{string.Join(", ", item.Shape)}], which cannot be stored", nameof(items));
            }
        }

        return ordered;
    }

    private static byte[] Header(SafetensorsItem[] ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var item in ordered)
            {
                json.WriteStartObject(item.Name);
                json.WriteString("dtype", item.Dtype.Word());
                json.WriteStartArray("shape");
                foreach (var size in item.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset = checked(offset + SafetensorsHeader.ByteLength(item.Dtype, item.Shape)!.Value));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenCount <= SafetensorsHeader.MaxHeaderBytes
            ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"the header would have {buffer.WrittenCount} bytes, at most {SafetensorsHeader.MaxHeaderBytes} can be read back: write fewer tensors or less metadata", nameof(metadata));
    }

    /// <summary>Counts what an item writes, and keeps it from closing the file.</summary>
    private sealed class CountedStream(Stream inner) : Stream
    {
        private long _count;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _count;

        public override long Position
        {
            get => _count;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            _count += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
