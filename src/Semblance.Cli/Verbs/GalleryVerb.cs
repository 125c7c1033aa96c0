using System.CommandLine;
using Semblance.Cli.Galleries;
using Semblance.Cli.Terminal;
using Semblance.Data;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance gallery build RUN --images DIR|--layout-data DIR|--video FILE --out GALLERY</c></summary>
internal static class GalleryVerb
{
    public static Command Create() => new("gallery", "Galleries: people's pictures with their embeddings, ready to be searched.") { Build() };

    private static Verb Build()
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a finished run: its model encodes the pictures." };
        var images = new Option<string?>("--images") { Description = "Folder of pictures, one person each; sub-folders are read too.", HelpName = "DIR" };
        var layoutData = new Option<string?>("--layout-data") { Description = "Root of a data set; its gallery (or test) split is filed.", HelpName = "DIR" };
        var layout = new Option<string>("--layout") { Description = $"How that data set is laid out: {string.Join(", ", DataLayout.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => "market1501" };
        var withdrawn = Withdrawn.Option();
        var video = new Option<string?>("--video") { Description = "A video of a camera that stands still: people are found in it and filed.", HelpName = "FILE" };
        var output = new Option<string>("--out") { Description = "Folder of the gallery.", HelpName = "GALLERY", Required = true };
        var json = new Option<bool>("--json") { Description = "Prints the outcome as one JSON object." };
        var command = new Verb(
            "build",
            "Encodes pictures with a trained model and files them. A bad picture is reported and left out; the rest goes on.",
            "semblance gallery build out/run --images photos --out out/gallery",
            "semblance gallery build out/run --layout-data out/world --layout market1501 --out out/gallery",
            "semblance gallery build out/run --video street.avi --out out/gallery")
        {
            run, images, layoutData, layout, withdrawn, video, output, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var sources = new[] { parsed.GetValue(images), parsed.GetValue(layoutData), parsed.GetValue(video) };
            if (sources.Count(source => source is not null) != 1)
            {
                throw new ArgumentException($"{sources.Count(source => source is not null)} sources are named, expected one of --images DIR, --layout-data DIR, --video FILE");
            }

            var folder = OutputFolder.Checked(output.Name, parsed.GetRequiredValue(output));
            var runFolder = parsed.GetRequiredValue(run);
            var options = parsed.Accepted(withdrawn) with { AllowIncomplete = true, MaxMissing = int.MaxValue };
            var dataset = sources switch
            {
                [{ } pictures, _, _] => ImageFolder.Open(pictures, options),
                [_, { } root, _] => DataLayout.Open(parsed.GetRequiredValue(layout), root, options),
                _ => null,
            };
            using var encoder = TrainedModel.Open(runFolder);
            var gallery = new EncodedGallery(folder, runFolder, encoder);
            IReadOnlyList<FilingProblem> problems;
            using (var progress = Talk.Begin("filing", dataset is null ? "frames" : "pictures"))
            {
                problems = dataset is null ? Filing.Video(gallery, sources[2]!, progress, cancellation) : Filing.Dataset(gallery, dataset, progress, cancellation);
            }

            if (gallery.Count == 0)
            {
                throw new ArgumentException($"nothing could be filed: {problems.Count} problems{(problems.Count > 0 ? $", the first: {problems[0].Reason}" : ", and no picture of a person was found")}");
            }

            gallery.Save();
            foreach (var problem in problems)
            {
                Talk.Line($"left out: {problem.Reason}");
            }

            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { gallery = folder, sightings = gallery.Count, problems })
                : $"{gallery.Count:N0} sightings filed, {problems.Count} left out. Ask: semblance search {folder} --text \"a man in a blue jacket\"");
            return Task.FromResult(0);
        });
        return command;
    }
}
