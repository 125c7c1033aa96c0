using System.Text.Json.Nodes;
using Semblance.Cli.Galleries;
using Semblance.Cli.Report;
using Semblance.Cli.Terminal;
using Semblance.Data;
using Semblance.Gallery;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Models;
using Semblance.Training;

namespace Semblance.Cli.Quickstart;

/// <summary>The page that a quickstart ends with.</summary>
internal sealed class QuickstartPage(TorchEncoder encoder, OpenedGallery gallery, PersonDataset unseen, OpenedGallery? footage)
{
    private const int Shown = 10;
    private const int ShownQueries = 4;

    /// <summary>Asks the galleries and explains a match: everything of the page that takes time and needs no figures.</summary>
    public async Task<Action<HtmlPage>> PrepareAsync()
    {
        var queries = unseen.Of(Split.Query).Where(record => record.Captions.Count > 0).ToArray();
        // Spread over the people, the same for every run: nobody picked the pretty ones.
        var chosen = Enumerable.Range(0, Math.Min(ShownQueries, queries.Length)).Select(i => queries[i * queries.Length / ShownQueries]).ToArray();
        List<(string Words, IReadOnlyList<HtmlFigure> Row)> byWords = [], byFootage = [];
        List<IReadOnlyList<HtmlFigure>> byPicture = [];
        Action<HtmlPage>? panel = null;
        foreach (var record in chosen)
        {
            var words = record.Captions[0];
            byWords.Add((words, await RankedPage.FiguresAsync(gallery, (await gallery.AskAsync(new Question { Texts = [words], Top = Shown }, Talk.Line)).Places, record.RawId)));
            var picture = unseen.Pictures.LoadPicture(record);
            var answers = await AskPictureAsync(record, picture);
            byPicture.Add([new HtmlFigure(picture, $"query, camera {record.Camera}", "query picture", FigureMark.Query), .. await RankedPage.FiguresAsync(gallery, answers, record.RawId)]);
            panel ??= answers.Count > 0 ? ExplanationPanels.Match(encoder, picture, await gallery.PictureAsync(answers[0].Sighting), words) : null;
        }

        var source = "";
        foreach (var words in footage is null ? [] : FootageQuestions)
        {
            var answers = (await footage!.AskAsync(new Question { Texts = [words], Top = Shown }, Talk.Line)).Places;
            source = answers.Count > 0 ? answers[0].Sighting.Source : source;
            byFootage.Add((words, await RankedPage.FiguresAsync(footage, answers)));
        }

        var found = footage?.Live.Count;
        return page =>
        {
            page.Heading("Asked in words").Paragraph("A caption of a person that training never saw, against every picture of the unseen gallery. Green is the right person, red is somebody else.", quiet: true);
            foreach (var (words, row) in byWords)
            {
                page.Quote(words).Row(row);
            }

            page.Heading("Asked with a picture").Paragraph("The query stands first, framed in blue; pictures of the same person by the same camera are left out, as the protocol has it.", quiet: true);
            foreach (var row in byPicture)
            {
                page.Row(row);
            }

            page.Heading("What the model looked at");
            panel?.Invoke(page);
            if (found is not null)
            {
                page.Heading("Real footage").Paragraph($"{found:N0} pictures of people found and tracked in {source}, asked in words. Nobody knows their identities; look whether the answers fit the words.", quiet: true);
                foreach (var (words, row) in byFootage)
                {
                    page.Quote(words).Row(row);
                }
            }
        };
    }

    /// <summary>The whole page.</summary>
    public static string Write(QuickstartResult result, Run run, Action<HtmlPage> body)
    {
        var page = new HtmlPage("Semblance quickstart");
        page.Paragraph(
            $"A small MMET {(result.Start is null ? "was trained from random weights" : "started from the weights that come with Semblance, learnt from other rendered people, and was trained")} on rendered people "
            + $"of several places, then measured on {QuickstartRun.UnseenDomain}: people and cameras that neither training nor validation nor the start weights have seen. "
            + $"It took {Talk.Duration(TimeSpan.FromSeconds(result.Seconds.Total))} in all, seed {result.Seed}.");
        Figures(page, "Text to image", result, figures => figures.TextToImage);
        Figures(page, "Image to image", result, figures => figures.Image);
        body(page);
        page.Heading("Training").Charts(Curves(run));
        page.Heading("Where the time went").Table(["step", "seconds"], [.. result.Seconds.Steps.Select(step => (IReadOnlyList<string>)[step.Key, $"{step.Value:0.0}"])]);
        page.Paragraph($"Go on with it: {Spelling.Program} eval {result.Run} --data {result.World} --layout market1501 --task image+text, or {Spelling.Program} search {result.Gallery} --text \"...\"", quiet: true);
        return page.ToString();
    }

    private static void Figures(HtmlPage page, string title, QuickstartResult result, Func<QuickstartResult.Measured, JsonObject> task)
    {
        var trained = task(result.Unseen);
        page.Heading(title).Paragraph($"{trained["queries"]} queries against {trained["gallery"]} pictures, in percent.", quiet: true).Table(
            ["", "rank-1", "rank-5", "rank-10", "mAP", "mINP"],
            [
                Row("trained", trained),
                .. result.Start is { } start ? (IReadOnlyList<string>[])[Row("start weights alone", task(start))] : [],
                Row("random weights", task(result.Untrained)),
                Row("colours alone", task(result.Histogram)),
            ],
            best: 0);
        static IReadOnlyList<string> Row(string name, JsonObject figures) =>
            [name, .. new[] { "rank1", "rank5", "rank10", "map", "minp" }.Select(key => $"{100 * (double)figures[key]!:0.00}")];
    }

    private static IEnumerable<LineChart> Curves(Run run)
    {
        var lines = run.ReadMetrics();
        foreach (var stage in lines.Where(line => line["stage"] is not null).GroupBy(line => (string)line["stage"]!))
        {
            foreach (var key in stage.SelectMany(line => line.Select(pair => pair.Key)).Where(key => key.StartsWith("loss", StringComparison.Ordinal)).Distinct())
            {
                yield return new LineChart($"{stage.Key}: {key}", "steps").Add(key, stage.Where(line => line[key] is not null).Select(line => ((double)line["step"]!, (double)line[key]!)));
            }
        }
    }

    private static IReadOnlyList<string> FootageQuestions => ["a person in dark clothes", "a person in light clothes", "a woman in a red coat", "a man in a white shirt and dark trousers", "a person with a backpack"];

    private async Task<IReadOnlyList<RankedSighting>> AskPictureAsync(PersonRecord record, Imaging.Picture picture)
    {
        var embedding = new Embedding(GallerySpaces.Image, encoder.EncodePictures([picture], EmbeddingSpace.Image)[0], encoder.Fingerprint.ToString());
        var own = await gallery.Store.SightingsAsync(new SightingFilter { Label = record.RawId, Cameras = [record.Camera?.ToString() ?? ""] }, long.MaxValue, limit: 1000);
        return (await gallery.AskAsync(new SightingQuery { Terms = [new QueryTerm(embedding)], Top = Shown, Except = [.. own.Select(sighting => sighting.Id)] })).Places;
    }
}
