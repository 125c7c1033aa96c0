using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>Market-1501's three folders, which later sets took over with names of their own.</summary>
internal static class ThreeFolders
{
    public static readonly string[] Names = ["bounding_box_train", "bounding_box_test", "query"];

    public static string[] Lacks(string folder) => [.. Names.Where(name => !Directory.Exists(Path.Combine(folder, name)))];

    /// <summary>Reads gallery, training and query pictures in ordinal order; captions.json beside them is optional.</summary>
    /// <param name="set">Takes the records.</param>
    /// <param name="key">The set's key.</param>
    /// <param name="root">Folder of the three.</param>
    /// <param name="options">What to accept.</param>
    /// <param name="parse">Person, camera and frame of a file name, or null when it does not fit.</param>
    /// <param name="pattern">The pattern in words, for messages.</param>
    /// <param name="attributes">Of the people, where there is a table.</param>
    public static void Read(DatasetAssembly set, string key, string root, DatasetOptions options, Func<string, (string Person, int Camera, int? Frame)?> parse, string pattern, PersonAttributes? attributes = null)
    {
        var captions = CaptionFile.In(root, options);
        foreach (var (folder, split) in new[] { ("bounding_box_test", Split.Gallery), ("bounding_box_train", Split.Train), ("query", Split.Query) })
        {
            foreach (var file in Layouts.List(set, root, folder).Pictures)
            {
                var path = $"{folder}/{file.Name}";
                if (parse(file.Name) is not var (person, camera, frame))
                {
                    set.Report(path, ProblemStatus.Unexpected, $"the name does not fit {pattern}; not read");
                    continue;
                }

                var record = new PersonRecord { Dataset = key, Split = split, ImagePath = path, RawId = person, Camera = camera, Frame = frame, Captions = captions.Of(path, person) };
                set.Add(attributes?.With(record) ?? record, file.Bytes);
            }
        }

        captions.Report(set);
        attributes?.Compare(set);
        if (set.Records.Count == 0)
        {
            throw new SemblanceFormatException(root, $"{key}: the folders hold no picture whose name fits {pattern}. In bounding_box_train: {FolderListing.Describe(Path.Combine(root, "bounding_box_train"))}");
        }

        SplitCheck.People(set, "bounding_box_train");
        SplitCheck.Queries(set);
    }
}
