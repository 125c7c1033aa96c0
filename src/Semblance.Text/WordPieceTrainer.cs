namespace Semblance.Text;

/// <summary>Learns a WordPiece vocabulary from captions, so that a run from scratch needs no download.</summary>
/// <remarks>
/// In this order: the special tokens (ids 0 to 4), every letter, digit and punctuation mark of ASCII and every other character seen (as start and inside a
/// word, so that no Latin word is ever unknown), the most frequent words (at most half of the room left), then pieces by repeated merging of the most frequent
/// neighbours. Frequency decides, not the likelihood ratio of the first WordPiece: on a few thousand captions the ratio spends its room on rare pairs.
/// Ties go by ordinal order, so the same captions give the same vocabulary, in whatever order they come.
/// </remarks>
public static class WordPieceTrainer
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private const int RareCount = 2;

    /// <summary>Learns at most <paramref name="size"/> tokens; fewer when every word that occurs twice or more is whole before.</summary>
    /// <param name="captions">Any texts.</param>
    /// <param name="size">Most tokens, special ones included.</param>
    /// <exception cref="ArgumentException">There is no word in the captions, or the size has no room for the characters.</exception>
    public static WordPieceTokenizer Learn(IEnumerable<string> captions, int size)
    {
        ArgumentNullException.ThrowIfNull(captions);
        var counts = CountWords(captions);
        if (counts.Count == 0)
        {
            throw new ArgumentException("the captions hold no words, so there is nothing to learn a vocabulary from", nameof(captions));
        }

        List<string> vocabulary = [.. SpecialTokens.All];
        HashSet<string> known = new(vocabulary, StringComparer.Ordinal);
        foreach (var character in Characters(counts))
        {
            Add(character);
            if (!Punctuation.Contains(character, StringComparison.Ordinal))
            {
                Add("##" + character);
            }
        }

        if (vocabulary.Count > size)
        {
            throw new ArgumentException($"a vocabulary of {size} has no room for the {vocabulary.Count} special tokens and characters of these captions: ask for more", nameof(size));
        }

        var wholeWords = (size - vocabulary.Count) / 2;
        foreach (var (word, _) in counts.Where(entry => entry.Value >= RareCount && entry.Key.Length > 1).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(wholeWords))
        {
            Add(word);
        }

        var merges = new PieceMerges(counts);
        while (vocabulary.Count < size && merges.Next(RareCount) is { } piece)
        {
            Add(piece);
        }

        return WordPieceTokenizer.FromVocabulary(vocabulary);

        void Add(string token)
        {
            if (known.Add(token))
            {
                vocabulary.Add(token);
            }
        }
    }

    private static SortedDictionary<string, long> CountWords(IEnumerable<string> captions)
    {
        SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (var word in captions.SelectMany(BasicSplitter.Split))
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        return counts;
    }

    /// <summary>ASCII first, then what else occurs, by its code.</summary>
    private static IEnumerable<string> Characters(SortedDictionary<string, long> counts) =>
        (Alphabet + Punctuation).Select(c => c.ToString())
            .Concat(counts.Keys.SelectMany(word => word.EnumerateRunes()).Select(rune => rune.ToString()).Where(c => c[0] > 127).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
