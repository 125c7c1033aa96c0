using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Semblance.Core.Safetensors;

namespace Semblance.Core.Checkpoints;

/// <summary>
/// A PyTorch checkpoint (<c>.pth</c>, <c>.pt</c>, <c>.bin</c>), read without Python and without running anything that it holds: the zip format of PyTorch 1.6 and newer,
/// the format before it, and the weights of TorchScript archives.
/// </summary>
/// <remarks>
/// <para>A checkpoint is a pickle, which is a program. Here it is interpreted by a machine that knows tensors, numbers, text and plain containers; any other name is refused by that name.
/// Hostile input is safe: sizes, strides and offsets are proven against the storages, and storages against the file, before any byte of data is reachable.</para>
/// <para>Sources: PyTorch 1.13, <c>torch/serialization.py</c> (<c>_legacy_save</c>, <c>_save</c>) and <c>torch/_utils.py</c>. Thread-safe for reading.</para>
/// </remarks>
public sealed class TorchCheckpoint : IDisposable
{
    /// <summary>Longest pickle read; that of a checkpoint with thousands of tensors has less than a megabyte.</summary>
    public const int MaxPickleBytes = 1 << 25;

    private const int MaxDepth = 32;
    private const int MaxValues = 2_000_000;
    private const int MaxNameLength = 512;
    private const int MaxTensors = 200_000;
    private const long LegacyProtocol = 1001;

