using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Semblance.Core;
using Semblance.Data;
using Semblance.Models;
using Semblance.Tensors;
using Semblance.Training.Recipes;

namespace Semblance.Training;

/// <summary>
/// Trains and measures every row of a table with several seeds, all else shared, and writes what came out, whichever way. Each (row, seed) is a run of its own that goes
/// on where it stopped; one that is measured is not done again.
/// </summary>
/// <param name="table">The rows.</param>
/// <param name="recipe">What all rows share: a YAML file, so that rows are changes of it.</param>
/// <param name="targets">What every row is measured on, by name: people that no row learns from; all test split.</param>
/// <param name="settings">Changes of the recipe for all rows, such as where the source lies.</param>
/// <param name="progress">Hears of every run's phases.</param>
/// <param name="open">Opens the recipe's sources in place of reading disks and rendering worlds.</param>
/// <param name="program">As <see cref="Trainer"/> takes it.</param>
public sealed class Reproduction(
    ReproductionTable table, string recipe, IReadOnlyDictionary<string, PersonDataset> targets, IReadOnlyList<string>? settings = null, IProgress<TrainingProgress>? progress = null,
    Func<Recipe, IReadOnlyList<PersonDataset>>? open = null, IReadOnlyList<string>? program = null)
{
    private static readonly (string Key, string Title, Func<PublishedFigures, double?> Published)[] Columns =
        [("map", "mAP", paper => paper.Map), ("rank1", "rank-1", paper => paper.Rank1), ("rank5", "rank-5", paper => paper.Rank5), ("minp", "mINP", _ => null)];

    private readonly Dictionary<string, PersonDataset> _targets = targets.ToDictionary(target => target.Key, target => InMemoryPictures.Over(target.Value), StringComparer.Ordinal);
    private readonly Func<Recipe, IReadOnlyList<PersonDataset>> _open = open ?? (asked => Samples.SourceOpener.Open(asked.Data, asked.Model.Options));
    private IReadOnlyList<PersonDataset>? _sources;

    /// <summary>Runs what is not done yet.</summary>
    /// <param name="directory">One folder per (row, seed), <c>results.json</c> and <c>results.md</c>.</param>
    /// <param name="seeds">At least one; a deviation needs two.</param>
    /// <param name="cancellation">Ends after the current step; the same call goes on.</param>
    /// <returns>What <c>results.json</c> holds.</returns>
    public JsonObject Run(string directory, IReadOnlyList<long> seeds, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        ArgumentOutOfRangeException.ThrowIfZero(seeds.Count);
        Trainer.RefuseLaunchers("reproduce");
        var rows = new JsonArray();
        foreach (var row in table.Rows)
        {
            var results = seeds.Select(seed => RunOne(Path.Combine(directory, $"{row.Key}-seed{seed}"), row, seed, cancellation)).ToList();
            rows.Add(Summary(row, seeds, results));
        }

        var all = new JsonObject
        {
            ["table"] = table.Key,
            ["title"] = table.Title,
            ["source"] = table.Source,
            ["recipe"] = Path.GetFileName(recipe),
            ["settings"] = new JsonArray([.. (settings ?? []).Select(setting => JsonValue.Create(setting))]),
            ["seeds"] = new JsonArray([.. seeds.Select(seed => JsonValue.Create(seed))]),
            ["targets"] = new JsonObject(_targets.Select(target => KeyValuePair.Create(target.Key, (JsonNode?)target.Value.Root))),
            ["differs"] = table.Differs,
            ["commit"] = SourceCommit.Find(),
            ["libraries"] = RunRecord.Libraries(),
            ["rows"] = rows,
        };
        JsonFile.Write(Path.Combine(directory, "results.json"), all);
        AtomicFile.WriteText(Path.Combine(directory, "results.md"), $"# {table.Title}\n\n{Markdown(all)}");
        return all;
    }

    /// <summary>Figures of one task over the seeds: mean and sample standard deviation (0 for one seed).</summary>
    internal static (double Mean, double Deviation) Spread(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return (mean, values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }

    private JsonObject RunOne(string directory, ReproductionRow row, long seed, CancellationToken cancellation)
    {
        var done = Path.Combine(directory, "result.json");
        var asked = RecipeFile.Read(recipe, [.. settings ?? [], .. row.Settings, $"seed={seed}", $"name={row.Key} seed {seed}"]).Recipe;
        var result = new JsonObject { ["row"] = row.Key, ["seed"] = seed };
        bool IsMeasured(string target) => row.Tasks.All(task => (string?)result[target]?[task.Key()]?["data"]?["root"] == _targets[target].Root);
        if (File.Exists(done))
        {
            // Of the same recipe, or it is another experiment's.
            Trainer.Continued(asked, Training.Run.Open(directory));
            result = JsonFile.ReadObject(done);
            if (_targets.Keys.All(IsMeasured))
            {
                return result;
            }
        }

        // A rendered picture is rendered once; a data set's are read as the recipe's cache has it.
        _sources ??= [.. _open(asked).Select(source => source.Notice == DataNotice.Synthetic ? InMemoryPictures.Over(source) : source)];
        var run = new Trainer(progress, open: _ => _sources, program: program).Train(asked, directory, resume: true, cancellation);
        using var encoder = TrainedModel.Open(run.DirectoryPath, new EncoderOptions { Device = Device.Parse(asked.Device) });
        var evaluator = new Evaluator(encoder, progress);
        result["training_seconds"] = run.ReadRecord()["seconds"]!.DeepClone();
        foreach (var (name, target) in _targets.Where(target => !IsMeasured(target.Key)))
        {
            var figures = new JsonObject();
            foreach (var task in row.Tasks)
            {
                figures[task.Key()] = evaluator.Evaluate(target, task, cancellation).ToJson();
            }

            result[name] = figures;
        }

        JsonFile.Write(done, result);
        return result;
    }

    private JsonObject Summary(ReproductionRow row, IReadOnlyList<long> seeds, List<JsonObject> results)
    {
        var measured = new JsonObject();
        foreach (var target in _targets.Keys)
        {
            var tasks = new JsonObject();
            foreach (var task in row.Tasks)
            {
                var figures = new JsonObject();
                foreach (var (key, _, _) in Columns)
                {
                    var values = results.Select(result => (double)result[target]![task.Key()]![key]!).ToList();
                    var (mean, deviation) = Spread(values);
                    figures[key] = new JsonObject { ["mean"] = mean, ["deviation"] = deviation, ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };
                }

                tasks[task.Key()] = figures;
            }

            measured[target] = tasks;
        }

        return new JsonObject
        {
            ["row"] = row.Key,
            ["method"] = row.Method,
            ["settings"] = new JsonArray([.. row.Settings.Select(setting => JsonValue.Create(setting))]),
            ["seeds"] = seeds.Count,
            ["training_seconds"] = results.Average(result => (double)result["training_seconds"]!),
            ["targets"] = measured,
        };
    }

    /// <summary>
    /// A table in Markdown: ours, and the paper's figure in brackets where it prints one for that target. Where it prints none for any of them, as for worlds, its figures
    /// stand in a column of their own, with the sets that they belong to.
    /// </summary>
    /// <param name="all">What <see cref="Run"/> gave.</param>
    public string Markdown(JsonObject all)
    {
        ArgumentNullException.ThrowIfNull(all);
        var text = new StringBuilder();
        var shared = table.Rows.Any(row => row.Paper.Keys.Any(_targets.ContainsKey));
        var beside = shared ? "the paper's figure in brackets" : "the last column has the paper's figures on its own sets, with which these do not compare";
        text.Append(CultureInfo.InvariantCulture, $"{table.Source}. Mean ± standard deviation over {((JsonArray)all["seeds"]!).Count} seeds, in percent; {beside}. {table.Differs}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| method | on | task | {string.Join(" | ", Columns.Select(column => column.Title))} | training, s |{(shared ? "" : " the paper: mAP / rank-1 / rank-5 |")}\n");
        text.Append(CultureInfo.InvariantCulture, $"| --- | --- | --- |{string.Concat(Columns.Select(_ => " ---: |"))} ---: |{(shared ? "" : " --- |")}\n");
        foreach (var (row, measured) in table.Rows.Zip(((JsonArray)all["rows"]!).Cast<JsonObject>()))
        {
            foreach (var (target, tasks) in (JsonObject)measured["targets"]!)
            {
                foreach (var (task, figures) in (JsonObject)tasks!)
                {
                    var ownFigure = task == row.Tasks[0].Key();
                    var paper = ownFigure ? row.Paper.GetValueOrDefault(target) : null;
                    var cells = Columns.Select(column =>
                        $"{100 * (double)figures![column.Key]!["mean"]!:F2} ± {100 * (double)figures[column.Key]!["deviation"]!:F2}{(paper is not null && column.Published(paper) is { } printed ? $" ({printed:F1})" : "")}");
                    text.Append(CultureInfo.InvariantCulture, $"| {row.Method} | {target} | {task} | {string.Join(" | ", cells)} | {(double)measured["training_seconds"]!:F0} |{(shared ? "" : $" {(ownFigure ? OnItsOwnSets(row) : "")} |")}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string OnItsOwnSets(ReproductionRow row) => string.Join("; ", row.Paper.Select(paper =>
        string.Create(CultureInfo.InvariantCulture, $"{paper.Key} {string.Join(" / ", new[] { paper.Value.Map, paper.Value.Rank1, paper.Value.Rank5 }.OfType<double>().Select(figure => figure.ToString("F1", CultureInfo.InvariantCulture)))}")));
}
