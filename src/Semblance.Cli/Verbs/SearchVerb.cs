using System.CommandLine;
using Semblance.Cli.Galleries;
using Semblance.Cli.Report;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Gallery;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance search GALLERY [--text "..."] [--image FILE] [--not-text "..."] [--not-image FILE] [--camera ID] [--top 10] [--json] [--html FILE]</c></summary>
internal static class SearchVerb
{
    public static Command Create()
    {
        var gallery = new Argument<string>("GALLERY") { Description = "Folder of a gallery." };
        var text = new Option<string[]>("--text") { Description = "What the person looks like, in words. May be given several times.", HelpName = "WORDS" };
        var image = new Option<string[]>("--image") { Description = "A picture of the person. May be given several times.", HelpName = "FILE" };
        var notText = new Option<string[]>("--not-text") { Description = "What the person does not look like, in words.", HelpName = "WORDS" };
        var notImage = new Option<string[]>("--not-image") { Description = "A picture of somebody else.", HelpName = "FILE" };
        var weight = new Option<double>("--weight") { Description = "Share of the pictures in the score when words are given too, 0 to 1.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
        var camera = new Option<string[]>("--camera") { Description = "Only sightings of this camera. May be given several times.", HelpName = "ID" };
        var top = new Option<int>("--top") { Description = "How many answers.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var html = new Option<string?>("--html") { Description = "Writes the answer as a page with pictures.", HelpName = "FILE" };
        var command = new Verb(
            "search",
            "Finds people in a gallery by words, by a picture, or by both.",
            "semblance search out/gallery --text \"a man in a blue jacket\" --html answer.html",
            "semblance search out/gallery --image photo.jpg --camera 2 --top 5",
            "semblance search out/gallery --image photo.jpg --text \"with a backpack\" --not-text \"in shorts\" --json")
        {
            gallery, text, image, notText, notImage, weight, camera, top, json, html,
        };
        command.SetAction((parsed, _) =>
        {
            var folder = parsed.GetRequiredValue(gallery);
            var question = new Question
            {
                Texts = parsed.GetValue(text) ?? [],
                Images = parsed.GetValue(image) ?? [],
                NotTexts = parsed.GetValue(notText) ?? [],
                NotImages = parsed.GetValue(notImage) ?? [],
                Cameras = parsed.GetValue(camera) ?? [],
                ImageWeight = parsed.GetValue(weight),
                Top = parsed.GetValue(top),
            };
            using var file = GalleryFile.Open(folder);
            using var encoder = EncodedGallery.OpenEncoder(file);
            var matches = question.Ask(new GalleryIndex(file), encoder, Talk.Line);
            if (parsed.GetValue(html) is { } page)
            {
                AtomicFile.WriteText(page, new HtmlPage($"Who looks like {question.Title}?")
                    .Paragraph($"{file.Items.Count:N0} sightings in {Path.GetFullPath(folder)}. A match is a look-alike: a hint for a person to check.", quiet: true)
                    .Row(RankedPage.Figures(file, matches)).ToString());
            }

            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { question = question.Title, fingerprint = file.Encoder.Fingerprint, items = file.Items.Count, matches }));
            }
            else
            {
                foreach (var match in matches)
                {
                    Console.Out.WriteLine($"{match.Rank,4}  {match.Score,7:0.000}  {match.Item.Camera ?? "-",-6} {match.Item.Id}");
                }
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
