using Semblance.Data;
using Semblance.Evaluation;
using Semblance.Imaging;
using Semblance.Training;

namespace Semblance.Cli.Report;

/// <summary>An evaluation as a page: figures with intervals, curves, thresholds, ranked lists with right and wrong answers, a map of the embeddings.</summary>
internal sealed class EvaluationPage(PersonDataset dataset, EmbeddedSplit split, EvaluationReport report)
{
    private const int Shown = 10;
    private const int Lists = 4;
    private const int MapItems = 1000;
    private const int MapPeople = 12;
    private readonly Dictionary<string, PersonRecord> _records = dataset.Records.GroupBy(record => record.ImagePath, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    public override string ToString()
    {
        var page = new HtmlPage($"{report.Task.Key()} on {dataset.Key}");
        page.Paragraph($"{report.Result.Queries:N0} queries ({report.Result.Skipped:N0} without a match, skipped) against {report.Result.GalleryItems:N0} items, protocol {report.Result.Protocol}; model {report.Fingerprint}.");
        page.Paragraph(dataset.Notice, quiet: true);
        foreach (var warning in report.Warnings)
        {
            page.Paragraph($"No transfer: {warning}.");
        }

        Figures(page);
        page.Heading("Curves").Charts([Cmc(), PrecisionRecall(), .. report.Similarities is { } similarities ? (LineChart[])[Errors(similarities)] : []]);
        if (report.Similarities is { } measured)
        {
            Thresholds(page, measured);
        }

        RankedLists(page);
        Map(page);
        return page.ToString();
    }

    private void Figures(HtmlPage page)
    {
        page.Heading("Figures").Paragraph("In percent.", quiet: true).Table(
            ["", "rank-1", "rank-5", "rank-10", "mAP", "mAP trap", "mINP"],
            [
                Row("", report.Result),
                .. report.Intervals is { } intervals ? (IReadOnlyList<string>[])[Interval(intervals)] : [],
                .. report.Parts.Select(part => Row(part.Key.Replace('_', ' '), part.Value)),
            ],
            best: 0);
        foreach (var (name, part) in report.Parts.Where(part => part.Key is EvaluationReport.Expanded or EvaluationReport.Reranked))
        {
            page.Paragraph($"{name}: {part.Score}. It uses the other queries or the gallery of the test itself, so it is no headline figure.", quiet: true);
        }

        if (report.Result.Ties.Warning is { } ties)
        {
            page.Paragraph(ties);
        }

        static IReadOnlyList<string> Row(string name, RetrievalResult of) =>
            [name, .. new[] { of.RankAt(1), of.RankAt(5), of.RankAt(10), of.MeanAveragePrecision, of.MeanAveragePrecisionTrapezoid, of.MeanInverseNegativePenalty }.Select(figure => $"{100 * figure:0.00}")];

        static IReadOnlyList<string> Interval(Bootstrap of) =>
            [$"{100 * of.Level:0} % over people", .. new[] { of.Rank1, of.Rank5, of.Rank10, of.MeanAveragePrecision, of.MeanAveragePrecisionTrapezoid, of.MeanInverseNegativePenalty }.Select(interval => $"{100 * interval.Low:0.0} to {100 * interval.High:0.0}")];
    }

    private IEnumerable<(string Name, RetrievalResult Result)> Rows() => [(report.Parts.Count == 0 ? "" : "as published", report.Result), .. report.Parts.Select(part => (part.Key.Replace('_', ' '), part.Value))];

    private LineChart Cmc()
    {
        var chart = new LineChart("CMC: share of queries found by rank k", "k");
        foreach (var (name, result) in Rows())
        {
            chart.Add(name, result.Cmc.Select((share, k) => (k + 1.0, share)));
        }

        return chart;
    }

    private LineChart PrecisionRecall()
    {
        var chart = new LineChart("Precision by recall", "recall");
        foreach (var (name, result) in Rows())
        {
            chart.Add(name, result.PrecisionRecall());
        }

        return chart;
    }

    private static LineChart Errors(SimilarityDistribution of)
    {
        var thresholds = Enumerable.Range(0, 201).Select(i => (i / 100.0) - 1).Where(t => of.FalseMatchRate(t) < 1 || of.FalseNonMatchRate(t) > 0).ToArray();
        return new LineChart("Errors by threshold", "cosine").Add("FMR", thresholds.Select(t => (t, of.FalseMatchRate(t)))).Add("FNMR", thresholds.Select(t => (t, of.FalseNonMatchRate(t))));
    }

    private static void Thresholds(HtmlPage page, SimilarityDistribution of)
    {
        var (threshold, rate) = of.EqualErrorRate();
        page.Heading("Thresholds").Paragraph(
            $"{of.GenuinePairs:N0} right pairs and {of.ImpostorPairs:N0} wrong ones; equal error rate {100 * rate:0.00} % at {threshold:0.000}. FMR: wrong pairs at or above the threshold. FNMR: right pairs below it. "
            + "TPIR: searches of people in the gallery whose first answer is right and at or above it. FPIR: searches of people who are not there that answer somebody all the same.").Table(
            ["FMR at most", "threshold", "FNMR %", "TPIR %", "FPIR %"],
            [.. EvaluationReport.OperatingPoints(of).Select(point => (IReadOnlyList<string>)[
                $"{point.Rate:0.####}", $"{point.Threshold:0.000}", $"{100 * point.FalseNonMatchRate:0.00}", $"{100 * point.TruePositiveIdentificationRate:0.00}", $"{100 * point.FalsePositiveIdentificationRate:0.00}"])]);
        page.Paragraph("These describe this test split. A threshold for use is chosen on other data of the same cameras.", quiet: true);
    }

    private void RankedLists(HtmlPage page)
    {
        // Along the whole way from the hardest to the easiest query: nobody picked the pretty ones.
        var order = report.Result.PerQuery.Where(query => query.Positives > 0).OrderBy(query => query.Figures.AveragePrecision).ThenBy(query => query.Query).ToArray();
        page.Heading("Ranked lists").Paragraph("Queries from the hardest to the easiest by average precision. Green is the right person, red is somebody else; what the protocol leaves out is not shown.", quiet: true);
        foreach (var query in Enumerable.Range(0, Math.Min(Lists, order.Length)).Select(i => order[(int)((i + 0.5) * order.Length / Math.Min(Lists, order.Length))]))
        {
            page.Subheading($"average precision {query.Figures.AveragePrecision:0.000}, {query.Positives} right answers, the first at rank {query.Figures.FirstRank}");
            var words = split.Words.Count > 0 ? split.Words[query.Query] : null;
            if (words is not null)
            {
                page.Quote(words);
            }

            List<HtmlFigure> figures = [];
            if (words is null || split.Texts is not null)
            {
                figures.Add(new HtmlFigure(Picture(split.Queries.Items[query.Query]), $"query{Camera(split.Queries.Items[query.Query])}", "query picture", FigureMark.Query));
            }

            figures.AddRange(split.RankedList(query.Query, Shown).Select(item => new HtmlFigure(
                Picture(split.Gallery.Items[item.GalleryIndex]), $"{item.Rank}{Camera(split.Gallery.Items[item.GalleryIndex])}, {-item.Distance:0.00}", $"rank {item.Rank}", item.IsMatch ? FigureMark.Right : FigureMark.Wrong)));
            page.Row(figures);
        }
    }

    private void Map(HtmlPage page)
    {
        var people = Enumerable.Range(0, split.Gallery.Count).Where(g => split.Gallery.Items[g].Role == GalleryRole.Person).ToArray();
        if (people.Length < 10)
        {
            return;
        }

        // The most frequent people whole, the others thinned out evenly.
        var named = people.GroupBy(g => split.Gallery.Items[g].Identity).OrderByDescending(group => group.Count()).ThenBy(group => group.First()).Take(MapPeople).Select((group, i) => (group.Key, i)).ToDictionary(StringComparer.Ordinal);
        var rest = people.Where(g => !named.ContainsKey(split.Gallery.Items[g].Identity)).ToArray();
        var room = Math.Max(0, MapItems - (people.Length - rest.Length));
        int[] chosen = [.. people.Where(g => named.ContainsKey(split.Gallery.Items[g].Identity)).Take(MapItems), .. rest.Length <= room ? rest : Enumerable.Range(0, room).Select(i => rest[(int)((long)i * rest.Length / room)])];
        var places = TSne.Map(LabelledEmbeddings.From([.. chosen.Select(g => split.Gallery.Items[g])], [.. chosen.Select(g => split.Gallery.Rows.Slice(g * split.Gallery.Width, split.Gallery.Width).ToArray())]));
        var chart = new ScatterChart($"t-SNE of {chosen.Length} gallery items");
        for (var i = 0; i < chosen.Length; i++)
        {
            var item = split.Gallery.Items[chosen[i]];
            var known = named.TryGetValue(item.Identity, out var group);
            chart.Add(places[i], known ? ScatterChart.Colour(group, named.Count) : "#888", $"{item.Identity}{Camera(item)}", known);
        }

        page.Heading("Map of the gallery").Paragraph($"The {named.Count} people with the most pictures in colours, others grey; near on the map is near for the model, far means nothing. Point at a dot for its identity and camera.", quiet: true).Map(chart);
    }

    private Picture Picture(Sighting sighting) => dataset.Pictures.LoadPicture(_records[sighting.Picture!]);

    private static string Camera(Sighting sighting) => sighting.Camera is { } camera ? $", camera {camera}" : "";
}
