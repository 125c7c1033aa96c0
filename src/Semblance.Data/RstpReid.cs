using System.Globalization;
using System.Text.RegularExpressions;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>RSTPReid (Zhu et al., ACM Multimedia 2021): 4,101 people of MSMT17, five pictures each with two captions; and any set written in its layout.</summary>
/// <remarks>
/// <code>
/// RSTPReid/               this folder, or the one that holds it
///   data_captions.json    an array of { id, img_path, captions, split }
///   imgs/                 0000_c14_0031.jpg, ...
/// </code>
/// An older annotation with another split (19,505 / 500 / 500 pictures) circulates and is refused: its results do not compare.
/// </remarks>
public static partial class RstpReid
{
    public const string Key = "rstpreid";

    private const string AnnotationFile = "data_captions.json";
    private const string Layout = $"{AnnotationFile} (an array of objects with id, img_path, captions, split) and imgs/ with the pictures that it names";

    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal)
    {
        ["train images"] = 18_505,
        ["train identities"] = 3_701,
        ["train captions"] = 37_010,
        ["val images"] = 1_000,
        ["val identities"] = 200,
        ["val captions"] = 2_000,
        ["test images"] = 1_000,
        ["test identities"] = 200,
        ["test captions"] = 2_000,
    };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">The annotation is missing, wrong or the older one, or pictures are missing.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "RSTPReid", Layout, folder =>
            [.. File.Exists(Path.Combine(folder, AnnotationFile)) ? Array.Empty<string>() : [AnnotationFile], .. Directory.Exists(Path.Combine(folder, "imgs")) ? Array.Empty<string>() : ["imgs/"]]);
        var set = new DatasetAssembly(Key, root, options, DataNotice.RstpReid);
        new CaptionedPictures(Key, AnnotationFile, "img_path", camera: Camera, refuse: counts => RefuseTheOlderSplit(root, counts)).Read(set, root, options);
        return set.Finish(Published);
    }

    private static void RefuseTheOlderSplit(string root, IReadOnlyDictionary<Split, int> counts)
    {
        if (counts.GetValueOrDefault(Split.Train) == 19_505 && counts.GetValueOrDefault(Split.Test) == 500)
        {
            throw new SemblanceFormatException(
                Path.Combine(root, AnnotationFile),
                "this is the older split (19,505 training, 500 validation, 500 test pictures), expected the current one (18,505, 1,000, 1,000): get the current file from the publisher; results do not compare");
        }
    }

    private static int? Camera(string fileName) =>
        Pattern().Match(fileName) is { Success: true } match && int.Parse(match.Groups["cam"].ValueSpan, CultureInfo.InvariantCulture) is var camera and > 0 ? camera : null;

    [GeneratedRegex(@"\A[0-9]{4}_c(?<cam>[0-9]{1,2})_[0-9]{4}\.(?i:jpg|jpeg|png|bmp)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
