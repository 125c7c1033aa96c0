using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Semblance.Core;

namespace Semblance.Text;

/// <summary>Turns text into CLIP's token ids: bytes of words, joined pair by pair in the order of a merges file, the last piece of a word marked <c>&lt;/w&gt;</c>.</summary>
/// <remarks>
/// <para>Sennrich et al. 2016, arXiv 1508.07909, on bytes as in openai/CLIP, <c>clip/simple_tokenizer.py</c>. Ids: 256 bytes, the same 256 at the end of a word, one for each merge, start, end.
/// The user gives the file (<c>bpe_simple_vocab_16e6.txt.gz</c>); none is shipped.</para>
/// <para>Differences: broken encodings in the text are not guessed and repaired (CLIP calls ftfy); text cannot spell the start and end tokens; a word of more than 1000 letters is split there.
/// Immutable; safe to share between threads.</para>
/// </remarks>
public sealed partial class BytePairTokenizer : ITokenizer
{
    /// <summary>Merges that CLIP's models know, of the 262,144 in the file: ids up to 49,407.</summary>
    public const int ClipMerges = 49152 - 256 - 2;

    private const string WordEnd = "</w>";
    private const int Bytes = 256;
    private const int LargestFile = 1 << 26;
    private const int LongestWord = 1000;

