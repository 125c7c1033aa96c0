using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Data;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance eval RUN --data DIR --layout NAME --task TASK [--json]</c></summary>
internal static class EvalVerb
{
    private static readonly string[] Layouts = [.. DataLayout.Names.Where(name => name != ImageFolder.Key)];

    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a finished run." };
        var data = new Option<string>("--data") { Description = "Root of the data set.", HelpName = "DIR", Required = true };
        var layout = new Option<string>("--layout") { Description = $"How the data set is laid out: {string.Join(", ", Layouts)}.", HelpName = "NAME", Required = true };
        var task = new Option<string>("--task") { Description = $"What is searched with what: {string.Join(", ", EvaluationTasks.Keys)}.", HelpName = "TASK", Required = true };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object; figures are fractions." };
        var command = new Verb(
            "eval",
            "Measures a model on the test split of a data set, by the field's protocol for the task.",
            "semblance eval out/run --data out/world --layout market1501 --task text-to-image",
            "semblance eval out/run --data out/world --layout market1501 --task image --json")
        {
            run, data, layout, task, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var wanted = EvaluationTasks.Parse(parsed.GetRequiredValue(task));
            var name = parsed.GetRequiredValue(layout);
            if (name.Equals(ImageFolder.Key, StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"--layout is \"{name}\", a folder of pictures that names nobody, so right and wrong answers cannot be told apart: expected one of {string.Join(", ", Layouts)}");
            }

            var dataset = DataLayout.Open(name, parsed.GetRequiredValue(data));
            using var encoder = TrainedModel.Open(parsed.GetRequiredValue(run));
            using var progress = new PhaseProgress();
            var report = new Evaluator(encoder, progress).Evaluate(dataset, wanted, cancellation);
            progress.Dispose();
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(report.ToJson().ToJsonString(Json.Options));
            }
            else
            {
                Print(report);
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static void Print(EvaluationReport report)
    {
        var result = report.Result;
        Console.Out.WriteLine($"{report.Task.Key()}: {result.Queries} queries ({result.Skipped} without a match, skipped) against {result.GalleryItems} items");
        Console.Out.WriteLine($"{"",-12} {"rank-1",8} {"rank-5",8} {"rank-10",8} {"mAP",8} {"mAP trap",9} {"mINP",8}   percent");
        Row("", result);
        foreach (var (name, part) in report.Parts)
        {
            Row(name, part);
        }

        if (result.Ties.WidestGap > 0.0005)
        {
            Console.Out.WriteLine($"Ties decide: {result.Ties.TiedQueries} queries have a right and a wrong item at the same distance, and the figures could move by {100 * result.Ties.WidestGap:0.00} points.");
        }

        static void Row(string name, Evaluation.RetrievalResult figures) => Console.Out.WriteLine(
            $"{name,-12} {100 * figures.RankAt(1),8:0.00} {100 * figures.RankAt(5),8:0.00} {100 * figures.RankAt(10),8:0.00} {100 * figures.MeanAveragePrecision,8:0.00} {100 * figures.MeanAveragePrecisionTrapezoid,9:0.00} {100 * figures.MeanInverseNegativePenalty,8:0.00}");
    }
}
