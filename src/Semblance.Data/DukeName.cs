using System.Globalization;
using System.Text.RegularExpressions;

namespace Semblance.Data;

/// <summary>What a DukeMTMC-reID file name says: <c>0001_c2_f0046182.jpg</c>.</summary>
/// <param name="Person">Four digits.</param>
/// <param name="Camera">1 to 8.</param>
/// <param name="Frame">Up to seven digits.</param>
public readonly partial record struct DukeName(string Person, int Camera, int Frame)
{
    /// <summary>Reads a file name, without its folder; null when it does not fit.</summary>
    public static DukeName? Parse(string fileName)
    {
        var match = Pattern().Match(fileName);
        return match.Success
            ? new DukeName(match.Groups["pid"].Value, int.Parse(match.Groups["cam"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["frame"].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>The file name.</summary>
    public override string ToString() => $"{Person}_c{Camera}_f{Frame:0000000}.jpg";

    [GeneratedRegex(@"\A(?<pid>[0-9]{4})_c(?<cam>[1-8])_f(?<frame>[0-9]{7})\.(?i:jpg|jpeg|png|bmp)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
