using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Semblance.Core.Safetensors;

/// <summary>A safetensors file, mapped into memory: opening reads the header only, the operating system brings in the pages that are used.</summary>
/// <remarks>
/// Hostile input is safe: the whole header is proven against the file's length before any byte of data is reachable.
/// The file must not be shortened by another process while it is open; <see cref="AtomicFile"/> replaces files and so never does that.
/// Thread-safe for reading.
/// </remarks>
public sealed class SafetensorsReader : IDisposable
{
    private readonly SafetensorsHeader _header;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly nint _start;
    private bool _disposed;

    private SafetensorsReader(string path, SafetensorsHeader header, FileStream stream)
    {
        Path = path;
        _header = header;
        _file = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _handle = _view.SafeMemoryMappedViewHandle;
        unsafe
        {
            byte* pointer = null;
            _handle.AcquirePointer(ref pointer);
            _start = (nint)pointer + (nint)_view.PointerOffset;
        }
    }

    /// <summary>The path it was opened with.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Entries;

    /// <summary>The words under <c>__metadata__</c>; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens and proves a file.</summary>
    /// <exception cref="SemblanceFormatException">The file is not safetensors, is cut off, or its header lies.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsReader Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            return new SafetensorsReader(path, SafetensorsHeader.Read(stream, path), stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file holds a tensor of that name.</summary>
    public bool Contains(string name) => _header.Find(name) is not null;

    /// <summary>The entry of that name.</summary>
    /// <exception cref="SemblanceFormatException">There is none; the message offers the nearest name.</exception>
    public SafetensorsEntry this[string name] => _header.Find(name)
        ?? throw new SemblanceFormatException(Path, $"no tensor \"{name}\" among {Entries.Count}{Suggestion.DidYouMean(name, Entries.Select(entry => entry.Name))}");

    /// <summary>The bytes of a tensor where they lie in the mapped file: nothing is copied, and nothing may be read after disposal.</summary>
    /// <exception cref="NotSupportedException">The tensor has more bytes than a span can hold: use <see cref="Read"/> piece by piece.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = this[name];
        return entry.ByteLength <= int.MaxValue
            ? Piece(entry, 0, (int)entry.ByteLength)
            : throw new NotSupportedException($"{Path}: \"{name}\" has {entry.ByteLength} bytes, a span holds {int.MaxValue}: read it piece by piece");
    }

    /// <summary>Copies bytes of a tensor, starting at <paramref name="offset"/> within it, until <paramref name="destination"/> is full.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The piece does not lie inside the tensor.</exception>
    public void Read(string name, long offset, Span<byte> destination)
    {
        var entry = this[name];
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, entry.ByteLength - destination.Length);
        Piece(entry, offset, destination.Length).CopyTo(destination);
    }

    /// <summary>The elements of a tensor in a new array.</summary>
    /// <exception cref="SemblanceFormatException">The tensor is stored with another element type; nothing is converted in silence.</exception>
    public T[] ToArray<T>(string name)
        where T : unmanaged
    {
        var entry = this[name];
        if (entry.Dtype != SafetensorsDtypes.Of<T>())
        {
            throw new SemblanceFormatException(Path, $"\"{name}\" is stored as {entry.Dtype.Word()}, expected {SafetensorsDtypes.Of<T>().Word()}", entry.Offset);
        }

        var values = new T[entry.ElementCount];
        const int chunk = 1 << 27;
        for (long start = 0; start < values.Length; start += chunk)
        {
            var part = values.AsSpan((int)start, (int)Math.Min(chunk, values.Length - start));
            Read(name, start * entry.Dtype.ByteSize(), MemoryMarshal.AsBytes(part));
        }

        return values;
    }

    /// <summary>Unmaps the file; spans handed out before are dead.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _handle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }

    private unsafe ReadOnlySpan<byte> Piece(SafetensorsEntry entry, long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ReadOnlySpan<byte>((byte*)_start + entry.Offset + offset, length);
    }
}
