using System.Globalization;
using Semblance.Imaging;

namespace Semblance.Explanation;

/// <summary>Where in a picture each word of a caption is found.</summary>
public sealed record WordRegions
{
    /// <summary>A word that adds less than this share of the strongest one's is found nowhere in particular.</summary>
    private const double LeastShare = 0.1;

    /// <summary>Words that name nothing to be seen.</summary>
    private static readonly HashSet<string> FunctionWords =
    [
        "a", "an", "the", "this", "that", "these", "some", "and", "or", "but", "as", "with", "without", "in", "on", "of", "at", "by", "for", "from", "to", "over", "under", "up", "down", "off", "out",
        "he", "she", "they", "it", "who", "whose", "which", "his", "her", "their", "its", "is", "are", "was", "be", "has", "have", "had", "there", "while", "also", "very",
        "wearing", "wears", "wear", "dressed", "carrying", "carries", "person",
    ];

    /// <summary>The picture as it was given.</summary>
    public required Picture Picture { get; init; }

    /// <summary>Rows of the maps: the network's input.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of the maps.</summary>
    public required int Width { get; init; }

    /// <summary>All words of the caption, in its order.</summary>
    public required IReadOnlyList<WordRegion> Words { get; init; }

    /// <summary>The words that add most, the most first: those that name something and add a tenth of what the first one does.</summary>
    public IReadOnlyList<WordRegion> Strongest(int most)
    {
        var naming = Words.Where(word => word.Share > 0 && word.Word.Any(char.IsLetter) && !FunctionWords.Contains(word.Word)).OrderByDescending(word => word.Share).ToArray();
        return [.. naming.Where(word => word.Share >= LeastShare * naming[0].Share).Take(most)];
    }

    /// <summary>The picture, and beside it once for each of the strongest words with the map of the word over it.</summary>
    /// <param name="most">Words shown.</param>
    /// <param name="height">Rows of a cell.</param>
    public Picture Sheet(int most = 6, int height = 192)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 16);
        var options = new ContactSheetOptions { Columns = most + 1, CellHeight = height, CellWidth = Math.Max(1, (int)Math.Round((double)height * Width / Height)) };
        SheetCell Cell(Picture picture, string caption) => new(picture.Resize(options.CellWidth, options.CellHeight), caption);
        var strongest = Strongest(most);
        return ContactSheet.Compose(
            [Cell(Picture, strongest.Count > 0 ? "picture" : "no word fits"), .. strongest.Select(word => Cell(HeatMap.Overlay(Picture, word.Heat, Width, Height), string.Create(CultureInfo.InvariantCulture, $"{word.Word} {word.Share:+0.000}")))], options);
    }
}

/// <summary>One word of a caption.</summary>
/// <param name="Word">As the tokenizer split it.</param>
/// <param name="Share">What it adds to the cosine of caption and picture (<see cref="WordShare"/>).</param>
/// <param name="Heat"><c>[H, W]</c>, 0 and more: what the share loses where this pixel is hidden.</param>
public sealed record WordRegion(string Word, double Share, float[] Heat);
