using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>ICFG-PEDES (Ding et al. 2021): 4,102 people in 54,522 pictures of MSMT17 with one long caption each; and any set written in its layout.</summary>
/// <remarks>
/// <code>
/// ICFG-PEDES/             this folder, or the one that holds it
///   ICFG-PEDES.json       or ICFG_PEDES.json: an array of { split, captions, file_path, id }; there is no validation split
///   imgs/train/, test/    MSMT17's folders, not the splits: only the annotation decides
/// </code>
/// Training and testing count people by themselves, so <see cref="PersonRecord.RawId"/> carries the side: <c>train/0</c>, <c>test/0</c>. The id is not
/// the number in the file name; the camera is that of the name.
/// </remarks>
public static class IcfgPedes
{
    public const string Key = "icfg-pedes";

    private const string Layout = "ICFG-PEDES.json (or ICFG_PEDES.json: an array of objects with split, captions, file_path, id) and imgs/ with the pictures that it names";
    private static readonly string[] AnnotationFiles = ["ICFG-PEDES.json", "ICFG_PEDES.json"];

    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal)
    {
        ["train images"] = 34_674,
        ["train identities"] = 3_102,
        ["train captions"] = 34_674,
        ["test images"] = 19_848,
        ["test identities"] = 1_000,
        ["test captions"] = 19_848,
    };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">The annotation or a folder is missing or wrong, or pictures are missing.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "ICFG-PEDES", Layout, folder =>
            [.. AnnotationIn(folder) is null ? [AnnotationFiles[0]] : Array.Empty<string>(), .. Directory.Exists(Path.Combine(folder, "imgs")) ? Array.Empty<string>() : ["imgs/"]]);
        var set = new DatasetAssembly(Key, root, options, DataNotice.IcfgPedes);
        new CaptionedPictures(Key, AnnotationIn(root)!, "file_path", idsBySide: true, camera: name => Msmt17Name.Parse(name)?.Camera).Read(set, root, options);
        return set.Finish(Published);
    }

    private static string? AnnotationIn(string folder) => Array.Find(AnnotationFiles, name => File.Exists(Path.Combine(folder, name)));
}
