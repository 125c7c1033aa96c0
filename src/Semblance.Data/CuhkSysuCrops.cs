using System.Globalization;
using System.Text.RegularExpressions;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>People cut out of CUHK-SYSU (Xiao et al., CVPR 2017): 11,934 people in 34,574 pictures, no cameras. Training only.</summary>
/// <remarks>
/// <code>
/// cuhk_sysu/              this folder, or the one that holds it
///   cropped_images/       p11422_s16929_1.jpg: person, scene, number
///   captions.json         optional, by path; the published set has none
/// </code>
/// The original street scenes with their MATLAB annotation are another layout, which is not read.
/// </remarks>
public static partial class CuhkSysuCrops
{
    public const string Key = "cuhk-sysu";

    private const string PictureFolder = "cropped_images";
    private const string Layout = $"{PictureFolder}/ with pictures named like p11422_s16929_1.jpg";
    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal) { ["train images"] = 34_574, ["train identities"] = 11_934 };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">The folder is missing, or pictures are.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "CUHK-SYSU", Layout, folder => Directory.Exists(Path.Combine(folder, PictureFolder)) ? [] : [$"{PictureFolder}/"]);
        var set = new DatasetAssembly(Key, root, options, DataNotice.CuhkSysu);
        var captions = CaptionFile.In(root, options);
        foreach (var file in Layouts.List(set, root, PictureFolder).Pictures)
        {
            var path = $"{PictureFolder}/{file.Name}";
            var match = Pattern().Match(file.Name);
            if (!match.Success)
            {
                set.Report(path, ProblemStatus.Unexpected, "the name does not fit pPERSON_sSCENE_N.jpg (such as p11422_s16929_1.jpg); not read");
                continue;
            }

            // As a number: the source writes ids without leading zeros, and numbering sorts them.
            var person = long.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            set.Add(
                new PersonRecord { Dataset = Key, Split = Split.Train, ImagePath = path, RawId = person, Scene = $"s{match.Groups["scene"].Value}", Captions = captions.Of(path, person) },
                file.Bytes);
        }

        captions.Report(set);
        return set.Records.Count > 0 ? set.Finish(Published) : throw new SemblanceFormatException(root, $"CUHK-SYSU: no picture's name fits, expected {Layout}");
    }

    [GeneratedRegex(@"\Ap(?<pid>[0-9]{1,9})_s(?<scene>[0-9]{1,9})_(?<n>[0-9]{1,9})\.(?i:jpg)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