    private static readonly BigInteger LegacyMagic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.HexNumber);
    private static readonly byte[] ZipMagic = [(byte)'P', (byte)'K', 3, 4];

    private readonly FileStream _stream;
    private readonly long _length;
    private readonly OrderedDictionary<string, CheckpointEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, long Length)> _storages = new(StringComparer.Ordinal);

    private TorchCheckpoint(string path, FileStream stream)
    {
        (Path, _stream, _length) = (path, stream, stream.Length);
        var root = StartsWith(ZipMagic) ? ReadZip() : ReadLegacy();
        var visited = 0;
        Collect("", root, 0, ref visited);
        foreach (var entry in _entries.Values)
        {
            Prove(entry);
        }
    }

    /// <summary>The path it was opened with.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of the checkpoint, at any depth of its dictionaries and lists; what is no tensor is left out.</summary>
    public IReadOnlyList<CheckpointEntry> Entries => [.. _entries.Values];

    /// <summary>Opens and proves a checkpoint; no tensor is read yet.</summary>
    /// <exception cref="SemblanceFormatException">The file is no checkpoint, is cut off, lies, or names something other than tensors and plain data.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static TorchCheckpoint Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            return new TorchCheckpoint(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether the checkpoint holds a tensor of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>The entry of that name.</summary>
    /// <exception cref="SemblanceFormatException">There is none; the message offers the nearest name.</exception>
    public CheckpointEntry this[string name] => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new SemblanceFormatException(Path, $"no tensor \"{name}\" among {_entries.Count}{Suggestion.DidYouMean(name, _entries.Keys)}");

    /// <summary>Copies bytes of the part of the storage that a tensor uses, from its first element to its last: the tensor itself where it is contiguous.</summary>
    /// <param name="name">Of the tensor.</param>
    /// <param name="offset">First byte within that part.</param>
    /// <param name="destination">Filled.</param>
    /// <exception cref="ArgumentOutOfRangeException">The piece does not lie inside the part.</exception>
    public void Read(string name, long offset, Span<byte> destination)
    {
        var entry = this[name];
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, (entry.Extent * entry.Dtype.ByteSize()) - destination.Length);
        if (!destination.IsEmpty)
        {
            Fill(_storages[entry.View.Storage.Key].Offset + (entry.View.Offset * entry.Dtype.ByteSize()) + offset, destination);
        }
    }

    public void Dispose() => _stream.Dispose();

    private object? ReadZip()
    {
        var zip = new StoredZip(Bytes, _length, Path);
        string[] pickles = [.. zip.Names.Where(name => name == "data.pkl" || (name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(c => c == '/') == 1))];
        if (pickles is not [var pickle])
        {
            throw Fault($"a zip file with {pickles.Length} entries data.pkl, expected one: this is no PyTorch checkpoint");
        }

        var root = pickle[..^"data.pkl".Length];
        if (zip.Find(root + "byteorder") is { } order && (order.Length > 16 || !Bytes(order.Offset, (int)order.Length).AsSpan().SequenceEqual("little"u8)))
        {
            throw Fault("the checkpoint was written by a machine of another byte order, expected little-endian: save it again on a usual one", order.Offset);
        }

        foreach (var name in zip.Names.Where(name => name.StartsWith(root + "data/", StringComparison.Ordinal)))
        {
            _storages.Add(name[(root.Length + "data/".Length)..], zip.Find(name)!.Value);
        }

        var (offset, length) = zip.Find(pickle)!.Value;
        if (length > MaxPickleBytes)
        {
            throw Fault($"the pickle has {length} bytes, at most {MaxPickleBytes} are read", offset);
        }

        var at = 0;
        var isScript = zip.Names.Any(name => name.StartsWith(root + "code/", StringComparison.Ordinal));
        return PickleMachine.Run(Bytes(offset, (int)length), ref at, offset, Path, new TorchGlobals(isScript));
    }

    /// <summary>Five pickles (magic number, protocol, machine, object, keys of the storages), then for each key the number of elements and the elements.</summary>
    private object? ReadLegacy()
    {
        var head = Bytes(0, (int)Math.Min(_length, MaxPickleBytes));
        var globals = new TorchGlobals(isScript: false);
        var at = 0;
        if (head is not [0x80, ..] || Next() is not BigInteger magic || magic != LegacyMagic)
        {
            throw Fault("neither a zip file nor PyTorch's older format, expected a file written by torch.save", 0);
        }

        if (Next() is var protocol && protocol is not LegacyProtocol)
        {
            throw Fault($"the checkpoint has format {protocol}, expected {LegacyProtocol}", at);
        }

        var isLittle = Next() is PickleDictionary machine && machine.Items.Any(item => item is ("little_endian", true));
        if (!isLittle)
        {
            throw Fault("the checkpoint does not say that it is little-endian: save it again on a usual machine", at);
        }

        var root = Next();
        if (Next() is not List<object?> keys)
        {
            throw Fault("the checkpoint lacks the list of its storages", at);
        }

        var widths = new Dictionary<string, (int Width, long Count)>(StringComparer.Ordinal);
        foreach (var storage in globals.Seen)
        {
            if (!widths.TryAdd(storage.Key, (storage.Dtype.ByteSize(), storage.Count)) && widths[storage.Key] != (storage.Dtype.ByteSize(), storage.Count))
            {
                throw Fault($"storage \"{storage.Key}\" is claimed with two sizes", at);
            }
        }

        long place = at;
        foreach (var item in keys)
        {
            if (item is not string key || !widths.TryGetValue(key, out var claimed))
            {
                throw Fault($"the checkpoint lists a storage \"{item}\" that no tensor uses", place);
            }

            if (place > _length - sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(Bytes(place, sizeof(long))) is var count && count != claimed.Count)
            {
                throw Fault($"storage \"{key}\" should have {claimed.Count} elements here, but the file is cut off or says otherwise", place);
            }

            place += sizeof(long);
            var length = claimed.Count * claimed.Width;
            if (length > _length - place || !_storages.TryAdd(key, (place, length)))
            {
                throw Fault($"storage \"{key}\" claims {length} bytes but {_length - place} follow, or it is listed twice: the file is cut off", place);
            }

            place += length;
        }

        return root;

        object? Next() => PickleMachine.Run(head, ref at, 0, Path, globals);
    }

    /// <summary>Names every tensor by its keys. Shared and cyclic containers are bounded by depth and number of values.</summary>
    private void Collect(string name, object? value, int depth, ref int visited)
    {
        if (depth > MaxDepth || ++visited > MaxValues)
        {
            throw Fault($"the checkpoint nests deeper than {MaxDepth} or holds more than {MaxValues} values: no state dict does");
        }

        switch (value)
        {
            case TorchView view:
                if (_entries.Count == MaxTensors)
                {
                    throw Fault($"the checkpoint holds more than {MaxTensors} tensors: no state dict does");
                }

                if (!_entries.TryAdd(name, new CheckpointEntry(name, view.Storage.Dtype, view.Shape, view.Strides) { View = view }))
                {
                    throw Fault($"the tensor \"{name}\" appears twice");
                }

                break;
            case PickleDictionary dictionary:
                for (var i = 0; i < dictionary.Items.Count; i++)
                {
                    var (key, item) = dictionary.Items[i];
                    Collect(Joined(name, key as string ?? (key as long? ?? i).ToString(CultureInfo.InvariantCulture)), item, depth + 1, ref visited);
                }

                break;
            case List<object?> list:
                for (var i = 0; i < list.Count; i++)
                {
                    Collect(Joined(name, i.ToString(CultureInfo.InvariantCulture)), list[i], depth + 1, ref visited);
                }

                break;
            case object?[] tuple:
                for (var i = 0; i < tuple.Length; i++)
                {
                    Collect(Joined(name, i.ToString(CultureInfo.InvariantCulture)), tuple[i], depth + 1, ref visited);
                }

                break;
        }
    }

    private string Joined(string prefix, string key)
    {
        var name = prefix.Length == 0 ? key : $"{prefix}.{key}";
        return name.Length <= MaxNameLength ? name : throw Fault($"a name of {name.Length} letters (\"{name[..40]}...\"), expected at most {MaxNameLength}");
    }

    private void Prove(CheckpointEntry entry)
    {
        var storage = entry.View.Storage;
        if (!_storages.TryGetValue(storage.Key, out var place))
        {
            throw Fault($"\"{entry.Name}\" lies in storage \"{storage.Key}\", which the file does not hold");
        }

        if (storage.Count * storage.Dtype.ByteSize() > place.Length)
        {
            throw Fault($"\"{entry.Name}\" lies in storage \"{storage.Key}\", which claims {storage.Count} {storage.Dtype.Word()} elements but has {place.Length} bytes", place.Offset);
        }
    }

    private bool StartsWith(byte[] magic) => _length >= magic.Length && Bytes(0, magic.Length).AsSpan().SequenceEqual(magic);

    private byte[] Bytes(long offset, int count)
    {
        var bytes = new byte[count];
        Fill(offset, bytes);
        return bytes;
    }

    private void Fill(long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_stream.SafeFileHandle, destination, offset);
            if (read == 0)
            {
                throw Fault($"the file ends at byte {offset}, where {destination.Length} more were expected: it is cut off", offset);
            }

            destination = destination[read..];
            offset += read;
        }
    }

    private SemblanceFormatException Fault(string problem, long? position = null) => new(Path, problem, position);
}
