using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Report;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Data;
using Semblance.Evaluation;
using Semblance.Evaluation.Reranking;
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
        var task = new Option<string>("--task") { Description = $"What is searched with what: {string.Join(", ", EvaluationTasks.Keys)}; {SingleShotReport.Task} for {Cuhk03Classic.Key}.", HelpName = "TASK", Required = true };
        var list = new Option<string?>("--list") { Description = "Queries and gallery from this list instead of the set's own test split; docs/data.md has its form.", HelpName = "FILE.json" };
        var testSet = new Option<string>("--test-set") { Description = $"With {SingleShotReport.Task}: which of CUHK03's 20 test sets, or \"all\" for a model that learnt from none of its people.", HelpName = "N|all", DefaultValueFactory = _ => "1" };
        var ownView = new Option<bool>("--own-view-stays") { Description = $"With {SingleShotReport.Task}: other people are drawn from the query's own view too, as torchreid does." };
        var rerank = new Option<string?>("--rerank") { Description = "Also k-reciprocal re-ranking, in a row of its own; K1,K2,LAMBDA if not 20,6,0.3.", HelpName = "K1,K2,LAMBDA", Arity = ArgumentArity.ZeroOrOne };
        var lift = new Option<string?>("--lift") { Description = "With --rerank, also temporal lifting, in a row of its own, on sets whose names tell times; TAU,SIGMA,K,ALPHA if not 100,200,10,0.2.", HelpName = "TAU,SIGMA,K,ALPHA", Arity = ArgumentArity.ZeroOrOne };
        var expand = new Option<string?>("--expand-queries") { Description = "Also α query expansion, in a row of its own; NEIGHBOURS,ALPHA if not 5,3.", HelpName = "NEIGHBOURS,ALPHA", Arity = ArgumentArity.ZeroOrOne };
        var bootstrap = new Option<string?>("--bootstrap") { Description = "Also 95 % confidence intervals over identities, from 1000 resamplings or the number given.", HelpName = "SAMPLES", Arity = ArgumentArity.ZeroOrOne };
        var calibrate = new Option<bool>("--calibrate") { Description = "Also the errors at thresholds, for pairs and for searches of people who may not be in the gallery." };
        var page = new Option<string?>("--report") { Description = "Writes a page with figures, curves, ranked lists and a map of the embeddings.", HelpName = "FILE.html" };
        var withdrawn = Withdrawn.Option();
        var incomplete = new Option<bool>("--allow-incomplete") { Description = "Measures on what is left where pictures of the test split are missing or damaged; the figures then compare with nobody's." };
        var missing = new Option<int>("--max-missing") { Description = "Training pictures of the set that may be missing or damaged.", HelpName = "N", DefaultValueFactory = _ => 0 };
        var captions = new Option<int?>("--captions-per-picture") { Description = "Only the first captions of each picture, as CUHK-PEDES's oldest evaluation took 2.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object; figures are fractions." };
        var command = new Verb(
            "eval",
            "Measures a model on the test split of a data set, by the field's protocol for the task.",
            "semblance eval out/run --data out/world --layout market1501 --task text-to-image",
            "semblance eval out/run --data out/world --layout market1501 --task image --json",
            "semblance eval out/run --data out/world --layout market1501 --task image --rerank --bootstrap --calibrate --report eval.html")
        {
            run, data, layout, task, list, testSet, ownView, withdrawn, incomplete, missing, captions, rerank, lift, expand, bootstrap, calibrate, page, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetRequiredValue(task) == SingleShotReport.Task)
            {
                if (((Option[])[list, rerank, lift, expand, bootstrap, calibrate, page]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } extra)
                {
                    throw new ArgumentException($"{extra.Name} does not go with task {SingleShotReport.Task}, which has rank-k over draws and nothing beside");
                }

                var singleShot = SingleShot(parsed.GetRequiredValue(run), parsed.GetRequiredValue(layout), parsed.GetRequiredValue(data), parsed.GetRequiredValue(testSet), parsed.GetValue(ownView), cancellation);
                Print(singleShot, parsed.GetValue(json));
                return Task.FromResult(0);
            }

            var wanted = EvaluationTasks.Parse(parsed.GetRequiredValue(task));
            var name = parsed.GetRequiredValue(layout);
            if (name.Equals(ImageFolder.Key, StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"--layout is \"{name}\", a folder of pictures that names nobody, so right and wrong answers cannot be told apart: expected one of {string.Join(", ", Layouts)}");
            }

            if (!Layouts.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"--layout is \"{name}\"{Suggestion.DidYouMean(name, Layouts)}, expected one of {string.Join(", ", Layouts)}");
            }

            // Before the work, so that a slip costs nothing.
            var extras = new EvaluationExtras
            {
                Rerank = Asked(parsed, rerank, 3, [20, 6, 0.3]) is { } r ? new RerankingOptions { K1 = Whole(rerank, r[0]), K2 = Whole(rerank, r[1]), Lambda = r[2] } : null,
                Lift = Asked(parsed, lift, 4, [100, 200, 10, 0.2]) is { } t ? new TemporalLiftingOptions { Tau = t[0], Sigma = t[1], K = Whole(lift, t[2]), Alpha = t[3] } : null,
                ExpandQueries = Asked(parsed, expand, 2, [5, 3]) is { } e ? new QueryExpansionOptions { Neighbours = Whole(expand, e[0]), Alpha = e[1] } : null,
                Bootstrap = Asked(parsed, bootstrap, 1, [1000]) is { } b ? new BootstrapOptions { Samples = Whole(bootstrap, b[0]) } : null,
                Calibrate = parsed.GetValue(calibrate),
            };
            if (((Option[])[testSet, ownView]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
            {
                throw new ArgumentException($"{stray.Name} goes with task {SingleShotReport.Task} alone");
            }

            var dataset = DataLayout.Open(name, parsed.GetRequiredValue(data), parsed.Accepted(withdrawn) with
            {
                AllowIncomplete = parsed.GetValue(incomplete),
                MaxMissing = parsed.GetValue(missing),
                CaptionsPerPicture = parsed.GetValue(captions),
            });
            Notices.Say([dataset]);

            var chosen = parsed.GetValue(list) is { } path ? TestList.Read(path) : null;
            chosen?.Resolve(dataset);
            using var encoder = TrainedModel.Open(parsed.GetRequiredValue(run));
            using var progress = new PhaseProgress();
            var evaluator = new Evaluator(encoder, progress);
            var split = chosen is null ? evaluator.Embed(dataset, wanted, cancellation) : evaluator.Embed(dataset, chosen, wanted, cancellation);
            var report = evaluator.Measure(split, extras) with { Warnings = TrainedModel.LeaksInto(dataset, parsed.GetRequiredValue(run)) };
            progress.Dispose();
            if (parsed.GetValue(page) is { } file)
            {
                AtomicFile.WriteText(file, new EvaluationPage(dataset, split, report).ToString());
                Talk.Line($"Wrote {file}");
            }

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

    private static SingleShotReport SingleShot(string run, string layout, string data, string testSet, bool ownViewStays, CancellationToken cancellation)
    {
        int[] numbers = testSet == "all" ? [.. Enumerable.Range(1, Cuhk03Classic.TestSets)]
            : int.TryParse(testSet, CultureInfo.InvariantCulture, out var one) && one is >= 1 and <= Cuhk03Classic.TestSets ? [one]
            : throw new ArgumentException($"--test-set is \"{testSet}\", expected a number from 1 to {Cuhk03Classic.TestSets}, or all");
        var sets = numbers.Select(number => (number, DataLayout.Open(layout, data, new DatasetOptions { TestSet = number }))).ToList();
        Notices.Say([sets[0].Item2]);
        foreach (var leak in TrainedModel.LeaksInto(sets[0].Item2, run, numbers))
        {
            Talk.Line(leak);
        }

        using var encoder = TrainedModel.Open(run);
        using var progress = new PhaseProgress();
        return new Evaluator(encoder, progress).EvaluateSingleShot(sets, new SingleShotOptions { OwnViewStays = ownViewStays }, cancellation);
    }

    private static void Print(SingleShotReport report, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(report.ToJson().ToJsonString(Json.Options));
            return;
        }

        var result = report.Sets[0].Result;
        Console.Out.WriteLine($"{SingleShotReport.Task}: {result.Queries} queries against one drawn picture of each of {result.People} people, {result.Options.Draws} draws (seed {result.Options.Seed}), {report.Sets.Count} test set{(report.Sets.Count == 1 ? "" : "s")}");
        foreach (var k in new[] { 1, 5, 10 })
        {
            var (mean, deviation) = report.RankAt(k);
            Console.Out.WriteLine($"rank-{k,-4} {100 * mean,8:0.00} ± {100 * (report.Sets.Count == 1 ? result.Deviations[Math.Min(k, result.People) - 1] : deviation):0.00}   percent, ± over {(report.Sets.Count == 1 ? "draws" : "test sets")}");
        }
    }

    private static void Print(EvaluationReport report)
    {
        var result = report.Result;
        Console.Out.WriteLine($"{report.Task.Key()}: {result.Queries} queries ({result.Skipped} without a match, skipped) against {result.GalleryItems} items");
        Console.Out.WriteLine($"{"",-12} {"rank-1",8} {"rank-5",8} {"rank-10",8} {"mAP",8} {"mAP trap",9} {"mINP",8}   percent");
        Row("", result);
        if (report.Intervals is { } i)
        {
            Interval("from", interval => interval.Low);
            Interval("to", interval => interval.High);
            void Interval(string name, Func<ConfidenceInterval, double> end) => Line(
                name, end(i.Rank1), end(i.Rank5), end(i.Rank10), end(i.MeanAveragePrecision), end(i.MeanAveragePrecisionTrapezoid), end(i.MeanInverseNegativePenalty));
        }

        foreach (var (name, part) in report.Parts)
        {
            Row(name, part);
        }

        if (report.Intervals is { } over)
        {
            Console.Out.WriteLine($"\"from\" and \"to\": {100 * over.Level:0} % confidence intervals over {over.Identities} identities ({over.Samples} resamplings)");
        }

        if (report.Similarities is { } similarities)
        {
            var (threshold, rate) = similarities.EqualErrorRate();
            Console.Out.WriteLine($"{similarities.GenuinePairs:N0} right and {similarities.ImpostorPairs:N0} wrong pairs, equal error rate {100 * rate:0.00} % at cosine {threshold:0.000}");
            Console.Out.WriteLine($"{"FMR at most",12} {"threshold",10} {"FNMR",8} {"TPIR",8} {"FPIR",8}   percent");
            foreach (var point in EvaluationReport.OperatingPoints(similarities))
            {
                Console.Out.WriteLine($"{100 * point.Rate,12:0.##} {point.Threshold,10:0.000} {100 * point.FalseNonMatchRate,8:0.00} {100 * point.TruePositiveIdentificationRate,8:0.00} {100 * point.FalsePositiveIdentificationRate,8:0.00}");
            }
        }

        foreach (var (name, part) in report.Parts.Where(part => part.Key is EvaluationReport.Expanded or EvaluationReport.Reranked or EvaluationReport.Lifted))
        {
            Console.Out.WriteLine($"{name}: {part.Score}");
        }

        foreach (var warning in report.Warnings)
        {
            Console.Out.WriteLine($"No transfer: {warning}.");
        }

        if (result.Ties.Warning is { } ties)
        {
            Console.Out.WriteLine(ties);
        }

        static void Row(string name, RetrievalResult figures) =>
            Line(name, figures.RankAt(1), figures.RankAt(5), figures.RankAt(10), figures.MeanAveragePrecision, figures.MeanAveragePrecisionTrapezoid, figures.MeanInverseNegativePenalty);

        static void Line(string name, double rank1, double rank5, double rank10, double map, double trapezoid, double penalty) =>
            Console.Out.WriteLine($"{name,-12} {100 * rank1,8:0.00} {100 * rank5,8:0.00} {100 * rank10,8:0.00} {100 * map,8:0.00} {100 * trapezoid,9:0.00} {100 * penalty,8:0.00}");
    }

    /// <summary>The numbers of an option that may stand alone: null without it, the usual ones with no value.</summary>
    private static double[]? Asked(ParseResult parsed, Option<string?> option, int count, double[] usual)
    {
        if (parsed.GetResult(option) is null)
        {
            return null;
        }

        if (parsed.GetValue(option) is not { } text)
        {
            return usual;
        }

        var numbers = text.Split(',');
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            if (numbers.Length != count || !double.TryParse(numbers[i], CultureInfo.InvariantCulture, out values[i]))
            {
                throw new ArgumentException($"{option.Name} is \"{text}\", expected {option.HelpName}, such as {string.Join(',', usual.Select(value => value.ToString(CultureInfo.InvariantCulture)))}");
            }
        }

        return values;
    }

    private static int Whole(Option<string?> option, double value) =>
        value is >= 1 and <= int.MaxValue && value == Math.Floor(value) ? (int)value : throw new ArgumentException($"{option.Name} has {value} where a whole number of 1 or more is expected");
}
