using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance export RUN --out DIR [--half]</c></summary>
internal static class ExportVerb
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a finished run, or a model's folder." };
        var output = new Option<string>("--out") { Description = "Folder for the model: model.safetensors, vocabulary.txt, model.json.", HelpName = "DIR", Required = true };
        var half = new Option<bool>("--half") { Description = "Stores the weights as float16: half the size, embeddings equal to about three digits." };
        var licence = new Option<string?>("--licence") { Description = "Under which the weights may be used, and what they were trained on.", HelpName = "WORDS" };
        var json = new Option<bool>("--json") { Description = "Prints the folder, the fingerprint and the size as one JSON object." };
        var command = new Verb(
            "export",
            "Takes a trained model out of its run, without what only training needs.",
            "semblance export out/run --out people-encoder",
            "semblance export out/run --out people-encoder --half --licence \"CC BY 4.0; trained on synthetic people\"")
        {
            run, output, half, licence, json,
        };
        command.SetAction((parsed, _) =>
        {
            var folder = parsed.GetRequiredValue(output);
            using var encoder = TrainedModel.Open(parsed.GetRequiredValue(run));
            var fingerprint = encoder.Export(folder, parsed.GetValue(licence) ?? "as of the training data", parsed.GetValue(half));
            var bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { folder, fingerprint = fingerprint.Hex, bytes })
                : $"{folder}: fingerprint {fingerprint.Short}, {bytes / 1e6:0.0} MB");
            return Task.FromResult(0);
        });
        return command;
    }
}
