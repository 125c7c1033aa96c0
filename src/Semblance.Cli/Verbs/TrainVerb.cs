using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Training;
using Semblance.Training.Recipes;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance train RECIPE --out RUN [--set key=value ...] [--resume]</c></summary>
internal static class TrainVerb
{
    public static Command Create()
    {
        var recipe = new Argument<string>("RECIPE") { Description = "A recipe in YAML; recipes/ holds some." };
        var output = new Option<string?>("--out") { Description = "Directory of the run: weights, curves, checkpoints and how they were made.", HelpName = "RUN" };
        var set = new Option<string[]>("--set") { Description = "Overrules a value of the recipe. May be given several times.", HelpName = "KEY=VALUE" };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the run in that directory from its newest checkpoint." };
        var print = new Option<bool>("--print-options") { Description = "Shows every value with its origin, and trains nothing." };
        var json = new Option<bool>("--json") { Description = "Prints the outcome as one JSON object." };
        var command = new Verb(
            "train",
            "Trains a model by a recipe. Ctrl-C ends with a checkpoint that --resume goes on from.",
            "semblance train recipes/quickstart.yaml --out out/run",
            "semblance train recipes/quickstart.yaml --out out/run --set stage_a.steps=200",
            "semblance train recipes/quickstart.yaml --out out/run --resume",
            "semblance train recipes/quickstart.yaml --out out/run --set processes=2",
            "semblance train recipes/quickstart.yaml --print-options")
        {
            recipe, output, set, resume, print, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var file = RecipeFile.Read(parsed.GetRequiredValue(recipe), parsed.GetValue(set), EnvironmentVariables());
            if (parsed.GetValue(print))
            {
                if (parsed.GetValue(json))
                {
                    throw new ArgumentException("--print-options prints the recipe, which is YAML: leave --json out");
                }

                Console.Out.Write(file.Describe());
                return Task.FromResult(0);
            }

            var directory = OutputFolder.Checked(output.Name, parsed.GetValue(output) ?? throw new ArgumentException("where should the run go? Add --out RUN"));
            if (Trainer.IsSilent)
            {
                new Trainer().Train(file.Recipe, directory, parsed.GetValue(resume), cancellation);
                return Task.FromResult(0);
            }

            using var progress = new PhaseProgress();
            var run = new Trainer(progress, program: OwnProgram.Command).Train(file.Recipe, directory, parsed.GetValue(resume), cancellation);
            progress.Dispose();
            Notices.Say(run.ReadRecord());
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(run.ReadRecord().ToJsonString(Json.Options));
            }
            else
            {
                var task = run.ReadRecord()["data"]!["sources"]!.AsArray().All(source => (int?)source!["captions"] is null or 0) ? "image" : "text-to-image";
                Console.Out.WriteLine($"The model is in {run.ModelPath}. Measure it: {Spelling.Program} eval {directory} --data DIR --layout NAME --task {task}");
            }

            return Task.FromResult(0);
        });
        return command;
    }

    public static Dictionary<string, string> EnvironmentVariables() => Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);
}
