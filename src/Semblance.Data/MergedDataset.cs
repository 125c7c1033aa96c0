using Semblance.Imaging;

namespace Semblance.Data;

/// <summary>Several data sets as one source of training pictures; who is who stays apart, since identities and cameras are keyed by (data set, number).</summary>
public static class MergedDataset
{
    /// <summary>Sets that share pictures, so that a transfer result between them would mean nothing.</summary>
    private static readonly (string One, string Other, string How)[] Overlaps =
    [
        (Market1501.Key, CuhkPedes.Key, $"{CuhkPedes.Key} contains pictures of {Market1501.Key}"),
        (Cuhk03.Key, CuhkPedes.Key, $"{CuhkPedes.Key} contains pictures of {Cuhk03.Key}"),
        (Cuhk03Classic.Key, CuhkPedes.Key, $"{CuhkPedes.Key} contains pictures of CUHK03 ({Cuhk03Classic.Key})"),
        (Cuhk03.Key, Cuhk03Classic.Key, $"{Cuhk03.Key} and {Cuhk03Classic.Key} are the same people, divided in another way"),
        (CuhkSysuCrops.Key, CuhkPedes.Key, $"{CuhkPedes.Key} contains pictures of {CuhkSysuCrops.Key}"),
        (Msmt17.Key, IcfgPedes.Key, $"{IcfgPedes.Key} contains pictures of {Msmt17.Key}"),
        (Msmt17.Key, RstpReid.Key, $"{RstpReid.Key} contains pictures of {Msmt17.Key}"),
        (IcfgPedes.Key, RstpReid.Key, $"{IcfgPedes.Key} and {RstpReid.Key} both hold pictures of {Msmt17.Key}"),
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

    /// <summary>For each two sets that share pictures, a sentence that says so.</summary>
    public static IReadOnlyList<string> OverlapsAmong(IReadOnlyCollection<string> keys) =>
        [.. Overlaps.Where(pair => keys.Contains(pair.One) && keys.Contains(pair.Other)).Select(pair => Sentence(pair.How))];

    /// <summary>For each set that was learnt from and shares pictures with the one that is measured on, a sentence that says so. The same set is its own protocol and no leak.</summary>
    /// <param name="sources">Keys of what was learnt from, rendered sets left out: a world shares nothing, whatever its layout.</param>
    /// <param name="target">Key of what is measured on.</param>
    public static IReadOnlyList<string> LeaksInto(string target, IReadOnlyCollection<string> sources) =>
        [.. Overlaps.Where(pair => (pair.One == target && sources.Contains(pair.Other)) || (pair.Other == target && sources.Contains(pair.One))).Select(pair => Sentence(pair.How))];

    private static string Sentence(string how) => $"{how}: a result on one after training on the other says nothing about transfer";

    private sealed class Sources(Dictionary<string, (IPictureSource Pictures, string Key)> sources) : IPictureSource
    {
        public Picture LoadPicture(PersonRecord record) => sources[record.Dataset].Pictures.LoadPicture(Own(record));

        public LabelMap? LoadMask(PersonRecord record) => sources[record.Dataset].Pictures.LoadMask(Own(record));

        /// <summary>The record as its own source knows it.</summary>
        private PersonRecord Own(PersonRecord record) => sources[record.Dataset].Key is var key && key == record.Dataset ? record : record with { Dataset = key };
    }
}
