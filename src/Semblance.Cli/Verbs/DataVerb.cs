using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Terminal;
using Semblance.Data;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance data check DIR [--layout NAME] [--json]</c></summary>
internal static class DataVerb
{
    private const int Shown = 10;

    public static Command Create() => new("data", "Data sets: what is in them, and what is wrong with them.") { Check(), CrossView(), Extract() };

    private static Verb Check()
    {
        var directory = new Argument<string>("DIR") { Description = "Folder of a data set, or the one that holds it." };
        var layout = new Option<string?>("--layout") { Description = $"How it is laid out; recognised when absent: {string.Join(", ", DataLayout.Names)}.", HelpName = "NAME" };
        var against = new Option<string?>("--against") { Description = "Another set's folder: pictures that both hold are named, since learning from one and measuring on the other would be a leak.", HelpName = "DIR" };
        var withdrawn = Withdrawn.Option();
        var json = new Option<bool>("--json") { Description = "Prints the findings as one JSON object." };
        var command = new Verb(
            "check",
            "Decodes every picture and compares counts with the published ones; names what is missing, damaged, doubled or leaks from training into testing. Exit code 3 when something is wrong.",
            "semblance data check out/world",
            "semblance data check CUHK-PEDES --against Market-1501-v15.09.15",
            "semblance data check Market-1501-v15.09.15 --layout market1501 --json")
        {
            directory, layout, against, withdrawn, json,
        };
        command.SetAction((parsed, _) =>
        {
            var result = DatasetCheck.Run(parsed.GetRequiredValue(directory), parsed.GetValue(layout), parsed.Accepted(withdrawn), parsed.GetValue(against));
            if (result.Notice.Length > 0)
            {
                Talk.Line(result.Notice);
            }

            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { result.Layout, result.Sound, result.Standard, result.Counts, result.Published, result.Problems, result.Notes }));
            }
            else
            {
                Print(result);
            }

            return Task.FromResult(result.Sound ? 0 : 3);
        });
        return command;
    }

    private static Verb CrossView()
    {
        var directory = new Argument<string>("DIR") { Description = "Folder of CUHK-PEDES." };
        var file = new Option<string>("--out") { Description = "Where the list goes.", HelpName = "FILE.json", Required = true };
        var json = new Option<bool>("--json") { Description = "Prints the counts as one JSON object." };
        var command = new Verb(
            "crossview",
            "Writes semblance/cuhk-sysu-crossview, a list of our own making for eval --list: captions of CUHK-PEDES's test people against their pictures in other scenes of CUHK-SYSU.",
            "semblance data crossview CUHK-PEDES --out crossview.json")
        {
            directory, file, json,
        };
        command.SetAction((parsed, _) =>
        {
            var list = TestList.CuhkSysuAcrossScenes(CuhkPedes.Open(parsed.GetRequiredValue(directory), new DatasetOptions { AllowIncomplete = true, MaxMissing = int.MaxValue }));
            list.Write(parsed.GetRequiredValue(file));
            var path = parsed.GetRequiredValue(file);
            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { file = path, queries = list.Queries.Count, gallery = list.Gallery.Count, people = list.Expected!.Ids })
                : string.Create(CultureInfo.InvariantCulture, $"{list.Queries.Count:N0} queries, {list.Gallery.Count:N0} gallery pictures, {list.Expected!.Ids:N0} people in {path}"));
            return Task.FromResult(0);
        });
        return command;
    }

    private static Verb Extract()
    {
        var file = new Argument<string>("FILE") { Description = "cuhk-03.mat." };
        var directory = new Option<string>("--out") { Description = "Gets images_detected, images_labeled and testsets.json.", HelpName = "DIR", Required = true };
        var json = new Option<bool>("--json") { Description = "Prints the counts as one JSON object." };
        var command = new Verb(
            "extract",
            "Takes the pictures and the test sets out of CUHK03's cuhk-03.mat, without loss; the folders are then read as cuhk03-classic.",
            "semblance data extract cuhk03_release/cuhk-03.mat --out cuhk03")
        {
            file, directory, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            Talk.Line(DataNotice.Cuhk03);
            IReadOnlyDictionary<string, int> counts;
            using (var progress = Talk.Begin("extracting", "pictures"))
            {
                counts = Cuhk03Release.Extract(
                    parsed.GetRequiredValue(file), parsed.GetRequiredValue(directory), new Relay<int>(done => progress.Report(done, Math.Max(done, Cuhk03Release.PublishedPictures))), cancellation);
            }

            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { directory = parsed.GetRequiredValue(directory), pictures = counts }));
                return Task.FromResult(0);
            }

            foreach (var (folder, count) in counts)
            {
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,9:N0} pictures in {Path.Combine(parsed.GetRequiredValue(directory), folder)}"));
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static void Print(DatasetCheckResult result)
    {
        if (result.Layout.Length > 0)
        {
            Console.Out.WriteLine($"layout: {result.Layout}");
        }

        foreach (var (name, found) in result.Counts)
        {
            var expected = result.Published.TryGetValue(name, out var published) ? found == published ? "  as published" : string.Create(CultureInfo.InvariantCulture, $"  {published,9:N0} published") : "";
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28}{found,9:N0}{expected}"));
        }

        foreach (var kind in result.Problems.GroupBy(problem => problem.Status, StringComparer.Ordinal))
        {
            Console.Out.WriteLine($"\n{kind.Key}: {kind.Count()}. To do: {DatasetCheck.Advice[kind.Key]}.");
            foreach (var problem in kind.Take(Shown))
            {
                Console.Out.WriteLine($"  {(problem.Path.Length > 0 ? $"{problem.Path}: " : "")}{problem.Reason}");
            }

            if (kind.Count() > Shown)
            {
                Console.Out.WriteLine($"  and {kind.Count() - Shown} more (all with --json)");
            }
        }

        foreach (var note in result.Notes)
        {
            Console.Out.WriteLine($"note: {note.Path}: {note.Reason}");
        }

        var another = result is { Published.Count: > 0, Standard: false } && result.Notice != DataNotice.Synthetic;
        Console.Out.WriteLine(!result.Sound ? $"\n{result.Problems.Count} problems."
            : another ? "\nNo file is wrong, but this is not the published set: part of it, or another one in its layout. Figures measured on it do not compare with published ones."
            : "\nNothing is wrong.");
    }
}
