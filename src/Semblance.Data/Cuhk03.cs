using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>CUHK03 (Li et al., CVPR 2014) by the new protocol (Zhong et al., CVPR 2017): 767 people for training, 700 for testing, two views.</summary>
/// <remarks>
/// <code>
/// cuhk03-np/
///   detected/  labeled/       one of them is opened; each has
///     bounding_box_train/     detected 7,365, labeled 7,368
///     bounding_box_test/      5,332; 5,328
///     query/                  1,400, one for each person and view
/// </code>
/// or as lists over the extracted pictures, <c>images_labeled/</c> beside <c>splits_new_labeled.json</c> or <c>cuhk03_new_protocol_config_labeled.mat</c> (and so for detected); there
/// <see cref="PersonRecord.RawId"/> is pair and person, <c>1_003</c>. The two carry different queries: an index list of one never fits the other. Which of the two it is goes by the number of pictures.
/// </remarks>
public static class Cuhk03
{
    public const string Key = "cuhk03-np";

    private const int DetectedTrain = 7_365;
    private const int LabelledTrain = 7_368;

    private const string Layout = "the folder detected/ or labeled/ of cuhk03-np, with bounding_box_train/, bounding_box_test/ and query/ and pictures named like 0001_c1_2.png; or images_detected/ or images_labeled/ with splits_new_*.json or cuhk03_new_protocol_config_*.mat beside it";

    /// <summary>Reads and checks one of the two carriers.</summary>
    /// <param name="root">The folder <c>detected</c> or <c>labeled</c>, or one that holds only one of them.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">A folder is missing, both carriers are there, or pictures are missing.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        if (Cuhk03Lists.Find(root) is { } lists)
        {
            return Finish(ReadLists(lists, options), lists.Folder);
        }

        root = Layouts.FindRoot(root, "CUHK03", Layout, ThreeFolders.Lacks);
        var set = new DatasetAssembly(Key, root, options, DataNotice.Cuhk03);
        ThreeFolders.Read(
            set, Key, root, options, name => Cuhk03Name.Parse(name) is { } parsed ? (parsed.Person, parsed.View, null) : null, "ID_cV_N.png (ID four digits, view 1 or 2, such as 0001_c1_2.png)");
        return Finish(set, Path.GetFileName(root));
    }

    private static DatasetAssembly ReadLists(Cuhk03Lists lists, DatasetOptions options)
    {
        var set = new DatasetAssembly(Key, lists.Root, options, DataNotice.Cuhk03);
        var disk = new FilesOnDisk(lists.Root);
        foreach (var (split, file) in lists.Pictures())
        {
            var path = $"{lists.Folder}/{file}";
            if (Cuhk03ClassicName.Parse(file) is not { } name)
            {
                set.Report(path, ProblemStatus.Unexpected, $"the name, from {Path.GetFileName(lists.File)}, does not fit PAIR_PERSON_VIEW_N.png (such as 1_003_2_07.png); not read");
                continue;
            }

            set.Add(new PersonRecord { Dataset = Key, Split = split, ImagePath = path, RawId = name.Identity, Camera = name.View, Scene = $"pair {name.Pair}" }, disk.Length(path));
        }

        if (set.Records.Count == 0)
        {
            throw new SemblanceFormatException(lists.File, "names no picture of CUHK03, expected names such as 1_003_2_07.png");
        }

        SplitCheck.People(set, lists.Folder);
        return set;
    }

    private static PersonDataset Finish(DatasetAssembly set, string folder)
    {
        // The figures that fit say which it is, whatever somebody called the folder; the name decides where neither do.
        var train = set.Records.Count(record => record.Split == Split.Train);
        var labelled = train == LabelledTrain || (train != DetectedTrain && folder.Contains("label", StringComparison.OrdinalIgnoreCase));
        return set.Finish(new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["train images"] = labelled ? LabelledTrain : DetectedTrain,
            ["train identities"] = 767,
            ["query images"] = 1_400,
            ["query identities"] = 700,
            ["gallery images"] = labelled ? 5_328 : 5_332,
            ["gallery identities"] = 700,
        });
    }
}
