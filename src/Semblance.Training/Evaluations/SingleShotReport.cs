using System.Text.Json.Nodes;
using Semblance.Evaluation;

namespace Semblance.Training;

/// <summary>CUHK03's first protocol on one test set or several: figures of each, and their mean and spread.</summary>
/// <param name="Sets">Number of each test set, and what came out.</param>
/// <param name="Seconds">Decoding, embedding and ranking.</param>
/// <param name="Fingerprint">The encoder's.</param>
/// <param name="Data">Key, root and counts of the data set.</param>
public sealed record SingleShotReport(IReadOnlyList<(int TestSet, SingleShotResult Result)> Sets, double Seconds, string Fingerprint, JsonObject Data)
{
    /// <summary>The task's word.</summary>
    public const string Task = "single-shot";

    /// <summary>Mean over the test sets, and their standard deviation; 0 for a single one.</summary>
    public (double Mean, double Deviation) RankAt(int k)
    {
        var ranks = Sets.Select(set => set.Result.RankAt(k)).ToArray();
        var mean = ranks.Average();
        return (mean, ranks.Length == 1 ? 0 : Math.Sqrt(ranks.Sum(rank => (rank - mean) * (rank - mean)) / (ranks.Length - 1)));
    }

    /// <summary>What <c>eval --json</c> prints; fractions in [0, 1].</summary>
    public JsonObject ToJson()
    {
        var options = Sets[0].Result.Options;
        var json = new JsonObject
        {
            ["task"] = Task,
            ["protocol"] = options.OwnViewStays ? "cuhk03-classic (own view stays, as in torchreid)" : "cuhk03-classic",
            ["test_sets"] = Sets.Count,
            ["draws"] = options.Draws,
            ["seed"] = options.Seed,
        };
        foreach (var k in new[] { 1, 5, 10, 20 })
        {
            var (mean, deviation) = RankAt(k);
            json[$"rank{k}"] = mean;
            json[$"rank{k}_deviation_over_test_sets"] = deviation;
        }

        json["sets"] = new JsonArray([.. Sets.Select(set => new JsonObject
        {
            ["test_set"] = set.TestSet,
            ["queries"] = set.Result.Queries,
            ["skipped"] = set.Result.Skipped,
            ["people"] = set.Result.People,
            ["rank1"] = set.Result.RankAt(1),
            ["rank5"] = set.Result.RankAt(5),
            ["rank10"] = set.Result.RankAt(10),
            ["rank1_deviation_over_draws"] = set.Result.Deviations[0],
        })]);
        json["seconds"] = Math.Round(Seconds, 3);
        json["fingerprint"] = Fingerprint;
        json["data"] = Data.DeepClone();
        return json;
    }
}
