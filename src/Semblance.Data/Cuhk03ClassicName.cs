using System.Globalization;
using System.Text.RegularExpressions;

namespace Semblance.Data;

/// <summary>What a file name of CUHK03's extracted pictures says: <c>1_003_2_07.png</c>.</summary>
/// <param name="Pair">Pair of cameras, 1 to 5.</param>
/// <param name="Person">Within the pair, from 1.</param>
/// <param name="View">1 or 2: which camera of the pair.</param>
/// <param name="Number">1 to 10; the first five are of view 1.</param>
public readonly partial record struct Cuhk03ClassicName(int Pair, int Person, int View, int Number)
{
    /// <summary>Reads a file name, without its folder; null when it does not fit.</summary>
    public static Cuhk03ClassicName? Parse(string fileName)
    {
        var match = Pattern().Match(fileName);
        if (!match.Success)
        {
            return null;
        }

        int Of(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        var name = new Cuhk03ClassicName(Of("pair"), Of("pid"), Of("view"), Of("n"));
        return name.Number <= 5 == (name.View == 1) ? name : null;
    }

    /// <summary>Names a person across pairs.</summary>
    public string Identity => $"{Pair}_{Person:D3}";

    /// <summary>The file name.</summary>
    public override string ToString() => $"{Identity}_{View}_{Number:D2}.png";

    [GeneratedRegex(@"\A(?<pair>[1-5])_(?<pid>[0-9]{3})_(?<view>[12])_(?<n>0[1-9]|10)\.(?i:png)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
