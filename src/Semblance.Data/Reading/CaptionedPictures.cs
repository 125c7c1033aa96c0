using System.Text.Json;
using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>Pictures below <c>imgs/</c> with captions, named by one JSON annotation: what CUHK-PEDES began and later sets took over.</summary>
/// <param name="key">The set's key.</param>
/// <param name="annotationFile">Its name in the root.</param>
/// <param name="pathField">The field with the path below <c>imgs/</c>.</param>
/// <param name="idsBySide">True where training and testing count people by themselves: the raw id then carries the side, <c>train/7</c>.</param>
/// <param name="camera">The camera that a file name says; null where names say none.</param>
/// <param name="refuse">Looks at the number of entries of each split before any file is asked for, and throws for a version that must not be read.</param>
internal sealed class CaptionedPictures(
    string key, string annotationFile, string pathField, bool idsBySide = false, Func<string, int?>? camera = null, Action<IReadOnlyDictionary<Split, int>>? refuse = null)
{
    /// <summary>Adds a record for each entry, in the annotation's order, and reports what is odd.</summary>
    /// <exception cref="SemblanceFormatException">The annotation is broken; the entry is named.</exception>
    public void Read(DatasetAssembly set, string root, DatasetOptions options)
    {
        var entries = Entries(new Annotation(Path.Combine(root, annotationFile)), options);
        refuse?.Invoke(entries.CountBy(entry => entry.Split).ToDictionary());
        var disk = new FilesOnDisk(root);
        var captions = new CaptionCheck();
        foreach (var entry in entries)
        {
            captions.Look(entry.Path, entry.RawId, entry.Captions);
            set.Add(
                new PersonRecord
                {
                    Dataset = key,
                    Split = entry.Split,
                    ImagePath = entry.Path,
                    RawId = entry.RawId,
                    Camera = camera?.Invoke(entry.Path[(entry.Path.LastIndexOf('/') + 1)..]),
                    Captions = entry.Captions,
                },
                disk.Length(entry.Path),
                disk.OtherCase(entry.Path) is { } other ? $"named by {annotationFile}, on the disk only as {other} (other case)" : $"named by {annotationFile}, not on the disk");
        }

        captions.Report(set, annotationFile);
        var named = entries.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        set.MoreCounts["pictures without annotation"] = disk.Pictures(entries.Select(entry => Folder(entry.Path)).Distinct(StringComparer.Ordinal)).Count(path => !named.Contains(path));
        CheckSplits(set);
    }

    private List<Entry> Entries(Annotation annotation, DatasetOptions options)
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
                        + (entries[at].RawId == entry.RawId ? $": set {nameof(DatasetOptions.MergeDuplicates)} to join their captions, or write one entry with all of them" : ""));
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

    private Entry ReadEntry(Annotation annotation, int number, JsonElement json)
    {
        var written = annotation.Text(number, json, "split");
        var split = written.ToLowerInvariant() switch
        {
            "train" => Split.Train,
            "val" => Split.Val,
            "test" => Split.Test,
            _ => throw annotation.Wrong(number, $"has the split \"{written}\", expected train, val or test{Suggestion.DidYouMean(written, ["train", "val", "test"])}"),
        };
        var path = annotation.RelativePath(number, annotation.Text(number, json, pathField));
        var id = annotation.Identity(number, json);
        return new Entry($"imgs/{path}", idsBySide ? $"{(split == Split.Train ? "train" : "test")}/{id}" : id, split, annotation.Captions(number, json));
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
