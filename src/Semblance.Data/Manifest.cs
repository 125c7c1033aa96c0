using System.Globalization;
using System.Text.Json;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>Pictures of one's own, listed in a table: who is on which picture, by which camera, for what. For data that has no layout of its own.</summary>
/// <remarks>
/// <code>
/// photos/
///   manifest.csv          image,identity,camera,split,caption     or manifest.json: an array of objects with the same names
///   ...                   the pictures, anywhere below
/// </code>
/// <para><c>image</c>: path below the manifest's folder, required. <c>identity</c>: who it is, any text; empty where nobody knows. <c>camera</c>: any text; cameras that are whole
/// numbers keep them, others are numbered in the order of their names. <c>split</c>: <c>train</c>, <c>val</c>, <c>query</c>, <c>gallery</c> or <c>test</c>; <c>gallery</c> where absent.
/// <c>role</c>: <c>person</c>, <c>distractor</c> or <c>junk</c>. <c>caption</c>: in CSV, further captions stand in further rows of the same image, or in <c>caption2</c> and so on; in
/// JSON, <c>captions</c> may be an array. <c>sequence</c>, <c>frame</c>: whole numbers. <c>scene</c>: text. <c>attribute:NAME</c> (CSV) or an object <c>attributes</c> (JSON): whole numbers.</para>
/// <para>A line that cannot be read is reported with its number and left out; the rest goes on.</para>
/// </remarks>
public static class Manifest
{
    public const string Key = "manifest";

