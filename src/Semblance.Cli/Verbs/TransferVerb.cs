using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance transfer RUN ... --target LAYOUT=DIR ... [--task image] [--record FILE.md] [--json]</c></summary>
internal static class TransferVerb
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN") { Description = "Directories of finished runs; those that differ only in the seed are one row.", Arity = ArgumentArity.OneOrMore };
        var target = new Option<string[]>("--target") { Description = "A data set to measure on, its test split as it stands; again for more.", HelpName = "LAYOUT=DIR", Required = true };
        var task = new Option<string>("--task") { Description = $"What is searched with what: {string.Join(", ", EvaluationTasks.Keys)}.", HelpName = "TASK", DefaultValueFactory = _ => "image" };
        var withdrawn = Withdrawn.Option();
        var record = new Option<string?>("--record") { Description = "Also puts the matrix into this page, in place of an older one.", HelpName = "FILE.md" };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object; figures are fractions." };
        var command = new Verb(
            "transfer",
            "Measures what was learnt from each source on each target: the cross-domain matrix, with mean and deviation over seeds.",
            "semblance transfer out/market out/msmt --target market1501=Market-1501 --target msmt17=MSMT17",
            "semblance transfer out/mmet-table1/pedestrian-seed* --target market1501=out/world --task text-to-image")
        {
            runs, target, task, withdrawn, record, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var wanted = EvaluationTasks.Parse(parsed.GetRequiredValue(task));
            var targets = NamedDatasets.Open(parsed.GetRequiredValue(target), parsed.Accepted(withdrawn));
            Notices.Say(targets.Values);
            foreach (var warning in targets.Values.SelectMany(one => parsed.GetRequiredValue(runs).SelectMany(run => TrainedModel.LeaksInto(one, run))).Distinct())
            {
                Talk.Line($"No transfer: {warning}.");
            }

            using var progress = new PhaseProgress();
            var matrix = new TransferMatrix(targets, wanted, progress).Measure(parsed.GetRequiredValue(runs), cancellation);
            progress.Dispose();
            var table = TransferMatrix.Markdown(matrix);
            if (parsed.GetValue(record) is { } page)
            {
                ResultsPage.Put(page, $"Transfer, {wanted.Key()}", $"semblance transfer {string.Join(' ', parsed.GetRequiredValue(runs))} {string.Join(' ', parsed.GetRequiredValue(target).Select(one => $"--target {one}"))} --task {wanted.Key()}", table);
            }

            Console.Out.WriteLine(parsed.GetValue(json) ? matrix.ToJsonString(Json.Options) : table);
            return Task.FromResult(0);
        });
        return command;
    }
}
