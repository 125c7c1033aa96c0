using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>CUHK-PEDES (Li et al., CVPR 2017): 13,003 people in 40,206 pictures with 80,440 captions; and any set written in its layout.</summary>
/// <remarks>
/// <code>
/// CUHK-PEDES/           this folder, or the one that holds it
///   reid_raw.json       an array of { split, captions, file_path, id }; order and splits come from it
///   imgs/               cam_a, cam_b, CUHK01, CUHK03, Market, train_query, test_query
///   masks/              optional: label maps, by the same relative paths (masks/imgs/...), .png
/// </code>
/// Cameras are unknown. All captions of a picture are kept, also where there are ten; see <see cref="DatasetOptions.CaptionsPerPicture"/>.
/// <c>processed_tokens</c> is not read.
/// </remarks>
public static class CuhkPedes
{
    public const string Key = "cuhk-pedes";

    private const string AnnotationFile = "reid_raw.json";
    private const string Layout = $"{AnnotationFile} (an array of objects with split, captions, file_path, id) and imgs/ with the pictures that it names";

    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal)
    {
        ["train images"] = 34_054,
        ["train identities"] = 11_003,
        ["train captions"] = 68_126,
        ["val images"] = 3_078,
        ["val identities"] = 1_000,
        ["val captions"] = 6_158,
        ["test images"] = 3_074,
        ["test identities"] = 1_000,
        ["test captions"] = 6_156,
    };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">The annotation or a folder is missing or wrong, or pictures are missing.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "CUHK-PEDES", Layout, Lacks);
        var set = new DatasetAssembly(Key, root, options, DataNotice.CuhkPedes);
        new CaptionedPictures(Key, AnnotationFile, "file_path").Read(set, root, options);
        return set.Finish(Published);
    }

    private static string[] Lacks(string folder)
    {
        List<string> missing = [];
        if (!File.Exists(Path.Combine(folder, AnnotationFile)))
        {
            missing.Add(File.Exists(Path.Combine(folder, "caption_all.json"))
                ? $"{AnnotationFile} (caption_all.json is there, but it has no splits: get {AnnotationFile} from the authors' code)"
                : AnnotationFile);
        }

        if (!Directory.Exists(Path.Combine(folder, "imgs")))
        {
            missing.Add("imgs/");
        }

        return [.. missing];
    }
}
