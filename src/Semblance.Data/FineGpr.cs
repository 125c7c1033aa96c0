using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>FineGPR (Xiang et al. 2021): 1,150 rendered people in 2,028,600 pictures, 36 viewpoints each; and any set written in its layout. Training only.</summary>
/// <remarks>
/// <code>
/// FineGPR/              this folder, or the one that holds it
///   0001/ 0003/ ...     one folder for each person; or pictures directly in the folder, as in FineGPR_subset
///   attributes.csv      optional: thirteen attributes of each person (see <see cref="FineGprAttributes"/>)
///   captions.json       optional: { "0001_c01_w01_l01_p01.jpg": ["...", "..."], ... }, or an array of { file_path, captions }
///   masks/              optional: label maps, by the same relative paths, .png
/// </code>
/// The caption file of FineGPR-C is not documented; the form above is this toolkit's. The number after <c>c</c> is a viewpoint: it stands both in
/// <see cref="PersonRecord.Camera"/>, as written, and in degrees in <see cref="PersonRecord.Viewpoint"/>.
/// </remarks>
public static class FineGpr
{
    public const string Key = "finegpr";

    private const string Layout = "folders 0001/, 0003/, ... with pictures named like 0001_c01_w01_l01_p01.jpg, or such pictures directly";

    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal) { ["train images"] = 2_028_600, ["train identities"] = 1_150 };
    private static readonly Dictionary<string, int> PublishedSubset = new(StringComparer.Ordinal) { ["train images"] = 4_600, ["train identities"] = 1_150 };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept; the attribute table's place and columns.</param>
    /// <exception cref="SemblanceFormatException">There is no picture in this layout, or the attribute or caption file is wrong.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "FineGPR", Layout, folder => IsAt(folder) ? [] : ["any such folder or picture"]);
        var set = new DatasetAssembly(Key, root, options, DataNotice.FineGpr);
        var table = options.AttributeFile ?? Path.Combine(root, "attributes.csv");
        var attributes = options.AttributeFile is not null || File.Exists(table) ? FineGprAttributes.Read(table, options.AttributeColumns) : null;
        var captions = CaptionFile.In(root, options);
        var folders = PersonFolders(root);
        foreach (var folder in folders.Length > 0 ? folders : [""])
        {
            ReadFolder(set, root, folder, attributes, captions);
        }

        captions.Report(set);
        if (set.Records.Count == 0)
        {
            throw new SemblanceFormatException(root, $"FineGPR: no picture's name fits, expected {Layout}");
        }

        return set.Finish(folders.Length > 0 ? Published : PublishedSubset);
    }

    internal static bool IsAt(string folder) =>
        PersonFolders(folder).Any(person => FolderListing.Of(Path.Combine(folder, person)).Pictures.Any(file => FineGprName.Parse(file.Name) is not null)) || Directory.EnumerateFiles(folder).Any(path => FineGprName.Parse(Path.GetFileName(path)) is not null);

    private static string[] PersonFolders(string root) =>
        [.. Directory.GetDirectories(root).Select(path => Path.GetFileName(path)!).Where(name => name.Length == 4 && name.All(char.IsAsciiDigit)).Order(StringComparer.Ordinal)];

    private static void ReadFolder(
        DatasetAssembly set,
        string root,
        string folder,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>? attributes,
        CaptionFile captions)
    {
        foreach (var file in Layouts.List(set, root, folder).Pictures)
        {
            var path = folder.Length == 0 ? file.Name : $"{folder}/{file.Name}";
            if (FineGprName.Parse(file.Name) is not { } name)
            {
                set.Report(path, ProblemStatus.Unexpected, "the name does not fit ID_cCC_wWW_lLL_pPP.jpg (such as 0001_c01_w01_l01_p01.jpg); not read");
                continue;
            }

            if (folder.Length > 0 && name.Person != folder)
            {
                set.Report(path, ProblemStatus.Unexpected, $"the name says person {name.Person}, the folder {folder}; read as {name.Person}");
            }

            var known = attributes?.GetValueOrDefault(name.Person);
            if (attributes is not null && known is null && name.Camera == 1)
            {
                set.Report(path, ProblemStatus.Missing, $"person {name.Person} is not in the attribute table, which holds {attributes.Count}");
            }

            set.Add(
                new PersonRecord
                {
                    Dataset = Key,
                    Split = Split.Train,
                    ImagePath = path,
                    RawId = name.Person,
                    Camera = name.Camera,
                    Viewpoint = name.ViewpointDegrees,
                    Scene = name.Scene,
                    Captions = captions.Of(path, name.Person),
                    Attributes = known,
                    Description = known is null ? null : FineGprAttributes.Describe(known, name.Surroundings),
                },
                file.Bytes);
        }
    }
}
