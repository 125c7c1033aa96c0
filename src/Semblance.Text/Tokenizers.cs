using System.Text;
using Semblance.Core;

namespace Semblance.Text;

/// <summary>Opens whichever tokenizer a file holds.</summary>
public static class Tokenizers
{
    /// <summary>Reads a vocabulary of word pieces (BERT's <c>vocab.txt</c>, or one that was learnt here), or the merges of byte pairs (CLIP's, packed or not), told apart by content.</summary>
    /// <exception cref="SemblanceFormatException">The file is missing, damaged or neither.</exception>
    public static ITokenizer Load(string path) => HoldsMerges(path) ? BytePairTokenizer.Load(path) : WordPieceTokenizer.Load(path);

    /// <summary>A merges file is packed, names its version, or has two pieces with a blank between them; a word piece holds no blank.</summary>
    private static bool HoldsMerges(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[200];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (length >= 2 && start[0] == 0x1f && start[1] == 0x8b)
        {
            return true;
        }

        var line = Encoding.UTF8.GetString(start[..length]).TrimStart('\uFEFF').Split('\n')[0].TrimEnd('\r');
        return line.Contains("#version", StringComparison.Ordinal) || line.Contains(' ', StringComparison.Ordinal);
    }
}