    private static readonly char[] Letters = MakeLetters();

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Left, string Right), int> _ranks = [];
    private readonly string[] _pieces;
    private readonly string[] _merges;

    private BytePairTokenizer(IReadOnlyList<(string Left, string Right)> merges)
    {
        var letters = Enumerable.Range(0, Bytes).OrderBy(value => Letters[value] >= Bytes).ThenBy(value => value).Select(value => Letters[value].ToString()).ToArray();
        _pieces = [.. letters, .. letters.Select(letter => letter + WordEnd), .. merges.Select(pair => pair.Left + pair.Right)];
        for (var id = 0; id < _pieces.Length; id++)
        {
            _ids[_pieces[id]] = id;
        }

        for (var rank = 0; rank < merges.Count; rank++)
        {
            _ranks.TryAdd(merges[rank], rank);
        }

        StartId = _pieces.Length;
        EndId = _pieces.Length + 1;
        _merges = [.. merges.Select(pair => $"{pair.Left} {pair.Right}")];
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', _merges))))[..16];
    }

    /// <summary>The merges, most urgent first.</summary>
    public IReadOnlyList<string> Vocabulary => _merges;

    /// <summary>0, as CLIP pads: what stands behind the end token changes nothing before it.</summary>
    public int PaddingId => 0;

    /// <summary>How many tokens there are, start and end included: 49,408 with CLIP's file.</summary>
    public int VocabularySize => EndId + 1;

    /// <summary>Before every text.</summary>
    public int StartId { get; }

    /// <summary>After every text, and the highest id: CLIP finds a text's vector at it.</summary>
    public int EndId { get; }

    /// <summary>16 hexadecimal digits over the merges in their order: weights belong to one fingerprint.</summary>
    public string Fingerprint { get; }

    /// <summary>Reads a merges file: UTF-8, packed by gzip or not; a first line with <c>#version</c>, then two pieces a line, the most frequent pair first.</summary>
    /// <param name="path">As <c>bpe_simple_vocab_16e6.txt.gz</c>.</param>
    /// <param name="merges">Lines used at most.</param>
    /// <exception cref="SemblanceFormatException">The file is missing, damaged, not UTF-8, or a line is not two pieces.</exception>
    public static BytePairTokenizer Load(string path, int merges = ClipMerges)
    {
        if (!File.Exists(path))
        {
            throw new SemblanceFormatException(path, "no such merges file, expected CLIP's bpe_simple_vocab_16e6.txt.gz or its like");
        }

        return new BytePairTokenizer(Parse(ReadText(path), merges, path));
    }

    /// <summary>Takes the lines of a merges file from memory.</summary>
    /// <exception cref="SemblanceFormatException">As <see cref="Load"/>.</exception>
    public static BytePairTokenizer FromMerges(IEnumerable<string> lines, int merges = ClipMerges) => new(Parse(string.Join('\n', lines), merges, "merges"));

    /// <summary>Writes the merges file, unpacked, atomically.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, $"#version: 0.2\n{string.Join('\n', _merges)}\n");

    /// <summary>The text as start, pieces, end, cut or padded with 0 to a length; what was cut is counted in the result. No word is ever unknown.</summary>
    /// <param name="text">Any text; nothing in it is an error.</param>
    /// <param name="length">Tokens in the result, 3 or more; CLIP reads 77.</param>
    public TokenSequence Encode(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 3);
        var ids = new int[length];
        var wordIndex = new int[length];
        Array.Fill(wordIndex, -1);
        ids[0] = StartId;
        var (count, dropped) = (1, 0);
        List<string> words = [];
        foreach (var word in Words(text))
        {
            if (count < length - 1)
            {
                words.Add(word);
            }

            foreach (var piece in Join(word))
            {
                if (count == length - 1)
                {
                    dropped++;
                    continue;
                }

                ids[count] = _ids[piece];
                wordIndex[count++] = words.Count - 1;
            }
        }

        ids[count++] = EndId;
        return new TokenSequence(ids, count, wordIndex, words, Unknown: 0, dropped);
    }

    /// <summary>Tokens as text: bytes put together, words by blanks; start, end and what follows the end are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)VocabularySize)
            {
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"token {id} is not in the vocabulary of {VocabularySize}");
            }

            if (id == EndId)
            {
                break;
            }

            if (id == StartId)
            {
                continue;
            }

            var piece = _pieces[id];
            var ends = piece.EndsWith(WordEnd, StringComparison.Ordinal);
            bytes.AddRange((ends ? piece[..^WordEnd.Length] : piece).Select(letter => (byte)Array.IndexOf(Letters, letter)));
            if (ends)
            {
                bytes.Add((byte)' ');
            }
        }

        return Encoding.UTF8.GetString([.. bytes]).TrimEnd();
    }

    private static IEnumerable<string> Words(string text)
    {
        var clean = WebUtility.HtmlDecode(WebUtility.HtmlDecode(text)).ToLowerInvariant();
        foreach (Match match in WordPattern().Matches(clean))
        {
            for (var start = 0; start < match.Length; start += LongestWord)
            {
                yield return clean.Substring(match.Index + start, Math.Min(LongestWord, match.Length - start));
            }
        }
    }

    /// <summary>Letters of the word, then again and again the pair of neighbours that stands first in the file becomes one piece, wherever it occurs.</summary>
    private List<string> Join(string word)
    {
        List<string> pieces = [.. Encoding.UTF8.GetBytes(word).Select(value => Letters[value].ToString())];
        pieces[^1] += WordEnd;
        while (pieces.Count > 1)
        {
            var best = int.MaxValue;
            for (var i = 0; i + 1 < pieces.Count; i++)
            {
                best = Math.Min(best, _ranks.GetValueOrDefault((pieces[i], pieces[i + 1]), int.MaxValue));
            }

            if (best == int.MaxValue)
            {
                break;
            }

            List<string> joined = [];
            for (var i = 0; i < pieces.Count; i++)
            {
                if (i + 1 < pieces.Count && _ranks.GetValueOrDefault((pieces[i], pieces[i + 1]), int.MaxValue) == best)
                {
                    joined.Add(pieces[i] + pieces[++i]);
                }
                else
                {
                    joined.Add(pieces[i]);
                }
            }

            pieces = joined;
        }

        return pieces;
    }

    private static List<(string Left, string Right)> Parse(string text, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        List<(string, string)> merges = [];
        var lines = text.TrimStart('\uFEFF').Split('\n');
        var first = lines[0].Contains("#version", StringComparison.Ordinal) ? 1 : 0;
        for (var i = first; i < lines.Length && merges.Count < most; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0)
            {
                continue;
            }

            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2)
            {
                throw new SemblanceFormatException(name, $"a line with {parts.Length} pieces, expected two pieces with a blank between them: is this a merges file such as CLIP's bpe_simple_vocab_16e6.txt?", i + 1);
            }

            merges.Add((parts[0], parts[1]));
        }

        return merges.Count > 0 || most == 0 ? merges : throw new SemblanceFormatException(name, "the file holds no merges, expected two pieces a line");
    }

    private static string ReadText(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> magic = stackalloc byte[2];
            var isPacked = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
            file.Position = 0;
            using Stream stream = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = stream.Read(buffer)) > 0; bytes.Write(buffer, 0, read))
            {
                if (bytes.Length > LargestFile)
                {
                    throw new SemblanceFormatException(path, $"the merges file unpacks to more than {LargestFile} bytes: this is no merges file");
                }
            }

            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException error)
        {
            throw new SemblanceFormatException(path, "the merges file is not UTF-8 text", error.Index, error);
        }
        catch (InvalidDataException error)
        {
            throw new SemblanceFormatException(path, $"the merges file is damaged: {error.Message}", inner: error);
        }
    }

    /// <summary>A visible letter for every byte: printable Latin-1 stands for itself, the rest for the letters from U+0100 on.</summary>
    private static char[] MakeLetters()
    {
        var letters = new char[Bytes];
        var next = (char)Bytes;
        for (var value = 0; value < Bytes; value++)
        {
            letters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : next++;
        }

        return letters;
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex WordPattern();
}
