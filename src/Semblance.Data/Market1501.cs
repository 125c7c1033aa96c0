using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>Market-1501 (Zheng et al., ICCV 2015): 1,501 people, six cameras; and any set written in its layout.</summary>
/// <remarks>
/// <code>
/// Market-1501-v15.09.15/      this folder, or the one that holds it
///   bounding_box_train/       12,936 pictures of 751 people
///   bounding_box_test/        19,732: gallery, with 2,798 distractors (0000) and 3,819 junk (-1)
///   query/                     3,368 of the other 750 people
///   gt_bbox/                  optional: 25,259 hand-drawn boxes, for queries of several pictures
///   images/                   optional: the 500,000 distractors
///   captions.json             optional: { "query/0001_c1s1_001051_00.jpg": ["...", "..."], ... }; the published set has none
///   masks/                    optional: label maps, by the same relative paths, .png
/// </code>
/// Distractors stay in the gallery as negatives; junk is ignored. Order: ordinal, by relative path.
/// </remarks>
public static class Market1501
{
    public const string Key = "market1501";

    private const string Layout = "bounding_box_train/, bounding_box_test/ and query/ with pictures named like 0002_c1s1_000451_03.jpg";

    private const string AttributeFile = "market_attribute.mat";

    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal)
    {
        ["train images"] = 12_936,
        ["train identities"] = 751,
        ["query images"] = 3_368,
        ["query identities"] = 750,
        ["gallery images"] = 19_732,
        ["gallery identities"] = 750,
        ["gallery distractors"] = 2_798,
        ["gallery junk"] = 3_819,
    };

    private const string BoxFolder = "gt_bbox";
    private const int PublishedBoxes = 25_259;

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">A folder is missing, or pictures are; the message names what was found and what is expected.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "Market-1501", Layout, ThreeFolders.Lacks);
        var set = new DatasetAssembly(Key, root, options, DataNotice.Market1501);
        var captions = CaptionFile.In(root, options);
        var attributes = PersonAttributes.In(root, AttributeFile, options);
        ReadFolder(set, root, "bounding_box_test", Split.Gallery, captions, attributes);
        ReadFolder(set, root, "bounding_box_train", Split.Train, captions, attributes);
        var hasBoxes = Directory.Exists(Path.Combine(root, BoxFolder));
        if (hasBoxes)
        {
            ReadFolder(set, root, BoxFolder, Split.Boxes, captions, attributes);
        }

        if (Directory.Exists(Path.Combine(root, "images")))
        {
            ReadDistractors(set, root);
        }

        ReadFolder(set, root, "query", Split.Query, captions, attributes);
        captions.Report(set);
        attributes?.Compare(set);
        foreach (var difference in attributes is null ? [] : PublishedAttributes.Differences(attributes.Train, training: true).Concat(PublishedAttributes.Differences(attributes.Test, training: false)))
        {
            set.Report(AttributeFile, ProblemStatus.Count, difference);
        }

        if (set.Records.Count == 0)
        {
            throw new SemblanceFormatException(root, $"Market-1501: the folders hold no picture whose name fits, expected {Layout}. In bounding_box_train: {FolderListing.Describe(Path.Combine(root, "bounding_box_train"))}");
        }

        SplitCheck.People(set, "bounding_box_train");
        SplitCheck.Queries(set);
        return set.Finish(hasBoxes ? new Dictionary<string, int>(Published, StringComparer.Ordinal) { ["boxes images"] = PublishedBoxes } : Published);
    }

    private static void ReadFolder(DatasetAssembly set, string root, string folder, Split split, CaptionFile captions, PersonAttributes? attributes)
    {
        var listing = Layouts.List(set, root, folder);
        foreach (var file in listing.Pictures)
        {
            var path = $"{folder}/{file.Name}";
            if (MarketName.Parse(file.Name) is not { } name)
            {
                set.Report(path, ProblemStatus.Unexpected, "the name does not fit ID_cCsS_FRAME_BOX.jpg (ID four digits or -1, camera and sequence 1 to 6, such as 0002_c1s1_000451_03.jpg); not read");
                continue;
            }

            var record = new PersonRecord
            {
                Dataset = Key,
                Split = split,
                ImagePath = path,
                RawId = name.Person,
                Role = name.Role,
                Camera = name.Camera,
                Sequence = name.Sequence,
                Frame = name.Frame,
                Captions = captions.Of(path, name.Person),
            };
            set.Add(attributes?.With(record) ?? record, file.Bytes);
        }

        RefuseDoubleEndings(root, folder, listing);
    }

    /// <summary>The separate archive of distractors: names are not documented, so any picture counts.</summary>
    private static void ReadDistractors(DatasetAssembly set, string root)
    {
        foreach (var file in Layouts.List(set, root, "images").Pictures)
        {
            var name = MarketName.Parse(file.Name);
            set.Add(
                new PersonRecord { Dataset = Key, Split = Split.Gallery, ImagePath = $"images/{file.Name}", RawId = "0000", Role = Role.Distractor, Camera = name?.Camera, Sequence = name?.Sequence, Frame = name?.Frame },
                file.Bytes);
        }
    }

    /// <summary>An archive that was cleaned halfway holds a picture under both names, which would count it twice.</summary>
    private static void RefuseDoubleEndings(string root, string folder, FolderListing listing)
    {
        var names = listing.Pictures.Select(file => file.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var twice = listing.Pictures.Select(file => file.Name).FirstOrDefault(name => name.EndsWith(".jpg.jpg", StringComparison.OrdinalIgnoreCase) && names.Contains(name[..^4]));
        if (twice is not null)
        {
            throw new SemblanceFormatException(Path.Combine(root, folder), $"both {twice[..^4]} and {twice} exist: it is one picture, keep one of them");
        }
    }
}
