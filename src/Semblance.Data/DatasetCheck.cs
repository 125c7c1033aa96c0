using System.Security.Cryptography;
using Semblance.Core;
using Semblance.Data.Reading;

namespace Semblance.Data;

/// <summary>Checks a data set from end to end: every picture is decoded and compared with the others; what is damaged never stops the rest.</summary>
public static class DatasetCheck
{
    private const int NamesLookedAt = 200;

    /// <summary>Files by which a set is known that comes in a form which is not read, and what to do.</summary>
    private static readonly (string File, string Advice)[] NotRead =
    [
        ("cuhk-03.mat", "CUHK03 as it was published: take its pictures out with \"semblance data extract\", and open them as cuhk03-classic"),
        (Path.Combine("annotation", "Person.mat"), "CUHK-SYSU's whole scenes with their boxes in MATLAB tables: cut the people out into cropped_images, and open them as cuhk-sysu"),
    ];

    /// <summary>What to do about each kind of problem, in words for a person.</summary>
    public static IReadOnlyDictionary<string, string> Advice { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [ProblemStatus.Layout] = "put the files where the message says, or name the layout with --layout",
        [ProblemStatus.Missing] = "unpack the archive again, or copy these files from where they are",
        [ProblemStatus.Damaged] = "replace these files from the archive; a copy or a download was cut off",
        [ProblemStatus.Suspicious] = "look at these pictures: they are too small to show a person",
        [ProblemStatus.Unexpected] = "rename these files to the pattern, or move them out of the folder: they are not read",
        [ProblemStatus.Duplicate] = "keep one of each",
        [ProblemStatus.Count] = "compare the copy with the publisher's archive: results on another number of pictures do not compare",
        [ProblemStatus.Line] = "mend these lines of the manifest: what they name is left out",
        [ProblemStatus.Overlap] = "take these people or pictures out of training, or results on the test split are too good",
    };

    /// <summary>The layout of a folder, or of the one folder in it that has a layout; null when it is none that is known.</summary>
    public static string? Recognise(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        if (!Directory.Exists(root))
        {
            return null;
        }

        return RecogniseHere(root)
            ?? Directory.GetDirectories(root).Where(FolderListing.MayBeListed).Order(StringComparer.Ordinal).Select(RecogniseHere).FirstOrDefault(name => name is not null)
            ?? (FormNotRead(root) is null && Directory.GetDirectories(root).Where(FolderListing.MayBeListed).Prepend(root).Any(folder => FolderListing.Of(folder).Pictures.Count > 0) ? ImageFolder.Key : null);
    }

