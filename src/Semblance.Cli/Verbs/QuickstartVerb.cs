using System.CommandLine;
using Semblance.Cli.Quickstart;
using Semblance.Cli.Terminal;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance quickstart [--out DIR] [--footage] [--from-scratch]</c></summary>
internal static class QuickstartVerb
{
    /// <summary>Names the pedestrian video; <c>./run</c> fetches it and sets this.</summary>
    private const string FootageVariable = "SEMBLANCE_FOOTAGE";

    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Where everything goes.", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine("out", "quickstart") };
        var seed = new Option<ulong>("--seed") { Description = "Other people, and another order of training.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var footage = new Option<bool>("--footage") { Description = "Also finds and files the people of Debian's pedestrian video." };
        var fromScratch = new Option<bool>("--from-scratch") { Description = "Trains from random weights, not from the start weights that come with Semblance." };
        var json = new Option<bool>("--json") { Description = "Prints every figure as one JSON object." };
        var command = new Verb(
            "quickstart",
            "Makes a world, trains in it, measures on people never seen, builds a gallery, asks it, and writes a page.",
            "semblance quickstart",
            "semblance quickstart --out out/mine --seed 2 --json")
        {
            output, seed, footage, fromScratch, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string? video = null;
            if (parsed.GetValue(footage))
            {
                video = Environment.GetEnvironmentVariable(FootageVariable)
                    ?? throw new ArgumentException($"--footage needs the pedestrian video: ./run quickstart --footage fetches it, or name a video in {FootageVariable}");
            }

            var result = await new QuickstartRun(Path.GetFullPath(parsed.GetRequiredValue(output)), parsed.GetValue(seed), parsed.GetValue(fromScratch), video, cancellation).RunAsync();
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(result));
                return 0;
            }

            Console.Out.WriteLine($"On {QuickstartRun.UnseenDomain}, which training never saw ({Talk.Duration(TimeSpan.FromSeconds(result.Seconds.Total))} in all):");
            Console.Out.WriteLine($"{"",-22} {"text to image",22}   {"image to image",22}");
            Console.Out.WriteLine($"{"",-22} {"rank-1",11} {"mAP",10}   {"rank-1",11} {"mAP",10}");
            foreach (var (name, measured) in new[] { ("trained", result.Unseen), ("start weights alone", result.Start), ("random weights", result.Untrained), ("colours alone", result.Histogram) })
            {
                if (measured is not { } figures)
                {
                    continue;
                }

                double Figure(System.Text.Json.Nodes.JsonObject task, string key) => 100 * (double)task[key]!;
                Console.Out.WriteLine($"{name,-22} {Figure(figures.TextToImage, "rank1"),11:0.00} {Figure(figures.TextToImage, "map"),10:0.00}   {Figure(figures.Image, "rank1"),11:0.00} {Figure(figures.Image, "map"),10:0.00}");
            }

            Console.Out.WriteLine($"Look at {result.Report}");
            return 0;
        });
        return command;
    }
}
