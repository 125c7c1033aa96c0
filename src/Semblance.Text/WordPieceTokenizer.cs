using System.Security.Cryptography;
using System.Text;
using Semblance.Core;

namespace Semblance.Text;

/// <summary>Turns text into token ids by BERT's uncased rules: words, then the longest vocabulary pieces from the left, pieces inside a word marked <c>##</c>.</summary>
/// <remarks>Immutable; safe to share between threads. The vocabulary file has one token per line; a token's id is its line, counted from 0.</remarks>
public sealed class WordPieceTokenizer : ITokenizer
{
    private const string Inside = "##";
    private const int LongestWord = 100;

    private readonly string[] _vocabulary;
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _continuations = new(StringComparer.Ordinal);
    private readonly HashSet<int> _special;

    private WordPieceTokenizer(string[] vocabulary, string name)
    {
        if (vocabulary.Length == 0)
        {
            throw new SemblanceFormatException(name, "the vocabulary is empty, expected one token per line");
        }

        for (var id = 0; id < vocabulary.Length; id++)
        {
            var token = vocabulary[id];
            if (token.Length == 0)
            {
                throw new SemblanceFormatException(name, "an empty line inside the vocabulary, expected one token per line (an id is a line number, so no line can be skipped)", id + 1);
            }

            var inside = token.StartsWith(Inside, StringComparison.Ordinal) && token.Length > Inside.Length;
            var pieces = inside ? _continuations : _starts;
            if (!pieces.TryAdd(inside ? token[Inside.Length..] : token, id))
            {
                throw new SemblanceFormatException(name, $"the token \"{token}\" occurs twice, on lines {pieces[inside ? token[Inside.Length..] : token] + 1} and {id + 1}", id + 1);
            }
        }

        var missing = SpecialTokens.All.Where(token => !_starts.ContainsKey(token)).ToArray();
        if (missing.Length > 0)
        {
            throw new SemblanceFormatException(name, $"the vocabulary of {vocabulary.Length} tokens lacks {string.Join(", ", missing)}: is this a WordPiece vocabulary file such as BERT's vocab.txt?");
        }

        _vocabulary = vocabulary;
        (PaddingId, UnknownId, ClassId, SeparatorId, MaskId) =
            (_starts[SpecialTokens.Padding], _starts[SpecialTokens.Unknown], _starts[SpecialTokens.Class], _starts[SpecialTokens.Separator], _starts[SpecialTokens.Mask]);
        _special = [PaddingId, UnknownId, ClassId, SeparatorId, MaskId];
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary))))[..16];
    }

    /// <summary>The tokens; a token's id is its index.</summary>
    public IReadOnlyList<string> Vocabulary => _vocabulary;

    /// <summary>How many tokens there are, special ones included.</summary>
    public int VocabularySize => _vocabulary.Length;

    /// <summary>16 hexadecimal digits over the vocabulary in its order: weights belong to one fingerprint.</summary>
    public string Fingerprint { get; }

    public int PaddingId { get; }

    public int UnknownId { get; }

    public int ClassId { get; }

    public int SeparatorId { get; }

    public int MaskId { get; }

    /// <summary>Reads a vocabulary file: UTF-8, one token per line; a byte-order mark, Windows line ends and empty lines at the end are accepted.</summary>
    /// <exception cref="SemblanceFormatException">The file is missing, not UTF-8, empty, names a token twice or lacks a special token.</exception>
    public static WordPieceTokenizer Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new SemblanceFormatException(path, "no such vocabulary file, expected one token per line");
        }

        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException error)
        {
            throw new SemblanceFormatException(path, "the vocabulary is not UTF-8 text", error.Index, error);
        }

        var lines = text.TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return new WordPieceTokenizer([.. lines], path);
    }

    /// <summary>Takes the tokens from memory, ids in their order.</summary>
    /// <exception cref="SemblanceFormatException">As <see cref="Load"/>.</exception>
    public static WordPieceTokenizer FromVocabulary(IEnumerable<string> words) => new([.. words], "vocabulary");

    /// <summary>Writes the vocabulary file, atomically.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, string.Join('\n', _vocabulary) + "\n");

    /// <summary>True for the five special tokens.</summary>
    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The text as <c>[CLS] pieces [SEP]</c>, cut or padded to a length; what was cut or unknown is counted in the result.</summary>
    /// <param name="text">Any text; nothing in it is an error.</param>
    /// <param name="length">Tokens in the result, 3 or more.</param>
    public TokenSequence Encode(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 3);
        var ids = new int[length];
        var wordIndex = new int[length];
        Array.Fill(ids, PaddingId);
        Array.Fill(wordIndex, -1);
        ids[0] = ClassId;
        var (count, unknown, dropped) = (1, 0, 0);
        List<string> words = [];
        List<int> pieces = [];
        foreach (var word in BasicSplitter.Split(text))
        {
            pieces.Clear();
            Cut(word, pieces);
            if (count == length - 1)
            {
                dropped += pieces.Count;
                continue;
            }

            unknown += pieces[0] == UnknownId ? 1 : 0;
            foreach (var piece in pieces)
            {
                if (count == length - 1)
                {
                    dropped++;
                    continue;
                }

                ids[count] = piece;
                wordIndex[count++] = words.Count;
            }

            words.Add(word);
        }

        ids[count++] = SeparatorId;
        return new TokenSequence(ids, count, wordIndex, words, unknown, dropped);
    }

    /// <summary>The pieces of a text as they stand in the vocabulary, without special tokens around them.</summary>
    public IReadOnlyList<string> Tokenise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<int> pieces = [];
        foreach (var word in BasicSplitter.Split(text))
        {
            Cut(word, pieces);
        }

        return [.. pieces.Select(id => _vocabulary[id])];
    }

    /// <summary>Tokens as text: pieces joined to words, words by blanks; [CLS], [SEP] and [PAD] are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)_vocabulary.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"token {id} is not in the vocabulary of {_vocabulary.Length}");
            }

            if (id == ClassId || id == SeparatorId || id == PaddingId)
            {
                continue;
            }

            var token = _vocabulary[id];
            if (token.Length > Inside.Length && token.StartsWith(Inside, StringComparison.Ordinal))
            {
                text.Append(token.AsSpan(Inside.Length));
            }
            else
            {
                text.Append(text.Length > 0 ? " " : "").Append(token);
            }
        }

        return text.ToString();
    }

    /// <summary>Greedy, longest match first; a word with any part that has no piece is wholly unknown.</summary>
    private void Cut(string word, List<int> pieces)
    {
        var first = pieces.Count;
        if (word.Length > LongestWord)
        {
            pieces.Add(UnknownId);
            return;
        }

        var starts = _starts.GetAlternateLookup<ReadOnlySpan<char>>();
        var continuations = _continuations.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start < word.Length;)
        {
            var end = word.Length;
            var id = -1;
            while (end > start && !(start == 0 ? starts : continuations).TryGetValue(word.AsSpan(start, end - start), out id))
            {
                end--;
            }

            if (end == start)
            {
                pieces.RemoveRange(first, pieces.Count - first);
                pieces.Add(UnknownId);
                return;
            }

            pieces.Add(id);
            start = end;
        }
    }
}
