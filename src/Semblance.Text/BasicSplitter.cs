using System.Globalization;
using System.Text;

namespace Semblance.Text;

/// <summary>BERT's uncased splitting of a text into words: no control characters, lower case, no accents, punctuation and CJK ideographs each a word.</summary>
/// <remarks>Devlin et al. 2019, the rules of <c>BasicTokenizer</c>. Text cannot spell special tokens: "[MASK]" gives three words.</remarks>
internal static class BasicSplitter
{
    public static List<string> Split(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is 0 or 0xFFFD)
            {
                continue;
            }

            var category = Rune.GetUnicodeCategory(rune);
            if (rune.Value is ' ' or '\t' or '\n' or '\r' || category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                Flush();
            }
            else if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark)
            {
                continue;
            }
            else if (IsIdeograph(rune.Value))
            {
                Flush();
                words.Add(rune.ToString());
            }
            else if (!rune.IsBmp)
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (Accents.IsHangulSyllable((char)rune.Value))
            {
                word.Append(Accents.Jamo((char)rune.Value));
            }
            else
            {
                var letter = char.ToLowerInvariant(Accents.Strip((char)rune.Value));
                if (IsPunctuation(letter))
                {
                    Flush();
                    words.Add(letter.ToString());
                }
                else
                {
                    word.Append(letter);
                }
            }
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
    }

    /// <summary>All ASCII that is neither letter, digit nor blank counts as punctuation, also <c>$</c>, <c>^</c> and <c>`</c>, which Unicode calls symbols.</summary>
    private static bool IsPunctuation(char c) => c < 128
        ? c is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : char.IsPunctuation(c);

    private static bool IsIdeograph(int c) => c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
