using System.CommandLine;
using Semblance.Cli.Galleries;
using Semblance.Cli.Report;
using Semblance.Cli.Terminal;
using Semblance.Core;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance search GALLERY [--text "..."] [--image FILE] [--not-text "..."] [--not-image FILE] [--camera ID] [--top 10] [--json] [--html FILE]</c></summary>
internal static class SearchVerb
{
    public static Command Create()
    {
        var gallery = new Argument<string>("GALLERY") { Description = "A gallery: its folder, or postgres://user@host/database." };
        var text = new Option<string[]>("--text") { Description = "What the person looks like, in words. May be given several times.", HelpName = "WORDS" };
        var image = new Option<string[]>("--image") { Description = "A picture of the person. May be given several times.", HelpName = "FILE" };
        var notText = new Option<string[]>("--not-text") { Description = "What the person does not look like, in words.", HelpName = "WORDS" };
        var notImage = new Option<string[]>("--not-image") { Description = "A picture of somebody else.", HelpName = "FILE" };
        var weight = new Option<double>("--weight") { Description = "Share of the pictures in the score when words are given too, 0 to 1.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
        var camera = new Option<string[]>("--camera") { Description = "Only sightings of this camera. May be given several times.", HelpName = "ID" };
        var top = new Option<int>("--top") { Description = "How many answers.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var database = new Option<bool>("--in-database") { Description = "Lets PostgreSQL search by pgvector, and loads no vectors." };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var html = new Option<string?>("--html") { Description = "Writes the answer as a page with pictures.", HelpName = "FILE" };
        var command = new Verb(
            "search",
            "Finds people in a gallery by words, by a picture, or by both.",
            "semblance search out/gallery --text \"a man in a blue jacket\" --html answer.html",
            "semblance search out/gallery --image photo.jpg --camera 2 --top 5",
            "semblance search out/gallery --image photo.jpg --text \"with a backpack\" --not-text \"in shorts\" --json")
        {
            gallery, text, image, notText, notImage, weight, camera, top, database, json, html,
        };
        command.SetAction(async (parsed, cancellation) =>
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
            await using var opened = await OpenedGallery.OpenAsync(folder, inDatabase: parsed.GetValue(database), cancellation: cancellation);
            var matches = await opened.AskAsync(question, Talk.Line, cancellation: cancellation);
            if (parsed.GetValue(html) is { } page)
            {
                AtomicFile.WriteText(page, new HtmlPage($"Who looks like {question.Title}?")
                    .Paragraph($"{opened.Live.Count:N0} sightings in {opened.Store.Location}. A match is a look-alike: a hint for a person to check.", quiet: true)
                    .Row(await RankedPage.FiguresAsync(opened, matches)).ToString());
            }

            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { question = question.Title, fingerprint = opened.Live.Model!.Encoder.Fingerprint, items = opened.Live.Count, matches }));
            }
            else
            {
                foreach (var match in matches)
                {
                    Console.Out.WriteLine($"{match.Rank,4}  {match.Score,7:0.000}  {match.Sighting.Camera ?? "-",-6} {match.Sighting.Key}");
                }
            }

            return 0;
        });
        return command;
    }
}
