using System.Globalization;
using System.Text.RegularExpressions;

namespace Semblance.Data;

/// <summary>What a file name of CUHK03's new protocol says: <c>0001_c1_2.png</c>.</summary>
/// <param name="Person">Four digits.</param>
/// <param name="View">1 or 2: one of a pair of cameras, not a physical camera.</param>
/// <param name="Number">Meaning not published.</param>
public readonly partial record struct Cuhk03Name(string Person, int View, int Number)
{
    /// <summary>Reads a file name, without its folder; null when it does not fit.</summary>
    public static Cuhk03Name? Parse(string fileName)
    {
        var match = Pattern().Match(fileName);
        return match.Success
            ? new Cuhk03Name(match.Groups["pid"].Value, int.Parse(match.Groups["view"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>The file name.</summary>
    public override string ToString() => $"{Person}_c{View}_{Number}.png";

    [GeneratedRegex(@"\A(?<pid>[0-9]{4})_c(?<view>[12])_(?<n>[0-9]{1,9})\.(?i:png|jpg)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
