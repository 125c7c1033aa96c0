using System.Globalization;
using System.Text.RegularExpressions;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>RandPerson (Wang et al., ACM Multimedia 2020), the flat subset: 8,000 rendered people, 19 cameras. Training only.</summary>
/// <remarks>
/// <code>
/// randperson_subset/      this folder, or the one that holds it
///   000000_s00_c01_f000123.jpg, ...     132,145 pictures
///   captions.json                       optional, by name; the published set has none
/// </code>
/// Cameras count on over the eleven scenes, 1 to 19. Pictures of the full set, taken out of their archives into one folder, are read too.
/// </remarks>
public static partial class RandPerson
{
    public const string Key = "randperson";

    private const string Layout = "pictures named like 000000_s00_c01_f000123.jpg, in the folder itself";

    private static readonly int[] CameraOffset = [0, 2, 4, 6, 8, 9, 10, 12, 13, 14, 15];
    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal) { ["train images"] = 132_145, ["train identities"] = 8_000 };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The folder with the pictures, or one that holds it.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">No picture's name fits.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "RandPerson", Layout, folder => IsAt(folder) ? [] : ["any such picture"]);
        var set = new DatasetAssembly(Key, root, options, DataNotice.RandPerson);
        var captions = CaptionFile.In(root, options);
        foreach (var file in Layouts.List(set, root, "").Pictures)
        {
            var match = Pattern().Match(file.Name);
            if (!match.Success)
            {
                set.Report(file.Name, ProblemStatus.Unexpected, "the name does not fit ID_sSS_cCC_fFRAME.jpg (such as 000000_s00_c01_f000123.jpg); not read");
                continue;
            }

            var scene = Number(match, "scene");
            set.Add(
                new PersonRecord
                {
                    Dataset = Key,
                    Split = Split.Train,
                    ImagePath = file.Name,
                    RawId = match.Groups["pid"].Value,
                    Camera = CameraOf(scene, Number(match, "cam")),
                    Frame = Number(match, "frame"),
                    Scene = $"s{scene:00}",
                    Captions = captions.Of(file.Name, match.Groups["pid"].Value),
                },
                file.Bytes);
        }

        captions.Report(set);
        return set.Finish(Published);
    }

    /// <summary>The number of a scene's camera among those of all scenes.</summary>
    /// <param name="scene">0 to 10.</param>
    /// <param name="camera">From 1, within the scene.</param>
    public static int CameraOf(int scene, int camera) => CameraOffset[scene] + camera;

    internal static bool IsAt(string folder) => Directory.EnumerateFiles(folder).Any(path => Pattern().IsMatch(Path.GetFileName(path)));

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(?<pid>[0-9]{6})_s(?<scene>0[0-9]|10)_c(?<cam>[0-9]{2})_f(?<frame>[0-9]{6})\.(?i:jpg|png)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
