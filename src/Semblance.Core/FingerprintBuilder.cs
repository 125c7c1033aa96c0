using System.Security.Cryptography;
using System.Text;

namespace Semblance.Core;

/// <summary>Makes a <see cref="Fingerprint"/> from named streams of bytes, in any order: the same parts always give the same digits.</summary>
/// <remarks>
/// SHA-256 over one line per part, sorted by name: the SHA-256 of the part, its length and its name.
/// So bytes that move from one part to another, or a part that changes its name, change the fingerprint.
/// </remarks>
public sealed class FingerprintBuilder
{
    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);

    /// <summary>Adds bytes under a name.</summary>
    /// <exception cref="ArgumentException">The name is taken, or holds a line break.</exception>
    public FingerprintBuilder Add(string name, ReadOnlySpan<byte> bytes) => Add(name, SHA256.HashData(bytes), bytes.Length);

    /// <summary>Adds a text as UTF-8.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{byte})"/>
    public FingerprintBuilder Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds what is left of a stream, without holding it in memory.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{byte})"/>
    public FingerprintBuilder Add(string name, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        long length = 0;
        for (int read; (read = stream.Read(buffer)) > 0; length += read)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Add(name, hash.GetHashAndReset(), length);
    }

    /// <summary>Adds the content of a file; its path plays no part.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{byte})"/>
    public FingerprintBuilder AddFile(string name, string path)
    {
        using var stream = File.OpenRead(path);
        return Add(name, stream);
    }

    /// <summary>The fingerprint of all parts so far.</summary>
    /// <exception cref="InvalidOperationException">There is no part.</exception>
    public Fingerprint Build() => _lines.Count == 0
        ? throw new InvalidOperationException("a fingerprint needs at least one part")
        : new Fingerprint(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(_lines.Values)))));

    private FingerprintBuilder Add(string name, byte[] hash, long length)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Contains('\n', StringComparison.Ordinal) || !_lines.TryAdd(name, $"{Convert.ToHexStringLower(hash)} {length} {name}\n"))
        {
            throw new ArgumentException($"the part \"{name}\" is there already or holds a line break", nameof(name));
        }

        return this;
    }
}
