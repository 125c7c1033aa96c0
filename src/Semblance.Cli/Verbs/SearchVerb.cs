using System.CommandLine;
using Semblance.Cli.Galleries;
using Semblance.Cli.Report;
using Semblance.Cli.Terminal;
using Semblance.Core;
using Semblance.Gallery.Stores;

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
        var notWeight = new Option<double>("--not-weight") { Description = "Weight of each --not-text and --not-image, where what is wanted has 1 together.", HelpName = "W", DefaultValueFactory = _ => 0.5 };
        var exact = new Option<bool>("--exact") { Description = "Compares every sighting in full precision, where 8 bits find the candidates otherwise." };
        var camera = new Option<string[]>("--camera") { Description = "Only sightings of this camera. May be given several times.", HelpName = "ID" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only sightings taken at or after this time.", HelpName = "TIME" };
        var until = new Option<DateTimeOffset?>("--until") { Description = "Only sightings taken before this time.", HelpName = "TIME" };
        var person = new Option<long?>("--person") { Description = "Only sightings assigned to this person.", HelpName = "ID" };
        var label = new Option<string?>("--label") { Description = "Only sightings with this label, such as a data set's identity.", HelpName = "NAME" };
        var top = new Option<int>("--top") { Description = "How many answers.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var database = new Option<bool>("--in-database") { Description = "Lets PostgreSQL search by pgvector, and loads no vectors." };
        var purpose = new Option<string?>("--purpose") { Description = "What the search is for; stands in the audit log.", HelpName = "WORDS" };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var html = new Option<string?>("--html") { Description = "Writes the answer as a page with pictures.", HelpName = "FILE" };
        var command = new Verb(
            "search",
            "Finds people in a gallery by words, by a picture, or by both.",
            "semblance search out/gallery --text \"a man in a blue jacket\" --html answer.html",
            "semblance search out/gallery --image photo.jpg --camera 2 --top 5",
            "semblance search out/gallery --image photo.jpg --text \"with a backpack\" --not-text \"in shorts\" --json")
        {
            gallery, text, image, notText, notImage, weight, notWeight, exact, camera, from, until, person, label, top, database, purpose, json, html,
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
                Filter = new SightingFilter
                {
                    Cameras = parsed.GetValue(camera) is { Length: > 0 } cameras ? cameras : null,
                    From = parsed.GetValue(from),
                    Until = parsed.GetValue(until),
                    Person = parsed.GetValue(person),
                    Label = parsed.GetValue(label),
                },
                ImageWeight = parsed.GetValue(weight),
                NegativeWeight = parsed.GetValue(notWeight),
                Exact = parsed.GetValue(exact),
                Top = parsed.GetValue(top),
            };
            await using var opened = await OpenedGallery.OpenAsync(folder, inDatabase: parsed.GetValue(database), cancellation: cancellation);
            var answer = await opened.AskAsync(question, Talk.Line, cancellation: cancellation);
            await opened.Store.LogAsync(BulkFiling.ByHand with { Action = "search", Purpose = parsed.GetValue(purpose), Details = question.Details() }, cancellation);
            if (parsed.GetValue(html) is { } page)
            {
                AtomicFile.WriteText(page, new HtmlPage($"Who looks like {question.Title}?")
                    .Paragraph($"{opened.Live.Count:N0} sightings in {opened.Store.Location}. A match is a look-alike: a hint for a person to check.", quiet: true)
                    .Row(await RankedPage.FiguresAsync(opened, answer.Places)).ToString());
            }

            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json.Write(new { question = question.Title, fingerprint = opened.Live.Model!.Encoder.Fingerprint, items = opened.Live.Count, answer.Nobody, matches = answer.Places }));
            }
            else
            {
                foreach (var place in answer.Places)
                {
                    var probability = place.Probability is { } known ? $"{known,4:P0}  " : "";
                    var folded = place.Duplicates.Count > 0 ? $"  and {place.Duplicates.Count} nearly the same" : "";
                    Console.Out.WriteLine($"{place.Rank,4}  {place.Score,7:0.000}  {probability}{place.Sighting.Camera ?? "-",-6} {place.Sighting.Key}{folded}");
                }

                if (answer.Nobody == true)
                {
                    Console.Out.WriteLine("Even the best is rather somebody else: whoever is meant may not be in this gallery.");
                }
            }

            return 0;
        });
        return command;
    }
}
