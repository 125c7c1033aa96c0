using System.Security.Cryptography;

namespace Semblance.Filing.Sources;

/// <summary>
/// What tells two files of one name apart in the keys of sightings: yesterday's cam1.avi is not today's, and two cards both have an IMG_0001. The same file keeps its key wherever
/// it lies, so that filing it again files nothing.
/// </summary>
internal static class ContentMark
{
    private const int Length = 10;

    /// <summary>Of bytes in memory.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Text(SHA256.HashData(content));

    /// <summary>Of a file that may be larger than memory.</summary>
    public static string OfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Text(SHA256.HashData(file));
    }

    private static string Text(byte[] hash) => Convert.ToHexStringLower(hash)[..Length];
}
