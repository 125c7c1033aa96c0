using System.Collections.Concurrent;
using Semblance.Core;

namespace Semblance.Data.Reading;

/// <summary>What every reader does with its records: check the files, refuse what would falsify results, number the rest, compare with the published figures.</summary>
internal sealed class DatasetAssembly(string key, string root, DatasetOptions options, string notice)
{
    private const int Shown = 5;
    private const int SmallestSide = 8;

    /// <summary>Lies in every world that was written out, and tells it from the set of real people whose layout it has.</summary>
    private const string WorldFile = "world.json";

    private readonly List<PersonRecord> _records = [];
    private readonly Dictionary<string, DatasetProblem> _bad = new(StringComparer.Ordinal);

    public List<DatasetProblem> Problems { get; } = [];

    /// <summary>Counts that no record shows, such as files that no annotation names.</summary>
    public Dictionary<string, int> MoreCounts { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<PersonRecord> Records => _records;

    public void Report(string path, string status, string reason) => Problems.Add(new DatasetProblem(path, status, reason));

    /// <summary>True for a world that was written out: nobody real is in it.</summary>
    public static bool IsWorld(string root) => File.Exists(Path.Combine(root, WorldFile));

    /// <summary>Takes a record in canonical order, with the length of its file; null when the file is not there.</summary>
    public void Add(PersonRecord record, long? bytes, string missing = "named by the annotation, not on the disk")
    {
        _records.Add(record);
        if (bytes is not > 0)
        {
            _bad[record.ImagePath] = bytes is null
                ? new DatasetProblem(record.ImagePath, ProblemStatus.Missing, missing)
                : new DatasetProblem(record.ImagePath, ProblemStatus.Damaged, "the file is empty (0 bytes)");
        }
    }

    /// <summary>Checks and closes the set.</summary>
    /// <param name="published">The publisher's figures, under the names that the counts have.</param>
    /// <exception cref="SemblanceFormatException">Too many pictures are missing or damaged.</exception>
    public PersonDataset Finish(IReadOnlyDictionary<string, int> published)
    {
        if (options.CaptionsPerPicture is not null)
        {
            // Who reads fewer captions than were published knows that there are fewer.
            published = published.Where(figure => !figure.Key.EndsWith("captions", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        }

        var pictures = new FolderPictures(root, options.Pictures, options.CacheBytes);
        if (options.Deep)
        {
            Decode(pictures);
        }

        Problems.AddRange(_bad.Values.OrderBy(problem => problem.Path, StringComparer.Ordinal));
        Refuse(Split.Train, "training", options.MaxMissing, $"repair them, or raise {nameof(DatasetOptions.MaxMissing)} (max_missing of the recipe's source, --max-missing) to go on without them");
        foreach (var split in new[] { Split.Val, Split.Query, Split.Gallery, Split.Test, Split.Boxes })
        {
            Refuse(
                split,
                split switch { Split.Val => "validation", _ => split.ToString().ToLowerInvariant() },
                options.AllowIncomplete ? int.MaxValue : 0,
                $"fewer pictures change every metric: repair them, or set {nameof(DatasetOptions.AllowIncomplete)} (--allow-incomplete) to evaluate what is left, marked as not standard");
        }

        var kept = _records.Where(record => !_bad.ContainsKey(record.ImagePath)).Select((record, order) => record with { Order = order }).ToArray();
        var counts = Count(kept);
        Compare(counts, published);
        var standard = published.Count > 0 && _bad.Count == 0 && published.All(figure => counts.GetValueOrDefault(figure.Key) == figure.Value);
        return new PersonDataset(key, root, kept, pictures, new DatasetReport(counts, Problems) { Published = published, Standard = standard })
        {
            Notice = IsWorld(root) ? DataNotice.Synthetic : notice,
        };
    }

    private void Decode(FolderPictures pictures)
    {
        ConcurrentBag<DatasetProblem> found = [];
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        Parallel.ForEach(_records.Where(record => !_bad.ContainsKey(record.ImagePath)).DistinctBy(record => record.ImagePath), new ParallelOptions { MaxDegreeOfParallelism = threads }, record =>
        {
            try
            {
                var picture = pictures.LoadPicture(record);
                if (picture.Width < SmallestSide || picture.Height < SmallestSide)
                {
                    found.Add(new DatasetProblem(record.ImagePath, ProblemStatus.Suspicious, $"{picture.Width} x {picture.Height} pixels, a side below {SmallestSide}"));
                }
            }
            catch (SemblanceFormatException error)
            {
                found.Add(new DatasetProblem(record.ImagePath, ProblemStatus.Damaged, error.Problem));
            }
        });
        foreach (var problem in found.OrderBy(problem => problem.Path, StringComparer.Ordinal))
        {
            if (problem.Status == ProblemStatus.Damaged)
            {
                _bad[problem.Path] = problem;
            }
            else
            {
                Problems.Add(problem);
            }
        }
    }

    private void Refuse(Split split, string name, int allowed, string advice)
    {
        var all = _records.Where(record => record.Split == split).ToArray();
        var bad = all.Where(record => _bad.ContainsKey(record.ImagePath)).Select(record => _bad[record.ImagePath]).ToArray();
        if (bad.Length <= allowed)
        {
            return;
        }

        var folders = string.Join(", ", bad.GroupBy(problem => problem.Path[..Math.Max(problem.Path.LastIndexOf('/'), 0)], StringComparer.Ordinal).Select(group => $"{group.Key}/ {group.Count()}"));
        var examples = string.Join("; ", bad.Take(Shown).Select(problem => $"{problem.Path}: {problem.Reason}")) + (bad.Length > Shown ? "; ..." : "");
        throw new SemblanceFormatException(root, $"{bad.Length} of {all.Length} {name} pictures are missing or damaged, at most {allowed} accepted ({folders}). {examples}. Advice: {advice}");
    }

    private Dictionary<string, int> Count(PersonRecord[] records)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (var split in Enum.GetValues<Split>())
        {
            var all = records.Where(record => record.Split == split).ToArray();
            if (all.Length == 0)
            {
                continue;
            }

            var name = split.ToString().ToLowerInvariant();
            counts[$"{name} images"] = all.Length;
            counts[$"{name} identities"] = all.Where(record => record.Role == Role.Person && record.RawId.Length > 0).Select(record => record.RawId).Distinct(StringComparer.Ordinal).Count();
            CountIf($"{name} distractors", all.Count(record => record.Role == Role.Distractor));
            CountIf($"{name} junk", all.Count(record => record.Role == Role.Junk));
            CountIf($"{name} cameras", all.Where(record => record.Camera is not null).Select(record => record.Camera).Distinct().Count());
            CountIf($"{name} captions", all.Sum(record => record.Captions.Count));
        }

        foreach (var (name, count) in MoreCounts)
        {
            CountIf(name, count);
        }

        return counts;

        void CountIf(string name, int count)
        {
            if (count > 0)
            {
                counts[name] = count;
            }
        }
    }

    /// <summary>A figure within a tenth of the published one is a copy with losses; another size altogether is another set in the same layout, which is welcome.</summary>
    private void Compare(Dictionary<string, int> counts, IReadOnlyDictionary<string, int> published)
    {
        foreach (var (name, expected) in published)
        {
            var found = counts.GetValueOrDefault(name);
            if (found != expected && Math.Abs(found - expected) * 10L <= expected)
            {
                Report("", ProblemStatus.Count, $"{found:N0} {name}, {expected:N0} published: the copy looks incomplete or altered");
            }
        }
    }
}
