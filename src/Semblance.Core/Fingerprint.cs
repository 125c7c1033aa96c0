namespace Semblance.Core;

/// <summary>Names one exact encoder: weights, preprocessing and tokenizer. Embeddings of different fingerprints are never compared.</summary>
/// <param name="Hex">64 lower-case hexadecimal digits, a SHA-256; made by <see cref="FingerprintBuilder"/>.</param>
public readonly record struct Fingerprint(string Hex)
{
    /// <summary>The first 12 digits, for people; a file stores all 64.</summary>
    public string Short => Hex[..12];

    /// <summary>Reads 64 hexadecimal digits of either case.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static Fingerprint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 64 && text.All(char.IsAsciiHexDigit)
            ? new Fingerprint(text.ToLowerInvariant())
            : throw new FormatException($"\"{text}\" is no fingerprint, expected 64 hexadecimal digits");
    }

    /// <summary>All 64 digits.</summary>
    public override string ToString() => Hex;
}
