using System.Globalization;
using System.Text.RegularExpressions;
using Semblance.Text;

namespace Semblance.Data;

/// <summary>What a FineGPR file name says: <c>0001_c01_w01_l01_p01.jpg</c>.</summary>
/// <param name="Person">Four digits.</param>
/// <param name="Camera">1 to 36: a viewpoint, in steps of ten degrees.</param>
/// <param name="Weather">1 to 7.</param>
/// <param name="Light">1 to 7: the time of day.</param>
/// <param name="Place">1 to 9.</param>
public readonly partial record struct FineGprName(string Person, int Camera, int Weather, int Light, int Place)
{
    private static readonly string[] Weathers = ["sunny", "clouds", "overcast", "foggy", "neutral", "blizzard", "snowlight"];
    private static readonly string[] Times = ["midnight", "dawn", "forenoon", "noon", "afternoon", "dusk", "night"];

    /// <summary>90 front, 180 facing the right border, 270 back, 0 facing the left one.</summary>
    public int ViewpointDegrees => (90 + (10 * (Camera - 1))) % 360;

    /// <summary>Places 3, 5 and 8 are wild, the others urban.</summary>
    public string Scene => Place is 3 or 5 or 8 ? "wild" : "urban";

    /// <summary>The surroundings in the words of a description.</summary>
    public SceneDescription Surroundings => new(Weathers[Weather - 1], Times[Light - 1], Scene, ViewpointDegrees);

    /// <summary>The camera code of a viewpoint: the nearest step of ten degrees.</summary>
    public static int CameraOf(int degrees) => ((((((degrees + 5) / 10 * 10) - 90) % 360) + 360) % 360 / 10) + 1;

    /// <summary>The code of a weather's name.</summary>
    /// <exception cref="ArgumentException">It is none of the seven.</exception>
    public static int WeatherOf(string name) => Code(name, Weathers);

    /// <summary>The code of a time of day.</summary>
    /// <exception cref="ArgumentException">It is none of the seven.</exception>
    public static int LightOf(string name) => Code(name, Times);

    /// <summary>Reads a file name, without its folder.</summary>
    public static FineGprName? Parse(string fileName)
    {
        var match = Pattern().Match(fileName);
        return match.Success ? new FineGprName(match.Groups["pid"].Value, Number("cam"), Number("weather"), Number("light"), Number("place")) : null;

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>The file name.</summary>
    public override string ToString() => $"{Person}_c{Camera:00}_w{Weather:00}_l{Light:00}_p{Place:00}.jpg";

    private static int Code(string name, string[] names) => Array.IndexOf(names, name) is var index and >= 0
        ? index + 1
        : throw new ArgumentException($"\"{name}\" is none of {string.Join(", ", names)}", nameof(name));

    [GeneratedRegex(@"\A(?<pid>[0-9]{4})_c(?<cam>0[1-9]|[12][0-9]|3[0-6])_w(?<weather>0[1-7])_l(?<light>0[1-7])_p(?<place>0[1-9])\.(?i:jpg|jpeg|png|bmp)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
