using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Semblance.Data;

namespace Semblance.Training;

/// <summary>
/// The cross-domain matrix: what was learnt from each source, measured on each target as it stands, by direct transfer. Runs that differ in nothing but the seed are one
/// row, with mean and deviation.
/// </summary>
/// <param name="targets">Test splits by their names.</param>
/// <param name="task">What is searched with what.</param>
/// <param name="progress">Hears of every measurement.</param>
public sealed class TransferMatrix(IReadOnlyDictionary<string, PersonDataset> targets, EvaluationTask task, IProgress<TrainingProgress>? progress = null)
{
    private static readonly (string Key, string Title)[] Columns = [("rank1", "rank-1"), ("map", "mAP")];

    /// <summary>Measures every run on every target.</summary>
    /// <param name="runs">Directories of finished runs.</param>
    /// <param name="cancellation">Ends between two measurements.</param>
    /// <exception cref="ArgumentException">There is no run, or a target does not serve the task.</exception>
    /// <exception cref="DirectoryNotFoundException">A directory holds no finished run.</exception>
    public JsonObject Measure(IReadOnlyList<string> runs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count);
        var rows = new JsonArray();

        // All are looked at before any is measured, so that a wrong directory costs nothing.
        foreach (var row in runs.Select(Describe).ToList().GroupBy(run => run.Likeness))
        {
            var measured = row.Select(run => (run, figures: Figures(run.Path, cancellation))).ToList();
            rows.Add(new JsonObject
            {
                ["name"] = row.First().Name,
                ["sources"] = row.First().Sources,
                ["runs"] = new JsonArray([.. row.Select(run => JsonValue.Create(run.Path))]),
                ["seeds"] = new JsonArray([.. row.Select(run => JsonValue.Create(run.Seed))]),
                ["targets"] = new JsonObject(targets.Keys.Select(target => KeyValuePair.Create(target, (JsonNode?)Summary([.. measured.Select(one => one.figures[target])])))),
            });
        }

        return new JsonObject { ["task"] = task.Key(), ["targets"] = new JsonObject(targets.Select(target => KeyValuePair.Create(target.Key, (JsonNode?)target.Value.Root))), ["rows"] = rows };
    }

    /// <summary>The matrix in Markdown.</summary>
    /// <param name="matrix">What <see cref="Measure"/> gave.</param>
    public static string Markdown(JsonObject matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        string[] names = [.. ((JsonObject)matrix["targets"]!).Select(target => target.Key)];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Task {(string)matrix["task"]!}, in percent; mean ± standard deviation where a row has several seeds.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| learnt from | seeds | {string.Join(" | ", names.SelectMany(name => Columns.Select(column => $"{name} {column.Title}")))} |\n| --- | ---: |{string.Concat(names.SelectMany(_ => Columns.Select(_ => " ---: |")))}\n");
        foreach (var row in ((JsonArray)matrix["rows"]!).Cast<JsonObject>())
        {
            var seeds = ((JsonArray)row["seeds"]!).Count;
            var cells = names.SelectMany(name => Columns.Select(column =>
            {
                var figure = row["targets"]![name]![column.Key]!;
                return $"{100 * (double)figure["mean"]!:F2}{(seeds > 1 ? $" ± {100 * (double)figure["deviation"]!:F2}" : "")}";
            }));
            text.Append(CultureInfo.InvariantCulture, $"| {(string)row["name"]!}: {(string)row["sources"]!} | {seeds} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }

    private Dictionary<string, JsonObject> Figures(string run, CancellationToken cancellation)
    {
        using var encoder = TrainedModel.Open(run);
        var evaluator = new Evaluator(encoder, progress);
        return targets.ToDictionary(target => target.Key, target => evaluator.Evaluate(target.Value, task, cancellation).ToJson(), StringComparer.Ordinal);
    }

    private static JsonObject Summary(IReadOnlyList<JsonObject> results) => new(Columns.Select(column =>
    {
        var values = results.Select(result => (double)result[column.Key]!).ToList();
        var (mean, deviation) = Reproduction.Spread(values);
        return KeyValuePair.Create(
            column.Key, (JsonNode?)new JsonObject { ["mean"] = mean, ["deviation"] = deviation, ["values"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) });
    }));

    private static (string Path, string Name, string Sources, long Seed, string Likeness) Describe(string path)
    {
        TrainedModel.ModelFolder(path);
        var run = Run.Open(path);
        var options = (JsonObject)run.ReadRecord()["options"]!;
        var (name, seed) = ((string)options["name"]!, (long)(double)options["seed"]!);
        var likeness = (JsonObject)options.DeepClone();
        likeness.Remove("seed");
        likeness.Remove("name");

        // The verb that runs a table puts the seed into the name.
        var ending = $" seed {seed}";
        return (path, name.EndsWith(ending, StringComparison.Ordinal) ? name[..^ending.Length] : name, Sources((JsonArray)options["data"]!["sources"]!), seed, likeness.ToJsonString());
    }

    private static string Sources(JsonArray sources) => string.Join(" + ", sources.Select(source => source!["world"] is JsonObject world
        ? $"world {string.Join(", ", ((JsonArray)world["domains"]!).Select(domain => (string)domain!))}"
        : (string?)source["layout"] ?? "recognised"));
}
