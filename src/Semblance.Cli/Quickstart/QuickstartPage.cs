using System.Text.Json.Nodes;
using Semblance.Cli.Galleries;
using Semblance.Cli.Report;
using Semblance.Cli.Terminal;
using Semblance.Data;
using Semblance.Gallery;
using Semblance.Models;
using Semblance.Training;

namespace Semblance.Cli.Quickstart;

/// <summary>The page that a quickstart ends with.</summary>
internal sealed class QuickstartPage(TorchEncoder encoder, GalleryFile gallery, PersonDataset unseen, GalleryFile? footage)
{
    private const int Shown = 10;
    private const int ShownQueries = 4;
    private readonly GalleryIndex _index = new(gallery);
    private readonly GalleryIndex? _footageIndex = footage is null ? null : new GalleryIndex(footage);

    /// <summary>Asks the galleries and explains a match: everything of the page that takes time and needs no figures.</summary>
    public Action<HtmlPage> Prepare()
    {
        var queries = unseen.Of(Split.Query).Where(record => record.Captions.Count > 0).ToArray();
        // Spread over the people, the same for every run: nobody picked the pretty ones.
        var chosen = Enumerable.Range(0, Math.Min(ShownQueries, queries.Length)).Select(i => queries[i * queries.Length / ShownQueries]).ToArray();
        var byWords = chosen.Select(record => (record, matches: Ask(_index, new Question { Texts = [record.Captions[0]], Top = Shown }))).ToArray();
        var byPicture = chosen.Select(record => (record, picture: unseen.Pictures.LoadPicture(record), matches: AskPicture(record))).ToArray();
        var footageAnswers = _footageIndex is null ? [] : FootageQuestions.Select(text => (text, matches: Ask(_footageIndex, new Question { Texts = [text], Top = Shown }))).ToArray();
        var first = byPicture.First(entry => entry.matches.Count > 0);
        var panel = ExplanationPanels.Match(encoder, first.picture, RankedPage.Thumbnail(gallery, first.matches[0].Item), first.record.Captions[0]);
        return page =>
        {
            page.Heading("Asked in words").Paragraph("A caption of a person that training never saw, against every picture of the unseen gallery. Green is the right person, red is somebody else.", quiet: true);
            foreach (var (record, matches) in byWords)
            {
                page.Quote(record.Captions[0]).Row(RankedPage.Figures(gallery, matches, record.RawId));
            }

            page.Heading("Asked with a picture").Paragraph("The query stands first, framed in blue; pictures of the same person by the same camera are left out, as the protocol has it.", quiet: true);
            foreach (var (record, picture, matches) in byPicture)
            {
                page.Row([new HtmlFigure(picture, $"query, camera {record.Camera}", "query picture", FigureMark.Query), .. RankedPage.Figures(gallery, matches, record.RawId)]);
            }

            page.Heading("What the model looked at");
            panel(page);
            if (footage is not null)
            {
                page.Heading("Real footage").Paragraph($"{footage.Items.Count:N0} people found in {footage.Items[0].Source}, asked in words. Nobody knows their identities; look whether the answers fit the words.", quiet: true);
                foreach (var (text, matches) in footageAnswers)
                {
                    page.Quote(text).Row(RankedPage.Figures(footage, matches));
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
        page.Paragraph($"Go on with it: semblance eval {result.Run} --data {result.World} --layout market1501 --task image+text, or semblance search {result.Gallery} --text \"...\"", quiet: true);
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

    private IReadOnlyList<GalleryMatch> Ask(GalleryIndex index, Question question) => question.Ask(index, encoder, Talk.Line);

    private IReadOnlyList<GalleryMatch> AskPicture(PersonRecord record)
    {
        var embedding = new Embedding(GallerySpaces.Image, encoder.EncodePictures([unseen.Pictures.LoadPicture(record)], EmbeddingSpace.Image)[0], encoder.Fingerprint.ToString());
        return _index.Search(new GalleryQuery
        {
            Terms = [new QueryTerm(embedding)],
            Top = Shown,
            Where = item => item.Identity != record.RawId || item.Camera != record.Camera?.ToString(),
        });
    }
}