    /// <summary>Opens the set, decodes every picture, and looks for pictures of the same content.</summary>
    /// <param name="root">The set's folder, or one that holds it.</param>
    /// <param name="layout">One of <see cref="DataLayout.Names"/>; null to recognise it.</param>
    /// <param name="options">What to accept; incomplete sets always are, and every picture is decoded.</param>
    /// <param name="against">Folder of another set that must not share pictures with this one: what is learnt from, or measured on, beside it.</param>
    /// <exception cref="ArgumentException">There is no such layout, or the set is withdrawn and was not accepted by name.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static DatasetCheckResult Run(string root, string? layout = null, DatasetOptions? options = null, string? against = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"{root} is no folder, expected the folder of a data set");
        }

        layout ??= Recognise(root);
        if (layout is null)
        {
            return Unreadable("", FormNotRead(root) ?? $"found {FolderListing.Describe(root)}; no layout is recognised, expected one of {string.Join(", ", DataLayout.Names)}");
        }

        PersonDataset set;
        PersonDataset? other = null;
        try
        {
            if (against is not null)
            {
                other = DataLayout.Open(
                    Recognise(against) ?? throw new SemblanceFormatException(against, $"found {FolderListing.Describe(against)}; no layout is recognised"), against, (options ?? new DatasetOptions()) with { AllowIncomplete = true, MaxMissing = int.MaxValue });
            }

            set = DataLayout.Open(layout, root, (options ?? new DatasetOptions()) with { AllowIncomplete = true, MaxMissing = int.MaxValue, Deep = true });
        }
        catch (SemblanceFormatException error)
        {
            return Unreadable(layout, error.Message);
        }

        var all = set.Report.Problems.Concat(SameContent(set)).Concat(other is null ? [] : Shared(set, other)).ToArray();
        return new DatasetCheckResult(
            layout,
            set.Report.Counts,
            set.Report.Published,
            [.. all.Where(problem => problem.Status != ProblemStatus.Caption)],
            [.. all.Where(problem => problem.Status == ProblemStatus.Caption), .. PassedOver(root, set)],
            set.Notice,
            set.Report.Standard);
    }

    /// <summary>Of a folder that holds several sets, one is checked.</summary>
    private static IEnumerable<DatasetProblem> PassedOver(string root, PersonDataset set) => RecogniseHere(root) is not null ? [] :
        from folder in Directory.GetDirectories(root).Where(FolderListing.MayBeListed).Order(StringComparer.Ordinal)
        where Path.GetFullPath(folder) != set.Root
        let other = RecogniseHere(folder)
        where other is not null
        select new DatasetProblem(Path.GetFileName(folder), ProblemStatus.Layout, $"is a set of its own ({other}) and not checked here: give its folder");

    private static DatasetCheckResult Unreadable(string layout, string reason) =>
        new(layout, new Dictionary<string, int>(), new Dictionary<string, int>(), [new DatasetProblem("", ProblemStatus.Layout, reason)], [], "", Standard: false);

    private static string? FormNotRead(string root) => Directory.GetDirectories(root).Order(StringComparer.Ordinal).Prepend(root)
        .SelectMany(folder => NotRead.Select(known => (Path: Path.Combine(folder, known.File), known.Advice)))
        .Where(known => File.Exists(known.Path))
        .Select(known => $"found {Path.GetRelativePath(root, known.Path)}, {known.Advice}")
        .FirstOrDefault();

    private static string? RecogniseHere(string folder)
    {
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        bool HasFolder(string name) => Directory.Exists(Path.Combine(folder, name));
        return Has("reid_raw.json") || Has("caption_all.json") ? CuhkPedes.Key
            : Has("ICFG-PEDES.json") || Has("ICFG_PEDES.json") ? IcfgPedes.Key
            : Has("data_captions.json") ? RstpReid.Key
            : Has("list_train.txt") || Has("list_query.txt") || HasFolder("mask_train_v2") || Msmt17.IsWithoutLists(folder) ? Msmt17.Key
            : ThreeFolders.Names.Any(HasFolder) ? OfThreeFolders(folder)
            : Cuhk03Classic.IsAt(folder) ? (Cuhk03Classic.HasTestSets(folder) || !HasLists(folder) ? Cuhk03Classic.Key : Cuhk03.Key)
            : HasFolder("cropped_images") ? CuhkSysuCrops.Key
            : RandPerson.IsAt(folder) ? RandPerson.Key
            : FineGpr.IsAt(folder) ? FineGpr.Key
            : Manifest.IsAt(folder) ? Manifest.Key
            : null;
    }

    // Lists of both kinds of boxes are lists too: opening says that one has to be named.
    private static bool HasLists(string folder)
    {
        try
        {
            return Cuhk03Lists.Find(folder) is not null;
        }
        catch (SemblanceFormatException)
        {
            return true;
        }
    }

    /// <summary>Three sets share the folders; the names that fit most often decide.</summary>
    private static string OfThreeFolders(string folder)
    {
        var names = ThreeFolders.Names.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)
            .SelectMany(path => FolderListing.Of(path).Pictures.Take(NamesLookedAt)).Select(file => file.Name).ToArray();
        var (market, duke, cuhk) = (names.Count(name => MarketName.Parse(name) is not null), names.Count(name => DukeName.Parse(name) is not null), names.Count(name => Cuhk03Name.Parse(name) is not null));
        return duke > market && duke >= cuhk ? DukeMtmc.Key : cuhk > market ? Cuhk03.Key : Market1501.Key;
    }

    /// <summary>Pictures of the same bytes: a leak when training and testing share one, else a copy too many.</summary>
    private static IEnumerable<DatasetProblem> SameContent(PersonDataset set)
    {
        // Only files of one length can be equal, so most are never read.
        // Boxes are drawn around people who are queries too, and may be the very pictures.
        var suspects = set.Records.Where(record => record.Split != Split.Boxes).DistinctBy(record => record.ImagePath).GroupBy(record => new FileInfo(Path.Combine(set.Root, record.ImagePath)).Length).Where(group => group.Count() > 1);
        foreach (var same in suspects.SelectMany(group => group.GroupBy(record => Hash(Path.Combine(set.Root, record.ImagePath)), StringComparer.Ordinal)).Where(group => group.Count() > 1))
        {
            var pictures = same.OrderBy(record => record.Order).ToArray();
            var others = string.Join(", ", pictures.Skip(1).Take(3).Select(record => record.ImagePath)) + (pictures.Length > 4 ? ", ..." : "");
            var leaks = pictures.Any(record => record.Split == Split.Train) && pictures.Any(record => record.Split is not (Split.Train or Split.Val));
            yield return new DatasetProblem(
                pictures[0].ImagePath,
                leaks ? ProblemStatus.Overlap : ProblemStatus.Duplicate,
                $"has the same content as {others}{(leaks ? ": a test picture is in training" : "")}{(pictures.Select(record => record.RawId).Distinct(StringComparer.Ordinal).Count() > 1 ? $" (persons {string.Join(", ", pictures.Select(record => record.RawId).Distinct(StringComparer.Ordinal).Take(4))})" : "")}");
        }
    }

    /// <summary>Pictures whose bytes another set has too: whoever learns from one and is measured on the other is measured on what was learnt.</summary>
    private static IEnumerable<DatasetProblem> Shared(PersonDataset set, PersonDataset other)
    {
        var theirs = other.Records.DistinctBy(record => record.ImagePath).ToLookup(record => new FileInfo(Path.Combine(other.Root, record.ImagePath)).Length);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in set.Records.DistinctBy(record => record.ImagePath))
        {
            var path = Path.Combine(set.Root, record.ImagePath);
            if (theirs[new FileInfo(path).Length].ToArray() is not { Length: > 0 } suspects)
            {
                continue;
            }

            var own = Hash(path);
            foreach (var same in suspects.Where(suspect => (hashes.TryGetValue(suspect.ImagePath, out var known) ? known : hashes[suspect.ImagePath] = Hash(Path.Combine(other.Root, suspect.ImagePath))) == own).Take(1))
            {
                yield return new DatasetProblem(record.ImagePath, ProblemStatus.Overlap, $"has the same content as {same.ImagePath} of {other.Root} ({record.Split} here, {same.Split} there; persons {record.RawId} and {same.RawId})");
            }
        }
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
