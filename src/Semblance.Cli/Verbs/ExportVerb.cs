using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Models;
using Semblance.Models.Onnx;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance export RUN --out DIR [--format FORMAT] [--half]</c></summary>
internal static class ExportVerb
{
    private const string Safetensors = "safetensors";
    private const string Onnx = "onnx";
    private static readonly string[] Formats = [Safetensors, Onnx];

    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a finished run, or a model's folder." };
        var output = new Option<string>("--out") { Description = "Folder for the model: model.safetensors, vocabulary.txt, model.json; or image.onnx, text.onnx, vocabulary.txt, onnx.json.", HelpName = "DIR", Required = true };
        var format = new Option<string>("--format")
        {
            Description = "What is written: safetensors, which Semblance opens again, or onnx, graphs for ONNX Runtime and its like.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => Safetensors,
        };
        var half = new Option<bool>("--half") { Description = "Stores the weights as float16: half the size, embeddings equal to about three digits. Safetensors only." };
        var licence = new Option<string?>("--licence") { Description = "Under which the weights may be used, and what they were trained on; what the model says when left out.", HelpName = "WORDS" };
        var json = new Option<bool>("--json") { Description = "Prints the folder, the fingerprint and the size as one JSON object." };
        var command = new Verb(
            "export",
            "Takes a trained model out of its run, without what only training needs.",
            "semblance export out/run --out people-encoder",
            "semblance export out/run --out people-encoder --half --licence \"CC BY 4.0; trained on synthetic people\"",
            "semblance export out/run --out people-onnx --format onnx")
        {
            run, output, format, half, licence, json,
        };
        command.SetAction((parsed, _) =>
        {
            var (folder, asked) = (parsed.GetRequiredValue(output), parsed.GetRequiredValue(format));
            var wanted = Formats.FirstOrDefault(known => known.Equals(asked, StringComparison.OrdinalIgnoreCase))
                ?? throw new ArgumentException($"there is no --format \"{asked}\"{Suggestion.DidYouMean(asked, Formats)}: expected {string.Join(" or ", Formats)}");
            if (wanted == Onnx && parsed.GetValue(half))
            {
                throw new ArgumentException("--half is for safetensors: ONNX graphs hold float32, which every runtime computes; leave --half out, or let a converter of your runtime shorten the graphs");
            }

            var source = parsed.GetRequiredValue(run);
            using var encoder = TrainedModel.Open(source, new EncoderOptions());
            var words = parsed.GetValue(licence) ?? ModelFile.LicenceOf(TrainedModel.ModelFolder(source));
            var fingerprint = wanted == Onnx ? OnnxExport.Save(folder, encoder, words) : encoder.Export(folder, words, parsed.GetValue(half));
            var bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { folder, fingerprint = fingerprint.Hex, bytes })
                : $"{folder}: fingerprint {fingerprint.Short}, {bytes / 1e6:0.0} MB");
            return Task.FromResult(0);
        });
        return command;
    }
}
