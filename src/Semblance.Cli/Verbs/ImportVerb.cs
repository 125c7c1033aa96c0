using System.CommandLine;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Models.Weights;
using Semblance.Tensors;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance import FILE [--as KIND] --out FILE_OR_DIR [--height N --width N] [--stride N] [--json]</c></summary>
internal static class ImportVerb
{
    private const string Extension = ".safetensors";

    public static Command Create()
    {
        var kinds = string.Join(", ", WeightMap.All.Select(map => map.Key));
        var file = new Argument<string>("FILE") { Description = "Public weights: safetensors, or a PyTorch checkpoint (.pth, .pt, .bin). Nothing in it is run." };
        var kind = new Option<string?>("--as") { Description = $"What the weights are: {kinds}. Seen from the names when left out.", HelpName = "KIND" };
        var output = new Option<string>("--out") { Description = $"The file to write, or a folder for KIND{Extension}.", HelpName = "FILE_OR_DIR", Required = true };
        var height = new Option<int?>("--height") { Description = "Rows of the pictures to be read, in pixels; positions are resized to it.", HelpName = "N" };
        var width = new Option<int?>("--width") { Description = "Columns of the pictures to be read, in pixels.", HelpName = "N" };
        var stride = new Option<int?>("--stride") { Description = "Step between patches, in pixels; below the patch's side they overlap.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Prints what became of every tensor as one JSON object." };
        var command = new Verb(
            "import",
            "Brings public weights into a safetensors file with our names.",
            "semblance import osnet_x1_0_imagenet.pth --as osnet --out weights",
            "semblance import ViT-B-16.pt --as clip-vit-b16 --height 384 --width 128 --out weights/clip.safetensors",
            "semblance import pytorch_model.bin --out weights --json")
        {
            file, kind, output, height, width, stride, json,
        };
        command.SetAction((parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            var map = parsed.GetValue(kind) is { } named ? WeightMap.Parse(named) : Seen(path, kinds);
            var target = parsed.GetRequiredValue(output);
            target = target.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? target : Path.Combine(target, map.Key + Extension);
            if (Path.GetFullPath(target) == Path.GetFullPath(path))
            {
                throw new ArgumentException($"--out is the file that is read, {target}: name another");
            }

            var report = WeightImport.Run(map, path, target, new ImportSize(parsed.GetValue(height), parsed.GetValue(width), parsed.GetValue(stride)));
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { map = map.Key, file = target, licence = map.Licence, report.Loaded, report.Missing, report.Ignored, report.Unexpected, report.Resized }));
            }
            else
            {
                Console.Out.WriteLine($"{target}: {map.Key}, {report}");
                Console.Out.WriteLine($"licence, as such weights usually are: {map.Licence}");
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static WeightMap Seen(string path, string kinds)
    {
        using var weights = WeightsFile.Open(path);
        return WeightMap.Guess(weights.Names)
            ?? throw new SemblanceFormatException(path, $"its {weights.Names.Count} tensors have names of no kind that is known ({kinds}); the first are {string.Join(", ", weights.Names.Take(3))}");
    }
}
