using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance reproduce TABLE --world [--out DIR] [--seeds 3] [--set key=value ...]</c></summary>
internal static class ReproduceVerb
{
    private const string UnseenDomain = "shop";
    private const ulong UnseenSeed = 909;

    public static Command Create()
    {
        var table = new Argument<string>("TABLE") { Description = $"Which table: {string.Join(", ", ReproductionTable.All.Select(known => known.Key))}." };
        var world = new Option<bool>("--world") { Description = "On the synthetic world, at its scale. The real data sets cannot be fetched by this program." };
        var output = new Option<string?>("--out") { Description = "Where runs and results go; the same call goes on where it stopped.", HelpName = "DIR" };
        var seeds = new Option<int>("--seeds") { Description = "How many seeds, from 1.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var recipe = new Option<string?>("--recipe") { Description = "What all rows share; recipes/reproduce-world.yaml by default.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Prints the results as one JSON object." };
        var command = new Verb(
            "reproduce",
            "Trains and measures every row of a published table, each with several seeds, all else shared.",
            "semblance reproduce mmet-table1 --world",
            "semblance reproduce mmet-table2 --world --seeds 1 --out out/quick")
        {
            table, world, output, seeds, recipe, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var key = parsed.GetRequiredValue(table);
            var known = ReproductionTable.All.Select(row => row.Key).ToArray();
            var chosen = ReproductionTable.All.FirstOrDefault(candidate => candidate.Key == key)
                ?? throw new ArgumentException($"there is no table \"{key}\"{Suggestion.DidYouMean(key, known)}: expected one of {string.Join(", ", known)}");
            if (!parsed.GetValue(world))
            {
                throw new ArgumentException("on real data sets the tables are not built yet: add --world to run the same experiment on the synthetic world");
            }

            if (parsed.GetValue(seeds) is < 1 and var few)
            {
                throw new ArgumentException($"--seeds is {few}, expected 1 or more");
            }

            var folder = parsed.GetValue(output) ?? Path.Combine("out", key);
            var unseen = new World(new WorldOptions { Domain = UnseenDomain, Seed = UnseenSeed, Identities = 200, ImagesPerIdentity = 4 });
            using var progress = new PhaseProgress();
            var results = new Reproduction(
                chosen, parsed.GetValue(recipe) ?? Path.Combine(AppContext.BaseDirectory, "recipes", "reproduce-world.yaml"), unseen.AsDataset(WorldSplit.AllTest), progress)
                .Run(folder, [.. Enumerable.Range(1, parsed.GetValue(seeds)).Select(seed => (long)seed)], cancellation);
            progress.Dispose();
            Console.Out.WriteLine(parsed.GetValue(json) ? results.ToJsonString(Json.Options) : File.ReadAllText(Path.Combine(folder, "results.md")));
            return Task.FromResult(0);
        });
        return command;
    }
}
