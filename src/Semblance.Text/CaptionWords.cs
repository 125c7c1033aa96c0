using System.Collections.Frozen;
using System.Text;
using Semblance.Text.Grammar;

namespace Semblance.Text;

/// <summary>What single words of a caption mean: sides that a mirrored picture swaps, words that name an attribute, words that name a colour.</summary>
public static class CaptionWords
{
    private static readonly FrozenDictionary<string, string> Mirrored = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["left"] = "right",
        ["right"] = "left",
        ["leftmost"] = "rightmost",
        ["rightmost"] = "leftmost",
        ["leftward"] = "rightward",
        ["rightward"] = "leftward",
        ["leftwards"] = "rightwards",
        ["rightwards"] = "leftwards",
        ["lefthand"] = "righthand",
        ["righthand"] = "lefthand",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, ColourName> ColourOfPhrase = Enum.GetValues<ColourName>()
        .SelectMany(colour => Lexicon.Colour(colour).All.Select((phrase, rank) => (phrase, colour, rank)))
        .GroupBy(entry => entry.phrase, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.MinBy(entry => entry.rank).colour, StringComparer.Ordinal);

    private static readonly int LongestPhrase = ColourOfPhrase.Keys.Max(phrase => phrase.Split(' ').Length);

    private static readonly FrozenSet<string> Attributes = AttributeWords();

    /// <summary>The caption of the mirrored picture: whole words for left and right change places, their case stays; anything else is untouched.</summary>
    public static string SwapLeftAndRight(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        var swapped = new StringBuilder(caption.Length);
        for (var start = 0; start < caption.Length;)
        {
            var end = start;
            while (end < caption.Length && char.IsLetter(caption[end]))
            {
                end++;
            }

            if (end == start)
            {
                swapped.Append(caption[start++]);
                continue;
            }

            var word = caption[start..end];
            swapped.Append(Mirrored.TryGetValue(word, out var other) ? InTheCaseOf(word, other) : word);
            start = end;
        }

        return swapped.ToString();
    }

    /// <summary>True for a word (lower case) that names how somebody looks: a colour, a garment, hair, gender, age, build, a bag, a hat.</summary>
    /// <remarks>For the option <c>attribute_bias</c> of masked language modelling (decision D16).</remarks>
    public static bool IsAttribute(string word) => Attributes.Contains(word);

    /// <summary>All ways in which captions name a colour; the first is the plain one.</summary>
    public static IReadOnlyList<string> PhrasesOf(ColourName colour) => Lexicon.Colour(colour).All;

    /// <summary>The colour that a phrase such as "navy blue" or "grey" names, or null.</summary>
    public static ColourName? ColourOf(string phrase)
    {
        ArgumentNullException.ThrowIfNull(phrase);
        return ColourOfPhrase.TryGetValue(phrase.ToLowerInvariant(), out var colour) ? colour : null;
    }

    /// <summary>The colours that a text names, in its order, the longest phrase first ("dark blue" is not "blue").</summary>
    public static IReadOnlyList<ColourName> ColoursIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.ToLowerInvariant().Split([' ', ',', '.', ';', ':', '!', '?'], StringSplitOptions.RemoveEmptyEntries);
        List<ColourName> found = [];
        for (var start = 0; start < words.Length;)
        {
            var length = Math.Min(LongestPhrase, words.Length - start);
            while (length > 0 && !ColourOfPhrase.ContainsKey(string.Join(' ', words.AsSpan(start, length)!)))
            {
                length--;
            }

            if (length > 0)
            {
                found.Add(ColourOfPhrase[string.Join(' ', words.AsSpan(start, length)!)]);
            }

            start += Math.Max(length, 1);
        }

        return found;
    }

    private static string InTheCaseOf(string word, string other) =>
        word.All(char.IsUpper) ? other.ToUpperInvariant() : char.IsUpper(word[0]) ? char.ToUpperInvariant(other[0]) + other[1..] : other;

    private static FrozenSet<string> AttributeWords()
    {
        Words[] lists =
        [
            .. Enum.GetValues<ColourName>().Select(Lexicon.Colour), .. Enum.GetValues<ColourName>().Select(Lexicon.HairColour),
            .. Enum.GetValues<UpperGarment>().Select(Lexicon.Upper), .. Enum.GetValues<LowerGarment>().Select(Lexicon.Lower),
            .. Enum.GetValues<Footwear>().Select(Lexicon.Feet), .. Enum.GetValues<Headwear>().Select(Lexicon.Head),
            Lexicon.Man, Lexicon.YoungMan, Lexicon.OldMan, Lexicon.Woman, Lexicon.YoungWoman, Lexicon.OldWoman, Lexicon.Slim, Lexicon.Heavy, Lexicon.Tall,
            Lexicon.Short, Lexicon.Striped, Lexicon.Checked, Lexicon.Printed, Lexicon.Print, Lexicon.Stripes, Lexicon.ShortSleeved, Lexicon.LongSleeved, Lexicon.Sleeveless,
            Lexicon.DarkTone, Lexicon.LightTone, Lexicon.BrightTone, Lexicon.MediumHair, Lexicon.Curly, Lexicon.Glasses, Lexicon.Backpack, Lexicon.Handbag, Lexicon.Umbrella,
        ];
        string[] more = ["hair", "bald", "ponytail", "bun", "phone", "smartphone", "hood", "dark", "light"];
        string[] not = ["a", "and", "in", "of", "on", "the", "some", "kind", "pair", "with", "person", "pedestrian", "upper", "body", "open", "very", "rather", "quite", "looking"];
        return lists.SelectMany(list => list.All).SelectMany(phrase => phrase.TrimEnd('+', '~').Split(' ', '-', '\''))
            .Concat(more).Where(word => word.Length > 1).Except(not).ToFrozenSet(StringComparer.Ordinal);
    }
}
