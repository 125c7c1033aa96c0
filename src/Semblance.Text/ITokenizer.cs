namespace Semblance.Text;

/// <summary>Turns texts into the numbers that a network was trained to read.</summary>
public interface ITokenizer
{
    /// <summary>How many tokens there are, special ones included.</summary>
    int VocabularySize { get; }

    /// <summary>What makes this tokenizer, line by line as its file holds it: the tokens, or the merges.</summary>
    IReadOnlyList<string> Vocabulary { get; }

    /// <summary>16 hexadecimal digits over <see cref="Vocabulary"/>: weights belong to one fingerprint.</summary>
    string Fingerprint { get; }

    /// <summary>What stands behind a text that is shorter than its row.</summary>
    int PaddingId { get; }

    /// <summary>The text between its special tokens, cut or padded to a length; what was cut or unknown is counted in the result.</summary>
    /// <param name="text">Any text; nothing in it is an error.</param>
    /// <param name="length">Tokens in the result, 3 or more.</param>
    TokenSequence Encode(string text, int length);

    /// <summary>Writes the file that <see cref="Tokenizers.Load"/> reads, atomically.</summary>
    void Save(string path);
}
