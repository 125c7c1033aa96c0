using System.Globalization;
using System.Text.RegularExpressions;

namespace Semblance.Data;

/// <summary>What an MSMT17 file name says: <c>0627_010_05_0303afternoon_1591_0.jpg</c>. ICFG-PEDES keeps these names.</summary>
/// <param name="Person">Four digits; the same number means other people in training and in testing.</param>
/// <param name="Number">Running number of the person's pictures.</param>
/// <param name="Camera">1 to 15.</param>
/// <param name="Slot">Month, day and time of day, such as <c>0303afternoon</c>.</param>
public readonly partial record struct Msmt17Name(string Person, int Number, int Camera, string Slot)
{
    /// <summary>Reads a file name, without its folder; null when it does not fit.</summary>
    public static Msmt17Name? Parse(string fileName)
    {
        var match = Pattern().Match(fileName);
        return match.Success && int.Parse(match.Groups["cam"].ValueSpan, CultureInfo.InvariantCulture) is var camera and >= 1 and <= 15
            ? new Msmt17Name(match.Groups["pid"].Value, int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture), camera, match.Groups["slot"].Value)
            : null;
    }

    [GeneratedRegex(@"\A(?<pid>[0-9]{4})_(?<n>[0-9]{3,4})_(?<cam>[0-9]{2})_(?<slot>[0-9]{4}(morning|noon|afternoon))_[0-9]+_[0-9]+(_ex)?\.(?i:jpg|jpeg|png|bmp)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
