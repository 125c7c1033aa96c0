using System.Text.Json;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>CUHK03 (Li et al., CVPR 2014) by its first protocol: 20 test sets of 100 people each, who are found again from the other view of their pair of cameras.</summary>
/// <remarks>
/// <code>
/// cuhk03/                       name images_detected or images_labeled, or this folder when it holds one of them
///   images_detected/            14,097 pictures of 1,467 people: 1_003_2_07.png is pair 1, person 3, view 2, picture 7
///   images_labeled/             14,096
///   testsets.json               20 lists of [pair, person]; or splits_classic_detected.json, splits_classic_labeled.json
/// </code>
/// <c>semblance data extract cuhk-03.mat --out cuhk03</c> makes them. Measured by one drawn picture of each person (<c>eval --task single-shot</c>), never by the new protocol's rules.
/// </remarks>
public static class Cuhk03Classic
{
    public const string Key = "cuhk03-classic";

    /// <summary>Test sets of the published file.</summary>
    public const int TestSets = 20;

    internal const string TestSetFile = "testsets.json";

    private const string Layout = "images_detected/ or images_labeled/ with pictures named like 1_003_2_07.png, and testsets.json beside the folder (semblance data extract cuhk-03.mat makes them)";

    private const string AllImages = "images";

    private static readonly string[] Folders = ["images_detected", "images_labeled"];

    /// <summary>Reads and checks one kind of boxes, with one test set.</summary>
    /// <param name="root">One of the two folders, or the one that holds only one of them.</param>
    /// <param name="options">What to accept, and which test set.</param>
    /// <exception cref="SemblanceFormatException">A folder is missing, both are there, or there is no such test set.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        var (folder, parent) = Find(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        var test = TestSet(parent, folder, options.TestSet);
        var set = new DatasetAssembly(Key, parent, options, DataNotice.Cuhk03);
        foreach (var file in Layouts.List(set, parent, folder).Pictures)
        {
            var path = $"{folder}/{file.Name}";
            if (Cuhk03ClassicName.Parse(file.Name) is not { } name)
            {
                set.Report(path, ProblemStatus.Unexpected, "the name does not fit PAIR_PERSON_VIEW_N.png (such as 1_003_2_07.png, of view 1 up to 05); not read");
                continue;
            }

            set.Add(
                new PersonRecord { Dataset = Key, Split = test.Contains(name.Identity) ? Split.Test : Split.Train, ImagePath = path, RawId = name.Identity, Camera = name.View, Scene = $"pair {name.Pair}" },
                file.Bytes);
        }

        var absent = test.Except(set.Records.Select(record => record.RawId), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (set.Records.Count == 0 || absent.Length == test.Count)
        {
            throw new SemblanceFormatException(parent, $"CUHK03: {set.Records.Count} pictures in {folder}, of nobody of test set {options.TestSet}; expected {Layout}");
        }

        if (absent.Length > 0)
        {
            set.Report(folder, ProblemStatus.Missing, $"{absent.Length} people of test set {options.TestSet} have no picture: {string.Join(", ", absent.Take(5))}");
        }

        // How many of them are for testing differs from test set to test set.
        set.MoreCounts[AllImages] = set.Records.Count;
        return set.Finish(new Dictionary<string, int>(StringComparer.Ordinal)
        {
            [AllImages] = folder == Folders[0] ? 14_097 : 14_096,
            ["train identities"] = 1_367,
            ["test identities"] = 100,
        });
    }

    /// <summary>Whether a folder is one of the two, or holds one.</summary>
    internal static bool IsAt(string folder) => Folders.Contains(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))) || Folders.Any(name => Directory.Exists(Path.Combine(folder, name)));

    /// <summary>Whether the first protocol's test sets lie beside such a folder of pictures, or in the folder that holds it.</summary>
    internal static bool HasTestSets(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var holder = Folders.Contains(Path.GetFileName(folder)) ? Path.GetDirectoryName(folder)! : folder;
        return Folders.Select(Cached).Prepend(TestSetFile).Any(name => File.Exists(Path.Combine(holder, name)));
    }

    private static (string Folder, string Parent) Find(string root)
    {
        if (Folders.Contains(Path.GetFileName(root)) && Directory.Exists(root))
        {
            return (Path.GetFileName(root), Path.GetDirectoryName(root)!);
        }

        var holder = Layouts.FindRoot(root, "CUHK03", Layout, folder => Folders.Any(name => Directory.Exists(Path.Combine(folder, name))) ? [] : ["images_detected/ or images_labeled/"]);
        var here = Folders.Where(name => Directory.Exists(Path.Combine(holder, name))).ToArray();
        return here.Length == 1 ? (here[0], holder)
            : throw new SemblanceFormatException(holder, $"CUHK03: {string.Join(" and ", here)} are two forms of the same people: name one of them, such as {Path.Combine(holder, here[0])}");
    }

    /// <summary>What public code calls the test sets of a folder of pictures.</summary>
    private static string Cached(string folder) => $"splits_classic_{folder["images_".Length..]}.json";

    private static HashSet<string> TestSet(string parent, string folder, int number)
    {
        var own = Path.Combine(parent, TestSetFile);
        var cache = Path.Combine(parent, Cached(folder));
        var path = File.Exists(own) ? own : cache;
        if (!File.Exists(path))
        {
            throw new SemblanceFormatException(parent, $"CUHK03: neither {TestSetFile} nor {Path.GetFileName(cache)} is there, and without them nobody knows who is for testing; expected {Layout}");
        }

        var annotation = new Annotation(path);
        using var document = annotation.Parse();
        var sets = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray().ToList() : throw new SemblanceFormatException(path, "no array of test sets");
        if (number < 1 || number > sets.Count)
        {
            throw new SemblanceFormatException(path, $"test set {number} is asked for, there are {sets.Count}, counted from 1");
        }

        try
        {
            var set = sets[number - 1];
            return set.ValueKind == JsonValueKind.Array
                ? [.. set.EnumerateArray().Select(person => new Cuhk03ClassicName(person[0].GetInt32(), person[1].GetInt32(), 1, 1).Identity)]

                // Caches of public code hold whole paths of the machine that wrote them: only the file's name counts.
                : [.. set.GetProperty("query").EnumerateArray().Select(entry => entry[0].GetString()!.Replace('\\', '/')).Select(name => Cuhk03ClassicName.Parse(name[(name.LastIndexOf('/') + 1)..])?.Identity)
                    .Select(identity => identity ?? throw new FormatException("a query's name is no picture's"))];
        }
        catch (Exception problem) when (problem is InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or FormatException or ArgumentOutOfRangeException)
        {
            throw new SemblanceFormatException(path, $"test set {number} is neither a list of [pair, person] nor an object with \"query\": {problem.Message}", null, problem);
        }
    }
}
