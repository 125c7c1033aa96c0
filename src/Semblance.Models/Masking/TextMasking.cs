using Semblance.Core;

namespace Semblance.Models.Masking;

/// <summary>
/// BERT's masking of words: <c>max(1, round(0.15 candidates))</c> tokens are chosen; of these 80 % become [MASK], 10 % a random word piece, 10 % stay as they are.
/// </summary>
/// <param name="vocabularySize">Entries of the vocabulary; random replacements are drawn from it.</param>
/// <param name="maskId">Id of [MASK].</param>
/// <param name="isSpecial">Tells ids that are never drawn as replacements: [PAD], [UNK], [CLS], [SEP], [MASK].</param>
public sealed class TextMasking(int vocabularySize, int maskId, Func<int, bool> isSpecial)
{
    /// <summary>Masks one caption.</summary>
    /// <param name="ids">Token ids with [CLS], [SEP] and padding, <c>[L]</c>.</param>
    /// <param name="wordIndex">The word that each token belongs to; -1 for [CLS], [SEP] and padding, <c>[L]</c>.</param>
    /// <param name="words">The words themselves, lower case; only the bias reads them.</param>
    /// <param name="options">Ratio, whole words, bias.</param>
    /// <param name="random">The sample's stream.</param>
    /// <returns>At least one token is masked unless there are no words at all.</returns>
    /// <remarks>
    /// With whole words (decision D15), words are drawn in random order and taken while they fit the budget, so the count may stay below it by less than a word; the first word
    /// drawn is always taken. With <see cref="MmetOptions.AttributeBias"/>, each draw comes with probability 0.5 from the words about looks, while there are any (decision D16).
    /// </remarks>
    public MaskedText Mask(ReadOnlySpan<int> ids, ReadOnlySpan<int> wordIndex, IReadOnlyList<string> words, MmetOptions options, ref Randomness random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(words);
        if (ids.Length != wordIndex.Length)
        {
            throw new ArgumentException($"{ids.Length} token ids but {wordIndex.Length} word indices: expected as many", nameof(wordIndex));
        }

        var masked = ids.ToArray();
        var labels = new int[ids.Length];
        Array.Fill(labels, -1);
        var units = Units(wordIndex, options.WholeWords);
        var candidates = units.Sum(unit => unit.Length);
        var budget = Math.Max(1, (int)Math.Round(options.TextMaskRatio * candidates, MidpointRounding.AwayFromZero));
        var taken = 0;
        foreach (var unit in options.AttributeBias ? LooksFirst(units, wordIndex, words, ref random) : Shuffled(units, ref random))
        {
            if (taken > 0 && taken + unit.Length > budget)
            {
                continue;
            }

            foreach (var position in unit)
            {
                labels[position] = ids[position];
                masked[position] = Replacement(ids[position], ref random);
            }

            taken += unit.Length;
            if (taken >= budget)
            {
                break;
            }
        }

        return new MaskedText(masked, labels);
    }

    private int Replacement(int id, ref Randomness random)
    {
        switch (random.NextDouble())
        {
            case < 0.8:
                return maskId;
            case < 0.9:
                int drawn;
                do
                {
                    drawn = random.Next(vocabularySize);
                }
                while (isSpecial(drawn));
                return drawn;
            default:
                return id;
        }
    }

    private static List<int[]> Units(ReadOnlySpan<int> wordIndex, bool wholeWords)
    {
        var units = new List<int[]>();
        for (var i = 0; i < wordIndex.Length; i++)
        {
            if (wordIndex[i] < 0)
            {
                continue;
            }

            var end = i + 1;
            while (wholeWords && end < wordIndex.Length && wordIndex[end] == wordIndex[i])
            {
                end++;
            }

            units.Add([.. Enumerable.Range(i, end - i)]);
            i = end - 1;
        }

        return units;
    }

    private static List<int[]> Shuffled(List<int[]> units, ref Randomness random)
    {
        var shuffled = units.ToArray();
        random.Shuffle<int[]>(shuffled);
        return [.. shuffled];
    }

    /// <summary>Each next unit comes with probability 0.5 from the words about looks, while there are both kinds.</summary>
    private static List<int[]> LooksFirst(List<int[]> units, ReadOnlySpan<int> wordIndex, IReadOnlyList<string> words, ref Randomness random)
    {
        var (looks, rest) = (new Queue<int[]>(), new Queue<int[]>());
        foreach (var unit in Shuffled(units, ref random))
        {
            (AttributeWords.Contains(words[wordIndex[unit[0]]]) ? looks : rest).Enqueue(unit);
        }

        var order = new List<int[]>(units.Count);
        while (order.Count < units.Count)
        {
            var fromLooks = rest.Count == 0 || (looks.Count > 0 && random.Chance(0.5));
            order.Add(fromLooks ? looks.Dequeue() : rest.Dequeue());
        }

        return order;
    }
}
