using Semblance.Text;

namespace Semblance.Data.Baselines;

/// <summary>
/// The colours that a caption gives the clothes, read by rule: a colour belongs to the next garment named in its clause, or else to the last one before it;
/// after "is" or "are" it belongs to the garment just named.
/// </summary>
/// <param name="Upper">Colours of the upper body, in the caption's order; empty when it names none.</param>
/// <param name="Lower">Colours of the lower body.</param>
internal sealed record ClothesColours(IReadOnlyList<ColourName> Upper, IReadOnlyList<ColourName> Lower)
{
    private const int LongestPhrase = 3;

    // Words of CUHK-PEDES-like captions, plurals cut to the stem that Part looks for.
    private static readonly Dictionary<string, Place> Things = Named(
        (Place.Upper, "coat jacket hoodie hoody shirt tshirt t-shirt tee top blouse sweater sweatshirt jumper pullover cardigan vest gilet blazer parka overcoat raincoat windbreaker tunic tank polo suit waistcoat jersey anorak"),
        (Place.Lower, "trouser pant jean slack bottom short skirt legging capri chino denim"),
        (Place.Both, "dress clothe clothing outfit gown jumpsuit garment attire uniform robe"),
        (Place.Neither, "hair shoe sneaker boot sandal trainer footwear heel sock slipper bag backpack handbag purse umbrella hat cap beanie glass phone scarf tie belt strap logo print stripe rucksack hood ponytail glove mask"));

    private static readonly ColourName[] DarkTones = [ColourName.Black, ColourName.DarkGrey, ColourName.Navy];
    private static readonly ColourName[] LightTones = [ColourName.White, ColourName.Cream, ColourName.LightGrey];
    private static readonly ColourName[] BrightTones = [ColourName.Red, ColourName.Orange, ColourName.Yellow, ColourName.Turquoise, ColourName.Magenta];

    private enum Place { Neither, Upper, Lower, Both }

    public static ClothesColours Of(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        List<ColourName> upper = [];
        List<ColourName> lower = [];
        foreach (var clause in caption.ToLowerInvariant().Split(['.', ',', ';', ':', '!', '?'], StringSplitOptions.RemoveEmptyEntries))
        {
            List<ColourName> waiting = [];
            Place? last = null;
            var saysOfLast = false;
            var words = clause.Split([' ', '(', ')', '"'], StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < words.Length; i++)
            {
                if (ColoursAt(words, i) is var (colours, length))
                {
                    i += length - 1;
                    if (saysOfLast)
                    {
                        Give(last!.Value, colours);
                    }
                    else
                    {
                        waiting.AddRange(colours);
                    }

                    continue;
                }

                saysOfLast = last is not null && (words[i] is "is" or "are" || (saysOfLast && words[i] is "and" or "or" or "mostly" or "very" or "also"));
                if (saysOfLast)
                {
                    continue;
                }

                if (PlaceOf(words[i]) is { } place)
                {
                    // Jeans are blue unless somebody says otherwise.
                    Give(place, waiting.Count == 0 && words[i] is "jeans" or "denim" or "denims" ? [ColourName.Blue, ColourName.DarkBlue] : waiting);
                    waiting.Clear();
                    last = place;
                }
            }

            if (last is { } before)
            {
                Give(before, waiting);
            }
        }

        return new ClothesColours(upper, lower);

        void Give(Place place, IReadOnlyList<ColourName> colours)
        {
            if (place is Place.Upper or Place.Both)
            {
                upper.AddRange(colours);
            }

            if (place is Place.Lower or Place.Both)
            {
                lower.AddRange(colours);
            }
        }
    }

    private static (ColourName[] Colours, int Length)? ColoursAt(string[] words, int start)
    {
        for (var length = Math.Min(LongestPhrase, words.Length - start); length > 0; length--)
        {
            if (CaptionWords.ColourOf(string.Join(' ', words, start, length)) is { } colour)
            {
                return ([colour], length);
            }
        }

        return words[start] switch
        {
            "dark" or "dark-coloured" or "dark-colored" => (DarkTones, 1),
            "light" or "pale" or "light-coloured" or "light-colored" => (LightTones, 1),
            "bright" or "colourful" or "colorful" or "vivid" => (BrightTones, 1),
            _ => null,
        };
    }

    private static Place? PlaceOf(string word)
    {
        // The last part of "zip-up" words counts, and "shorts" is no "short".
        if (Things.TryGetValue(word, out var place) && word != "short")
        {
            return place;
        }

        var stem = word.EndsWith("es", StringComparison.Ordinal) && Things.ContainsKey(word[..^2]) ? word[..^2] : word.EndsWith('s') ? word[..^1] : null;
        return stem is not null && Things.TryGetValue(stem, out place) ? place : null;
    }

    private static Dictionary<string, Place> Named(params (Place Place, string Words)[] lists) =>
        lists.SelectMany(list => list.Words.Split(' ').Select(word => (word, list.Place))).ToDictionary(pair => pair.word, pair => pair.Place, StringComparer.Ordinal);
}
