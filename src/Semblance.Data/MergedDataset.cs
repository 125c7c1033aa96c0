using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>Several data sets as one source of training pictures; who is who stays apart, since identities and cameras are keyed by (data set, number).</summary>
public static class MergedDataset
{
    /// <summary>Sets whose pictures come from another set, so that a transfer result between them would mean nothing (data-set specification, 1.10).</summary>
    private static readonly (string Source, string ContainedIn)[] Overlaps =
    [
        (Market1501.Key, CuhkPedes.Key),
        (Cuhk03.Key, CuhkPedes.Key),
        (CuhkSysuCrops.Key, CuhkPedes.Key),
        (Msmt17.Key, IcfgPedes.Key),
        (Msmt17.Key, RstpReid.Key),
    ];

    /// <summary>Puts the records one after another. Two sets of one key (two worlds in one layout) get keys of their own: <c>market1501</c>, <c>market1501#2</c>.</summary>
    /// <exception cref="ArgumentException">There is nothing to merge.</exception>
    public static PersonDataset Of(params IReadOnlyList<PersonDataset> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
        {
            throw new ArgumentException("no data sets to merge, expected one or more", nameof(sets));
        }

        List<PersonRecord> records = [];
        Dictionary<string, (IPictureSource Pictures, string Key)> sources = new(StringComparer.Ordinal);
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        List<DatasetProblem> problems = [];
        foreach (var set in sets)
        {
            // A set may itself be merged: each data set in it keeps a key of its own.
            Dictionary<string, string> renamed = new(StringComparer.Ordinal);
            foreach (var original in set.Records.Select(record => record.Dataset).Distinct(StringComparer.Ordinal))
            {
                var key = original;
                for (var i = 2; sources.ContainsKey(key); i++)
                {
                    key = $"{original}#{i}";
                }

                sources.Add(key, (set.Pictures, original));
                renamed.Add(original, key);
            }

            var first = records.Count;
            records.AddRange(set.Records.Select((record, i) => record with { Dataset = renamed[record.Dataset], Order = first + i }));
            // The names of an already merged set say which of its parts they are about.
            var part = renamed.Count == 1 ? renamed.Values.Single() : null;
            problems.AddRange(set.Report.Problems.Select(problem => part is null ? problem : problem with { Path = $"{part}:{problem.Path}" }));
            foreach (var (figure, count) in set.Report.Counts)
            {
                counts[part is null ? figure : $"{part} {figure}"] = count;
            }
        }

        problems.AddRange(OverlapsAmong([.. sources.Values.Select(source => source.Key)]).Select(reason => new DatasetProblem("", ProblemStatus.Overlap, reason)));
        return new PersonDataset(string.Join('+', sources.Keys), string.Join(" + ", sets.Select(set => set.Root)), records, new Sources(sources), new DatasetReport(counts, problems))
        {
            Notice = string.Join('\n', sets.Select(set => set.Notice).Distinct(StringComparer.Ordinal)),
        };
    }

    /// <summary>For each two sets of which one contains pictures of the other, a sentence that says so.</summary>
    public static IReadOnlyList<string> OverlapsAmong(IReadOnlyCollection<string> keys) =>
        [.. Overlaps.Where(pair => keys.Contains(pair.Source) && keys.Contains(pair.ContainedIn))
            .Select(pair => $"{pair.ContainedIn} contains pictures of {pair.Source}: a result on one after training on the other says nothing about transfer")];

    private sealed class Sources(Dictionary<string, (IPictureSource Pictures, string Key)> sources) : IPictureSource
    {
        public Picture LoadPicture(PersonRecord record) => sources[record.Dataset].Pictures.LoadPicture(Own(record));

        public LabelMap? LoadMask(PersonRecord record) => sources[record.Dataset].Pictures.LoadMask(Own(record));

        /// <summary>The record as its own source knows it.</summary>
        private PersonRecord Own(PersonRecord record) => sources[record.Dataset].Key is var key && key == record.Dataset ? record : record with { Dataset = key };
    }
}