    private const string Expected = "manifest.csv (a header with at least the column image) or manifest.json (an array of objects with at least image)";
    private const string AttributePrefix = "attribute:";
    private static readonly string[] Names = ["image", "identity", "camera", "split", "role", "caption", "captions", "sequence", "frame", "scene", "attributes"];

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The folder with the manifest, or the manifest itself.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">There is no manifest, it cannot be read at all, or pictures are missing.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        var file = Find(Path.GetFullPath(root));
        var folder = Path.GetDirectoryName(file)!;
        var set = new DatasetAssembly(Key, folder, options ?? new DatasetOptions(), DataNotice.OwnPictures);
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? FromJson(set, file) : FromCsv(set, file))
        {
            if (!entries.TryAdd(entry.Image, entry))
            {
                Merge(set, file, entries[entry.Image], entry);
            }
        }

        if (entries.Count == 0)
        {
            throw new SemblanceFormatException(file, $"no line names a picture, expected {Expected}{(set.Problems.Count > 0 ? $"; the first problem: {set.Problems[0].Reason}" : "")}");
        }

        var (cameras, disk) = (Cameras(entries.Values), new FilesOnDisk(folder));
        foreach (var entry in entries.Values)
        {
            var other = disk.OtherCase(entry.Image);
            set.Add(
                new PersonRecord
                {
                    Dataset = Key,
                    Split = entry.Split,
                    ImagePath = entry.Image,
                    RawId = entry.Identity,
                    Role = entry.Role,
                    Camera = entry.Camera.Length == 0 ? null : cameras[entry.Camera],
                    Sequence = entry.Sequence,
                    Frame = entry.Frame,
                    Scene = entry.Scene,
                    Captions = entry.Captions,
                    Attributes = entry.Attributes.Count > 0 ? entry.Attributes : null,
                },
                disk.Length(entry.Image),
                other is null ? $"line {entry.Line} names it, it is not on the disk" : $"line {entry.Line} names it, on the disk it is written {other}");
        }

        SplitCheck.People(set, Path.GetFileName(file));
        return set.Finish(new Dictionary<string, int>(StringComparer.Ordinal));
    }

    /// <summary>Whether a folder has a manifest.</summary>
    internal static bool IsAt(string folder) => File.Exists(Path.Combine(folder, "manifest.csv")) || File.Exists(Path.Combine(folder, "manifest.json"));

    private static string Find(string root)
    {
        if (File.Exists(root))
        {
            return root;
        }

        string[] found = [.. new[] { "manifest.csv", "manifest.json" }.Select(name => Path.Combine(root, name)).Where(File.Exists)];
        return found.Length == 1 ? found[0]
            : throw new SemblanceFormatException(root, found.Length > 1 ? "there are manifest.csv and manifest.json, expected one of them: name the one that is meant" : $"found {FolderListing.Describe(root)}; expected {Expected}");
    }

    private static IEnumerable<Entry> FromCsv(DatasetAssembly set, string file)
    {
        var table = CsvTable.Read(file);
        string[] header = [.. table.Header.Select(name => name.ToLowerInvariant())];
        if (!header.Contains("image"))
        {
            throw new SemblanceFormatException(file, $"the header is \"{string.Join(",", table.Header)}\", expected at least the column image, of {string.Join(", ", Names)}", 1);
        }

        foreach (var name in table.Header.Where((_, i) => !IsKnown(header[i])))
        {
            set.Report(Path.GetFileName(file), ProblemStatus.Unexpected, $"the column \"{name}\" is not known{Suggestion.DidYouMean(name, Names)} and is not read");
        }

        foreach (var (line, cells) in table.Rows)
        {
            if (cells.Count != header.Length)
            {
                Bad(set, file, line, $"{cells.Count} cells, the header has {header.Length}: a cell with a separator in it belongs in quotes");
                continue;
            }

            string Cell(string name) => Array.IndexOf(header, name) is var place and >= 0 ? cells[place].Trim() : "";
            string[] captions = [.. header.Select((name, i) => (name, cell: cells[i].Trim())).Where(pair => IsCaption(pair.name) && pair.cell.Length > 0).Select(pair => pair.cell)];
            var attributes = header.Select((name, i) => (name, cell: cells[i].Trim())).Where(pair => pair.name.StartsWith(AttributePrefix, StringComparison.Ordinal) && pair.cell.Length > 0)
                .Select(pair => (pair.name[AttributePrefix.Length..], pair.cell));
            if (Read(set, file, line, Cell, captions, attributes) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static IEnumerable<Entry> FromJson(DatasetAssembly set, string file)
    {
        var annotation = new Annotation(file);
        using var document = annotation.Parse();
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, entry) in annotation.Entries(document))
        {
            foreach (var name in entry.EnumerateObject().Select(property => property.Name).Where(name => !Names.Contains(name) && unknown.Add(name)))
            {
                set.Report(Path.GetFileName(file), ProblemStatus.Unexpected, $"\"{name}\" is not known{Suggestion.DidYouMean(name, Names)} and is not read");
            }

            string[] captions;
            (string, string)[] attributes;
            try
            {
                captions = [.. new[] { "caption", "captions" }.SelectMany(name => entry.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? annotation.Strings(number, value, "captions") : [])];
                attributes = entry.TryGetProperty("attributes", out var all) && all.ValueKind == JsonValueKind.Object ? [.. all.EnumerateObject().Select(attribute => (attribute.Name, attribute.Value.ToString()))] : [];
            }
            catch (SemblanceFormatException problem)
            {
                Bad(set, file, number, problem.Problem);
                continue;
            }

            string Cell(string name) => entry.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString().Trim() : "";
            if (Read(set, file, number, Cell, captions, attributes) is { } read)
            {
                yield return read;
            }
        }
    }

    private static Entry? Read(DatasetAssembly set, string file, int line, Func<string, string> cell, IReadOnlyList<string> captions, IEnumerable<(string Name, string Value)> attributes)
    {
        try
        {
            var entry = new Entry(
                line,
                new Annotation(file).RelativePath(line, cell("image")),
                cell("identity"),
                cell("camera"),
                Choice(cell("split"), "split", Split.Gallery),
                Choice(cell("role"), "role", Role.Person),
                Whole(cell("sequence"), "sequence"),
                Whole(cell("frame"), "frame"),
                cell("scene") is { Length: > 0 } scene ? scene : null,
                [.. captions],
                attributes.GroupBy(attribute => attribute.Name, StringComparer.Ordinal).ToDictionary(
                    same => same.Key,
                    same => same.Skip(1).Any() ? throw new FormatException($"attribute {same.Key} has {same.Count()} columns, expected one") : Whole(same.First().Value, same.Key) ?? 0,
                    StringComparer.Ordinal));
            return entry.Identity.Length > 0 || entry.Split is Split.Gallery || entry.Role != Role.Person
                ? entry
                : throw new FormatException($"nobody is named, which only pictures of the gallery may do: this one is in {entry.Split.ToString().ToLowerInvariant()}");
        }
        catch (Exception problem) when (problem is FormatException or SemblanceFormatException)
        {
            Bad(set, file, line, problem is SemblanceFormatException format ? format.Problem : problem.Message);
            return null;
        }
    }

    /// <summary>Another row of a picture adds its captions, and must not contradict.</summary>
    private static void Merge(DatasetAssembly set, string file, Entry first, Entry again)
    {
        if ((first.Identity, first.Camera, first.Split) != (again.Identity, again.Camera, again.Split))
        {
            Bad(set, file, again.Line, $"{again.Image} is identity \"{again.Identity}\", camera \"{again.Camera}\", {again.Split} here and \"{first.Identity}\", \"{first.Camera}\", {first.Split} in line {first.Line}: the first is kept");
        }
        else if (again.Captions.Count == 0)
        {
            set.Report(again.Image, ProblemStatus.Duplicate, $"line {again.Line} names it again, after line {first.Line}");
        }
        else
        {
            first.Captions.AddRange(again.Captions);
        }
    }

    private static Dictionary<string, int> Cameras(IEnumerable<Entry> entries)
    {
        string[] names = [.. entries.Select(entry => entry.Camera).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var numbers = names.Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 0).ToArray();

        // Two spellings of one number ("1" and "01") are two cameras.
        return Array.TrueForAll(numbers, number => number > 0) && numbers.Distinct().Count() == numbers.Length
            ? names.Zip(numbers).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
            : names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i + 1, StringComparer.Ordinal);
    }

    private static bool IsCaption(string name) => name.StartsWith("caption", StringComparison.Ordinal) && name.AsSpan("caption".Length).Trim('s') is var rest && (rest.Length == 0 || int.TryParse(rest, CultureInfo.InvariantCulture, out _));

    private static bool IsKnown(string name) => Names.Contains(name) || IsCaption(name) || (name.StartsWith(AttributePrefix, StringComparison.Ordinal) && name.Length > AttributePrefix.Length);

    private static T Choice<T>(string text, string name, T usual)
        where T : struct, Enum
    {
        if (text.Length == 0)
        {
            return usual;
        }

        string[] names = [.. Enum.GetNames<T>().Select(one => one.ToLowerInvariant())];
        return names.Contains(text.ToLowerInvariant()) ? Enum.Parse<T>(text, ignoreCase: true) : throw new FormatException($"{name} is \"{text}\"{Suggestion.DidYouMean(text, names)}, expected one of {string.Join(", ", names)}");
    }

    private static int? Whole(string text, string name) => text.Length == 0 ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : throw new FormatException($"{name} is \"{text}\", expected a whole number");

    private static void Bad(DatasetAssembly set, string file, int line, string reason) => set.Report(Path.GetFileName(file), ProblemStatus.Line, $"line {line}: {reason}; left out");

    private sealed record Entry(
        int Line,
        string Image,
        string Identity,
        string Camera,
        Split Split,
        Role Role,
        int? Sequence,
        int? Frame,
        string? Scene,
        List<string> Captions,
        IReadOnlyDictionary<string, int> Attributes);
}
