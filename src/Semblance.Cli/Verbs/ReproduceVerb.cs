using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Data;
using Semblance.Synthesis;
using Semblance.Synthesis.Layouts;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance reproduce TABLE (--world | --source DIR [--target LAYOUT=DIR ...]) [--out DIR] [--seeds 3] [--set key=value ...]</c></summary>
internal static class ReproduceVerb
{
    private const string UnseenDomain = "snow";
    private const ulong UnseenSeed = 909;

    public static Command Create()
    {
        var table = new Argument<string>("TABLE") { Description = $"Which table: {string.Join(", ", ReproductionTable.All.Select(known => known.Key))}." };
        var world = new Option<bool>("--world") { Description = "The same experiment in the synthetic world, at its scale." };
        var source = new Option<string?>("--source") { Description = "The real data set that the table's rows learn from.", HelpName = "DIR" };
        var target = new Option<string[]>("--target") { Description = "A real data set to measure on; without one, the source's own test split.", HelpName = "LAYOUT=DIR", DefaultValueFactory = _ => [] };
        var withdrawn = Withdrawn.Option();
        var output = new Option<string?>("--out") { Description = "Where runs and results go; the same call goes on where it stopped.", HelpName = "DIR" };
        var seeds = new Option<int>("--seeds") { Description = "How many seeds, from 1.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var recipe = new Option<string?>("--recipe") { Description = "What all rows share, in place of the table's own recipe.", HelpName = "FILE" };
        var record = new Option<string?>("--record") { Description = "Also puts the table into this page, in place of an older one.", HelpName = "FILE.md" };
        var set = new Option<string[]>("--set") { Description = "Changes the recipe of all rows.", HelpName = "key=value", DefaultValueFactory = _ => [] };
        var json = new Option<bool>("--json") { Description = "Prints the results as one JSON object." };
        var command = new Verb(
            "reproduce",
            "Trains and measures every row of a published table, each with several seeds, all else shared.",
            "semblance reproduce mmet-table1 --world",
            "semblance reproduce mmet-table2 --world --seeds 1 --out out/quick",
            "semblance reproduce mmet-table1 --source FineGPR --target market1501=Market-1501 --target dukemtmc-reid=DukeMTMC-reID",
            "semblance reproduce lcr2s --source CUHK-PEDES --set device=cuda:0")
        {
            table, world, source, target, withdrawn, output, seeds, recipe, set, record, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var key = parsed.GetRequiredValue(table);
            var known = ReproductionTable.All.Select(row => row.Key).ToArray();
            var chosen = ReproductionTable.All.FirstOrDefault(candidate => candidate.Key == key)
                ?? throw new ArgumentException($"there is no table \"{key}\"{Suggestion.DidYouMean(key, known)}: expected one of {string.Join(", ", known)}");
            if (parsed.GetValue(world) == parsed.GetValue(source) is not null)
            {
                throw new ArgumentException($"expected either --world or --source DIR with a data set of layout {chosen.SourceLayout}, which the rows of {key} learn from");
            }

            if (parsed.GetValue(seeds) is < 1 and var few)
            {
                throw new ArgumentException($"--seeds is {few}, expected 1 or more");
            }

            var folder = parsed.GetValue(output) ?? Path.Combine("out", key);
            var (name, targets, settings) = parsed.GetValue(source) is { } data
                ? (chosen.RealRecipe, Real(chosen, data, parsed.GetRequiredValue(target), parsed.Accepted(withdrawn)), (string[])[$"data.sources=[{{ layout: {chosen.SourceLayout}, path: \"{data}\" }}]"])
                : (chosen.WorldRecipe, World(), []);
            Notices.Say(targets.Values);
            foreach (var warning in parsed.GetValue(source) is null ? [] : targets.Values.SelectMany(one => MergedDataset.LeaksInto(one.Key, [chosen.SourceLayout])))
            {
                Talk.Line($"No transfer: {warning}.");
            }

            using var progress = new PhaseProgress();
            var reproduction = new Reproduction(
                chosen, parsed.GetValue(recipe) ?? Path.Combine(AppContext.BaseDirectory, "recipes", name), targets, [.. settings, .. parsed.GetRequiredValue(set)], progress,
                program: OwnProgram.Command);
            var results = reproduction.Run(folder, [.. Enumerable.Range(1, parsed.GetValue(seeds)).Select(seed => (long)seed)], cancellation);
            progress.Dispose();
            if (parsed.GetValue(record) is { } page)
            {
                var asked = string.Concat(parsed.GetRequiredValue(set).Select(setting => $" --set {setting}"));
                ResultsPage.Put(page, chosen.Title, $"semblance reproduce {key} {(parsed.GetValue(world) ? "--world" : "--source DIR")} --seeds {parsed.GetValue(seeds)}{asked}", reproduction.Markdown(results));
            }

            Console.Out.WriteLine(parsed.GetValue(json) ? results.ToJsonString(Json.Options) : File.ReadAllText(Path.Combine(folder, "results.md")));
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>A domain and people that no row of any table learns from.</summary>
    private static Dictionary<string, PersonDataset> World() => new(StringComparer.Ordinal)
    {
        [$"world {UnseenDomain}"] = new World(new WorldOptions { Domain = UnseenDomain, Seed = UnseenSeed, Identities = 200, ImagesPerIdentity = 4 }).AsDataset(WorldSplit.AllTest),
    };

    private static Dictionary<string, PersonDataset> Real(ReproductionTable table, string source, string[] targets, DatasetOptions options) => targets.Length == 0
        ? new Dictionary<string, PersonDataset>(StringComparer.Ordinal) { [table.SourceLayout] = DataLayout.Open(table.SourceLayout, source, options) }
        : NamedDatasets.Open(targets, options);
}
