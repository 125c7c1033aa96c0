using System.Text.Json;
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
        var entries = Read(new Annotation(Path.Combine(root, AnnotationFile)), options);
        var disk = new FilesOnDisk(root);
        var captions = new CaptionCheck();
        foreach (var entry in entries)
        {
            captions.Look(entry.Path, entry.RawId, entry.Captions);
            set.Add(
                new PersonRecord { Dataset = Key, Split = entry.Split, ImagePath = entry.Path, RawId = entry.RawId, Captions = entry.Captions },
                disk.Length(entry.Path),
                disk.OtherCase(entry.Path) is { } other ? $"named by {AnnotationFile}, on the disk only as {other} (other case)" : $"named by {AnnotationFile}, not on the disk");
        }

        captions.Report(set, AnnotationFile);
        var named = entries.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        set.MoreCounts["pictures without annotation"] = disk.Pictures(entries.Select(entry => Folder(entry.Path)).Distinct(StringComparer.Ordinal)).Count(path => !named.Contains(path));
        CheckSplits(set);
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

    private static List<Entry> Read(Annotation annotation, DatasetOptions options)
    {
        using var document = annotation.Parse();
        List<Entry> entries = [];
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        foreach (var (number, json) in annotation.Entries(document))
        {
            var entry = ReadEntry(annotation, number, json);
            if (known.TryGetValue(entry.Path, out var at))
            {
                if (!options.MergeDuplicates || entries[at].RawId != entry.RawId)
                {
                    throw annotation.Wrong(number, $"names {entry.Path} again, after entry {at} (persons {entries[at].RawId} and {entry.RawId})"
                        + (entries[at].RawId == entry.RawId ? $": set {nameof(DatasetOptions.MergeDuplicates)} to join their captions" : ""));
                }

                entries[at] = entries[at] with { Captions = [.. entries[at].Captions, .. entry.Captions] };
                continue;
            }

            known[entry.Path] = entries.Count;
            entries.Add(entry);
        }

        if (entries.Count == 0)
        {
            throw new SemblanceFormatException(annotation.Path, "the array is empty, expected one entry for each picture");
        }

        return options.CaptionsPerPicture is { } most ? [.. entries.Select(entry => entry with { Captions = [.. entry.Captions.Take(most)] })] : entries;
    }

    private static Entry ReadEntry(Annotation annotation, int number, JsonElement json)
    {
        var written = annotation.Text(number, json, "split");
        var split = written.ToLowerInvariant() switch
        {
            "train" => Split.Train,
            "val" => Split.Val,
            "test" => Split.Test,
            _ => throw annotation.Wrong(number, $"has the split \"{written}\", expected train, val or test{Suggestion.DidYouMean(written, ["train", "val", "test"])}"),
        };
        var path = annotation.RelativePath(number, annotation.Text(number, json, "file_path"));
        return new Entry($"imgs/{path}", annotation.Identity(number, json), split, annotation.Captions(number, json));
    }

    private static void CheckSplits(DatasetAssembly set)
    {
        foreach (var person in set.Records.GroupBy(record => record.RawId, StringComparer.Ordinal).Where(person => person.Select(record => record.Split).Distinct().Count() > 1).Take(5))
        {
            set.Report(person.First().ImagePath, ProblemStatus.Overlap, $"person {person.Key} is in {string.Join(" and ", person.Select(record => record.Split.ToString().ToLowerInvariant()).Distinct())}, expected one split");
        }
    }

    private static string Folder(string path) => path[..path.LastIndexOf('/')];

    private sealed record Entry(string Path, string RawId, Split Split, string[] Captions);
}
