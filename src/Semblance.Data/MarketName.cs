using System.Globalization;
using System.Text.RegularExpressions;

namespace Semblance.Data;

/// <summary>What a Market-1501 file name says: <c>0002_c1s1_000451_03.jpg</c>.</summary>
/// <param name="Person">"-1" for junk, "0000" for a distractor, else four digits.</param>
/// <param name="Camera">1 to 6.</param>
/// <param name="Sequence">1 to 6.</param>
/// <param name="Frame">Up to six digits.</param>
/// <param name="Box">0 for a hand-drawn query box, from 1 for detections; up to two digits.</param>
/// <param name="Ending">The ending as found; <c>.jpg.jpg</c> on 24 files of the original archive.</param>
public readonly partial record struct MarketName(string Person, int Camera, int Sequence, int Frame, int Box, string Ending = ".jpg")
{
    /// <summary>Junk is ignored in ranking; a distractor is a negative for everybody.</summary>
    public Role Role => Person switch { "-1" => Role.Junk, "0000" => Role.Distractor, _ => Role.Person };

    /// <summary>Reads a file name, without its folder: a folder's name never changes an id.</summary>
    public static MarketName? Parse(string fileName)
    {
        var match = Pattern().Match(fileName);
        return match.Success
            ? new MarketName(match.Groups["pid"].Value, Number("cam"), Number("seq"), Number("frame"), Number("box"), match.Groups["ending"].Value)
            : null;

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>The file name.</summary>
    public override string ToString() => $"{Person}_c{Camera}s{Sequence}_{Frame:000000}_{Box:00}{Ending}";

    [GeneratedRegex(@"\A(?<pid>-1|[0-9]{4})_c(?<cam>[1-6])s(?<seq>[1-6])_(?<frame>[0-9]{6})_(?<box>[0-9]{2})(?<ending>\.(?i:jpg|jpeg|png|bmp)(\.(?i:jpg))?)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
