using System.Text;

namespace Semblance.Text.Grammar;

/// <summary>The little grammar that caption phrases need: articles, lists and clean sentences.</summary>
internal static class English
{
    private static readonly string[] SoundsLikeConsonant = ["uni", "one", "eu", "use"];

    /// <summary>The phrase behind "a" or "an", by how it sounds.</summary>
    public static string An(string phrase) => (StartsWithVowelSound(phrase) ? "an " : "a ") + phrase;

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string List(IReadOnlyList<string> items, bool comma = false) => items.Count switch
    {
        0 => "",
        1 => items[0],
        2 => $"{items[0]} and {items[1]}",
        _ => $"{string.Join(", ", items.Take(items.Count - 1))}{(comma ? "," : "")} and {items[^1]}",
    };

    /// <summary>Capital first letter, single blanks, no blank before punctuation, a full stop at the end.</summary>
    public static string Sentence(string words)
    {
        var text = new StringBuilder(words.Length + 1);
        foreach (var c in words.Trim())
        {
            if (c == ' ' && text.Length > 0 && text[^1] == ' ')
            {
                continue;
            }

            if (c is ',' or '.' or ';' && text.Length > 0 && text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append(c);
        }

        text[0] = char.ToUpperInvariant(text[0]);
        return text.Append('.').ToString();
    }

    public static int CountWords(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    private static bool StartsWithVowelSound(string phrase) =>
        phrase.Length > 0
        && char.ToLowerInvariant(phrase[0]) is 'a' or 'e' or 'i' or 'o' or 'u'
        && !Array.Exists(SoundsLikeConsonant, start => phrase.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
