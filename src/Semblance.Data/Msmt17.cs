using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>MSMT17 (Wei et al., CVPR 2018), V1 and V2: 4,101 people, fifteen cameras; and any set written in its layout.</summary>
/// <remarks>
/// <code>
/// MSMT17_V1/                  this folder, or the one that holds it
///   train/0000/*.jpg          V2: mask_train_v2/, with faces blurred
///   test/0000/*.jpg           V2: mask_test_v2/
///   list_train.txt list_val.txt list_query.txt list_gallery.txt     lines "0000/0000_000_01_0303morning_0008_0.jpg 0"
///   captions.json, masks/     optional, as for Market-1501
/// </code>
/// Training and testing count people from 0 each, so <see cref="PersonRecord.RawId"/> carries the side: <c>train/0000</c>, <c>test/0000</c>. People of
/// <c>list_val</c> are those of <c>list_train</c>. Order: that of the lists.
/// </remarks>
public static class Msmt17
{
    public const string Key = "msmt17";

    private const long MaxListBytes = 1L << 28;
    private const string Layout = "train/ and test/ (V2: mask_train_v2/ and mask_test_v2/) with a folder for each person, and list_train.txt, list_val.txt, list_query.txt, list_gallery.txt";

    private static readonly (string File, Split Split)[] Lists = [("list_train.txt", Split.Train), ("list_val.txt", Split.Val), ("list_query.txt", Split.Query), ("list_gallery.txt", Split.Gallery)];

    private static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal)
    {
        ["train images"] = 30_248,
        ["train identities"] = 1_041,
        ["val images"] = 2_373,
        ["query images"] = 11_659,
        ["query identities"] = 3_060,
        ["gallery images"] = 82_161,
        ["gallery identities"] = 3_060,
    };

    /// <summary>Reads and checks the set.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="options">What to accept.</param>
    /// <exception cref="SemblanceFormatException">A list or a folder is missing, a line is wrong (it is named), or pictures are missing.</exception>
    public static PersonDataset Open(string root, DatasetOptions? options = null)
    {
        options ??= new DatasetOptions();
        root = Layouts.FindRoot(root, "MSMT17", Layout, Lacks);
        var set = new DatasetAssembly(Key, root, options, DataNotice.Msmt17);
        var (train, test) = Folders(root)!.Value;
        var disk = new FilesOnDisk(root);
        var captions = CaptionFile.In(root, options);
        Dictionary<string, string> listed = new(StringComparer.Ordinal);
        foreach (var (file, split) in Lists)
        {
            var forTraining = split is Split.Train or Split.Val;
            ReadList(set, Path.Combine(root, file), split, forTraining ? train : test, forTraining ? "train" : "test", disk, captions, listed);
        }

        captions.Report(set);
        set.MoreCounts["pictures in no list"] = disk.Pictures(listed.Keys.Select(path => path[..path.LastIndexOf('/')]).Distinct(StringComparer.Ordinal)).Count(path => !listed.ContainsKey(path));
        return set.Finish(Published);
    }

    /// <summary>The pictures alone, as some copies have them: recognised, so that opening says which lists are missing.</summary>
    internal static bool IsWithoutLists(string folder) => Folders(folder) is { } sides
        && Directory.GetDirectories(Path.Combine(folder, sides.Train)).Take(1).Any(person => FolderListing.Of(person).Pictures.Any(file => Msmt17Name.Parse(file.Name) is not null));

    private static (string Train, string Test)? Folders(string root) =>
        Directory.Exists(Path.Combine(root, "mask_train_v2")) && Directory.Exists(Path.Combine(root, "mask_test_v2")) ? ("mask_train_v2", "mask_test_v2")
        : Directory.Exists(Path.Combine(root, "train")) && Directory.Exists(Path.Combine(root, "test")) ? ("train", "test")
        : null;

    private static string[] Lacks(string folder)
    {
        var missing = Lists.Select(list => list.File).Where(file => !File.Exists(Path.Combine(folder, file)));
        return [.. Folders(folder) is null ? ["train/ and test/"] : Array.Empty<string>(), .. missing];
    }

    private static void ReadList(
        DatasetAssembly set, string list, Split split, string folder, string side, FilesOnDisk disk, CaptionFile captions, Dictionary<string, string> listed)
    {
        var name = Path.GetFileName(list);
        if (new FileInfo(list).Length > MaxListBytes)
        {
            throw new SemblanceFormatException(list, $"{new FileInfo(list).Length} bytes, at most {MaxListBytes} are read: this is no list of pictures");
        }

        var annotation = new Annotation(list);
        var number = 0;
        foreach (var line in File.ReadLines(list).Select(line => line.TrimEnd()))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            // At the last space: a path could contain one.
            var space = line.LastIndexOf(' ');
            if (space <= 0)
            {
                throw new SemblanceFormatException(list, $"the line is \"{line}\", expected PATH LABEL such as 0000/0000_000_01_0303morning_0008_0.jpg 0", number);
            }

            var path = $"{folder}/{annotation.RelativePath(number, line[..space].TrimEnd())}";
            var file = path[(path.LastIndexOf('/') + 1)..];
            if (Msmt17Name.Parse(file) is not { } parsed)
            {
                set.Report(path, ProblemStatus.Unexpected, $"the name, from line {number} of {name}, does not fit ID_N_CAMERA_DAYtime_A_B.jpg (such as 0627_010_05_0303afternoon_1591_0.jpg); not read");
                continue;
            }

            if (!listed.TryAdd(path, name))
            {
                set.Report(path, ProblemStatus.Duplicate, $"line {number} of {name} names a picture that {listed[path]} has already; read once");
                continue;
            }

            var person = $"{side}/{parsed.Person}";
            set.Add(
                new PersonRecord { Dataset = Key, Split = split, ImagePath = path, RawId = person, Camera = parsed.Camera, Scene = parsed.Slot, Captions = captions.Of(path, person) },
                disk.Length(path),
                $"named by line {number} of {name}, not on the disk");
        }
    }
}
