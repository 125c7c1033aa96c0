using System.Text;
using System.Text.Json.Nodes;
using Semblance.Core;
using Semblance.Data;
using Semblance.Training.Recipes;

namespace Semblance.Training.Samples;

/// <summary>
/// What a run learns from and what it is validated on: the training splits of all sources, with some people held out. Identities of different sources are different
/// people; cameras are told apart by source as well.
/// </summary>
internal sealed class SampleSet
{
    private SampleSet(IReadOnlyList<Sample> training, IReadOnlyList<Sample> heldOut, JsonObject counts, string fingerprint)
    {
        Training = training;
        HeldOut = heldOut;
        Counts = counts;
        Fingerprint = fingerprint;
        Identities = training.Count == 0 ? 0 : training.Max(sample => sample.Identity) + 1;
    }

    public IReadOnlyList<Sample> Training { get; }

    public IReadOnlyList<Sample> HeldOut { get; }

    /// <summary>C, people to learn.</summary>
    public int Identities { get; }

    /// <summary>Pictures, people and captions of each source, for the record of the run.</summary>
    public JsonObject Counts { get; }

    /// <summary>Changes with any record, label or caption: a run goes on only with the data it began with.</summary>
    public string Fingerprint { get; }

    /// <summary>Gathers the sources.</summary>
    /// <exception cref="ArgumentException">A source has no training pictures, or validation asks for more people than there are.</exception>
    public static SampleSet Gather(IReadOnlyList<PersonDataset> sources, ValidationRecipe validation, long seed)
    {
        var training = new List<Sample>();
        var heldOut = new List<Sample>();
        var counts = new JsonArray();
        var digest = new StringBuilder();
        var (identities, heldOutIdentities) = (0, 0);
        var share = HeldOutPerSource(sources, validation, seed);
        for (var s = 0; s < sources.Count; s++)
        {
            var source = sources[s];
            var people = People(source);
            if (people.Count == 0)
            {
                throw new ArgumentException($"{source.Key} in {source.Root}: no training pictures of any person{Reasons(source)}");
            }

            foreach (var (person, records) in people)
            {
                var held = share[s].Contains(person);
                var (list, identity) = held ? (heldOut, heldOutIdentities++) : (training, identities++);
                list.AddRange(records.Select(record => new Sample(0, record, source.Pictures, identity, s)));
            }

            var all = people.SelectMany(person => person.Records).ToList();
            all.ForEach(record => digest.Append(s).Append('\t').Append(record.ImagePath).Append('\t').Append(record.RawId).Append('\t').AppendJoin('\t', record.Captions is WrittenCaptions written ? [$"{written}"] : record.Captions).Append('\n'));
            counts.Add(new JsonObject
            {
                ["dataset"] = source.Key,
                ["root"] = source.Root,
                ["rendered"] = source.Notice == DataNotice.Synthetic,
                ["notice"] = source.Notice,
                ["pictures"] = all.Count,
                ["identities"] = people.Count,
                ["captions"] = all.Sum(record => record.Captions.Count),
                ["identities_held_out"] = share[s].Count,
            });
        }

        // One numbering for both, so that a sample's index is its place in the picture store.
        var numbered = training.Concat(heldOut).Select((sample, i) => sample with { Index = i }).ToList();
        return new SampleSet(
            numbered[..training.Count],
            numbered[training.Count..],
            new JsonObject { ["training_pictures"] = training.Count, ["training_identities"] = identities, ["validation_pictures"] = heldOut.Count, ["sources"] = counts },
            new FingerprintBuilder().Add("records", digest.ToString()).Build().Hex);
    }

    private static List<(string Person, List<PersonRecord> Records)> People(PersonDataset source) =>
        [.. source.Of(Split.Train).Where(record => record.Role == Role.Person).GroupBy(record => record.RawId, StringComparer.Ordinal)
            .Select(group => (group.Key, group.ToList()))];

    /// <summary>People with two pictures or more, drawn from the sources in turn until there are enough.</summary>
    private static HashSet<string>[] HeldOutPerSource(IReadOnlyList<PersonDataset> sources, ValidationRecipe validation, long seed)
    {
        var candidates = new List<string[]>();
        for (var s = 0; s < sources.Count; s++)
        {
            string[] people = [.. People(sources[s]).Where(person => person.Records.Count > validation.Queries).Select(person => person.Person)];
            var random = Randomness.For((ulong)seed, Randomness.Key("validation"), s);
            random.Shuffle<string>(people);
            candidates.Add(people);
        }

        var available = candidates.Sum(people => people.Length);
        if (validation.Identities >= available && validation.Identities > 0)
        {
            throw new ArgumentException($"validation.identities is {validation.Identities}, but the sources have {available} people with more than {validation.Queries} "
                + $"picture{(validation.Queries == 1 ? "" : "s")}: expected fewer, so that some are left to learn from");
        }

        var chosen = candidates.Select(_ => new HashSet<string>(StringComparer.Ordinal)).ToArray();
        for (var (round, left) = (0, validation.Identities); left > 0; round++)
        {
            for (var s = 0; s < candidates.Count && left > 0; s++)
            {
                if (round < candidates[s].Length)
                {
                    chosen[s].Add(candidates[s][round]);
                    left--;
                }
            }
        }

        return chosen;
    }

    private static string Reasons(PersonDataset source) => source.Report.Problems.Count == 0 ? ""
        : $"; {source.Report.Problems.Count} problems, the first: {source.Report.Problems[0].Path}: {source.Report.Problems[0].Reason}";
}
