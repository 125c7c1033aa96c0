using Semblance.Core;
using Semblance.Data;
using Semblance.Evaluation.Reranking;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Training.Tests;

public sealed class EvaluatorTests
{
    [Fact]
    public void QueryAndGallerySplitsFollowMarketsRules()
    {
        var report = new Evaluator(new ColourEncoder()).Evaluate(WithSplits(), EvaluationTask.Image);
        Assert.Equal("image", report.Result.Protocol);
        Assert.True(report.Result.SameCameraRule);
        Assert.Equal(10, report.Result.Queries);
        Assert.Equal(30, report.Result.GalleryItems);
        Assert.Equal(1, report.Result.RankAt(1));
    }

    /// <summary>Whom nobody named asks nothing and is neither right nor wrong.</summary>
    [Fact]
    public void PicturesOfNobodyAreNotMeasured()
    {
        var set = WithSplits();
        var expected = new Evaluator(new ColourEncoder()).Evaluate(set, EvaluationTask.Image).Result;
        var unnamed = set.Of(Split.Gallery).Take(8).Select((record, i) => record with { RawId = "", ImagePath = $"unnamed/{i}.png", Order = 1000 + i }).ToArray();
        var with = set with { Records = [.. set.Records, .. unnamed] };
        var report = new Evaluator(new ColourEncoder()).Evaluate(with, EvaluationTask.Image).Result;
        Assert.Equal((expected.Queries, expected.MeanAveragePrecision), (report.Queries, report.MeanAveragePrecision));
        var words = new Evaluator(new ColourEncoder()).Evaluate(with, EvaluationTask.TextToImage).Result;
        Assert.Equal((80, 1), (words.Queries, Math.Round(words.MeanAveragePrecision, 6)));
    }

    [Fact]
    public void TextToImageAsksEveryCaptionOfTheTestSplit()
    {
        var encoder = new ColourEncoder();
        var report = new Evaluator(encoder).Evaluate(WithSplits(), EvaluationTask.TextToImage);
        Assert.Equal(80, report.Result.Queries);
        Assert.Equal(40, report.Result.GalleryItems);
        Assert.Equal(1, report.Result.MeanAveragePrecision, 6);
    }

    [Fact]
    public void TemporalLiftingTakesTheTimesThatNamesTellAndNeedsReranking()
    {
        var set = WithSplits();
        set = set with { Key = Market1501.Key, Records = [.. set.Records.Select((record, i) => record with { Sequence = 1 + (i % 2), Frame = 25 * i })] };
        var times = SightingTimes.Of(set);
        var second = set.Records.Where(record => record is { Camera: 1, Sequence: 2 }).ToArray();
        Assert.Equal(second.Select(record => (record.Frame!.Value + set.Records.Where(other => other is { Camera: 1, Sequence: 1 }).Max(other => other.Frame!.Value)) / 25.0), second.Select(record => times[record.ImagePath]));

        var evaluator = new Evaluator(new ColourEncoder());
        var split = evaluator.Embed(set, EvaluationTask.Image);
        var report = evaluator.Measure(split, new EvaluationExtras { Rerank = new RerankingOptions { K1 = 4, K2 = 2 }, Lift = new TemporalLiftingOptions() });
        Assert.Contains("temporal lifting", (string)report.ToJson()["lifted"]!["how"]!, StringComparison.Ordinal);
        Assert.InRange(report.Parts[EvaluationReport.Lifted].RankAt(1), 0.5, 1);
        Assert.Contains("ask for re-ranking too", Assert.Throws<ArgumentException>(() => evaluator.Measure(split, new EvaluationExtras { Lift = new TemporalLiftingOptions() })).Message, StringComparison.Ordinal);
        var untimed = evaluator.Embed(WithSplits(), EvaluationTask.Image);
        Assert.Contains("whose names tell when they were taken", Assert.Throws<ArgumentException>(() => evaluator.Measure(untimed, new EvaluationExtras { Rerank = new RerankingOptions { K1 = 4, K2 = 2 }, Lift = new TemporalLiftingOptions() })).Message, StringComparison.Ordinal);
    }

    /// <summary>Boxes are pooled by person and camera, and the queries' own pictures are not read.</summary>
    [Fact]
    public void SeveralBoxesOfAPersonAskAsOneQuery()
    {
        var set = WithSplits();
        Assert.Contains("10 queries and 0 boxes to pool", Assert.Throws<ArgumentException>(() => new Evaluator(new ColourEncoder()).Evaluate(set, EvaluationTask.MultiQuery)).Message, StringComparison.Ordinal);
        var boxes = set.Of(Split.Query).Concat(set.Of(Split.Query)).Select((record, i) => record with { Split = Split.Boxes, ImagePath = $"gt_bbox/{i}.png", Order = 1000 + i });
        var report = new Evaluator(new ColourEncoder()).Evaluate(set with { Records = [.. set.Records, .. boxes] }, EvaluationTask.MultiQuery);
        Assert.Equal(("multi-query", 10, 30, 20), (report.Result.Protocol, report.Result.Queries, report.Result.GalleryItems, (int)report.Data["boxes"]!));
        Assert.Equal(1, report.Result.RankAt(1));
    }

    [Theory]
    [InlineData(EvaluationTask.TextToImage, 3)]
    [InlineData(EvaluationTask.Image, 2)]
    public void AListSaysWhatIsAskedAndSearched(EvaluationTask task, int queries)
    {
        var set = Toy.People(split: Split.Test);
        TestList.Item Of(int place, string? view = null, int? caption = null) =>
            new() { Image = set.Records[place].ImagePath, Id = set.Records[place].RawId, View = view, CaptionIndex = caption };
        var list = new TestList { Name = "mine", Base = "toy", Queries = [Of(0, "front"), Of(4, "back", 1)], Gallery = [Of(0, "front"), Of(1, "front"), Of(2, "back"), Of(4, "back"), Of(5), Of(8)] };
        var evaluator = new Evaluator(new ColourEncoder());
        var report = evaluator.Measure(evaluator.Embed(set, list, task));
        Assert.Equal(("mine", queries, 6), (report.Result.Protocol, report.Result.Queries, report.Result.GalleryItems));
        Assert.Equal((true, true), (report.Result.SameCameraRule, report.Result.OwnPictureExcluded));

        // Of the first person the picture seen from behind is left, of the second the one whose view nobody knows.
        Assert.All(report.Result.PerQuery, query => Assert.Equal(1, query.Positives));
        Assert.Equal(1, report.Result.RankAt(1));
        Assert.Throws<ArgumentException>(() => evaluator.Embed(set, list, EvaluationTask.ImageToText));
    }

    [Fact]
    public void OneTestSplitIsSearchedWithinItself()
    {
        var report = new Evaluator(new ColourEncoder()).Evaluate(Toy.People(split: Split.Test), EvaluationTask.Image);
        Assert.Equal("within-image", report.Result.Protocol);
        Assert.Equal(40, report.Result.Queries);
    }

    [Theory]
    [InlineData("image-to-text", 40, 80)]
    [InlineData("image+text", 80, 40)]
    [InlineData("within-text", 80, 80)]
    [InlineData("within-pair", 40, 40)]
    public void EveryTaskHasItsQueriesAndGallery(string task, int queries, int gallery)
    {
        var json = new Evaluator(new ColourEncoder()).Evaluate(WithSplits(), EvaluationTasks.Parse(task)).ToJson();
        Assert.Equal(task, (string)json["task"]!);
        Assert.Equal((queries, gallery), ((int)json["queries"]!, (int)json["gallery"]!));
        Assert.Equal(task == "image+text", json.ContainsKey("image_only"));
    }

    /// <summary>A world in CUHK-PEDES's layout shares no pictures with Market-1501; the set itself does.</summary>
    [Theory]
    [InlineData("false", 1)]
    [InlineData("true", 0)]
    public void ARunThatLearntFromPicturesOfTheTargetIsNoTransfer(string rendered, int warnings)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(directory.Path, "recipe.yaml"), "name: some");
        File.WriteAllText(Path.Combine(directory.Path, "run.json"), $$"""{ "data": { "sources": [ { "dataset": "cuhk-pedes", "rendered": {{rendered}} } ] } }""");
        var target = WithSplits() with { Key = "market1501", Notice = DataNotice.Market1501 };
        Assert.Equal(warnings, TrainedModel.LeaksInto(target, directory.Path).Count);
        Assert.Empty(TrainedModel.LeaksInto(target with { Notice = DataNotice.Synthetic }, directory.Path));
    }

    /// <summary>Whoever embeds first and ranks afterwards is told the seconds of both.</summary>
    [Fact]
    public void SecondsCountTheEmbeddingToo()
    {
        var evaluator = new Evaluator(new ColourEncoder(), time: new EverLater());
        var split = evaluator.Embed(WithSplits(), EvaluationTask.Image);
        Assert.True(split.Seconds >= 1);
        Assert.Equal(split.Seconds + 1, evaluator.Measure(split, new EvaluationExtras { Calibrate = true }).Seconds);
    }

    [Fact]
    public void ReportHoldsWhatTheContractPromises()
    {
        var json = new Evaluator(new ColourEncoder()).Evaluate(WithSplits(), EvaluationTask.Image).ToJson();
        Assert.Equal(["task", "queries", "skipped", "gallery", "rank1", "rank5", "rank10", "map", "map_trap", "minp"], json.Select(pair => pair.Key).Take(10));
        Assert.Equal(new string('c', 64), (string)json["fingerprint"]!);
        Assert.Equal(40, (int)json["data"]!["pictures"]!);
        Assert.Equal(10, (int)json["data"]!["identities"]!);
        Assert.Equal(80, (int)json["data"]!["captions"]!);
        Assert.True((double)json["seconds"]! >= 0);
    }

    [Fact]
    public void PicturesAreEmbeddedOnceForAllTasks()
    {
        var encoder = new ColourEncoder();
        var evaluator = new Evaluator(encoder);
        var people = WithSplits();
        evaluator.Evaluate(people, EvaluationTask.Image);
        evaluator.Evaluate(people, EvaluationTask.TextToImage);
        evaluator.Evaluate(people, EvaluationTask.ImageAndText);
        Assert.Equal(40, encoder.PicturesSeen);
    }

    [Fact]
    public void SetsThatCannotAnswerAreRefusedWithTheReason()
    {
        var evaluator = new Evaluator(new ColourEncoder());
        Assert.Contains("no test split", Assert.Throws<ArgumentException>(() => evaluator.Evaluate(Toy.People(), EvaluationTask.Image)).Message, StringComparison.Ordinal);
        Assert.Contains("no captions", Assert.Throws<ArgumentException>(() => evaluator.Evaluate(Toy.People(split: Split.Test, captions: false), EvaluationTask.TextToImage)).Message, StringComparison.Ordinal);
        Assert.Contains("did you mean", Assert.Throws<ArgumentException>(() => EvaluationTasks.Parse("text-to-images")).Message, StringComparison.Ordinal);
    }

    private static PersonDataset WithSplits()
    {
        var people = Toy.People();
        return people with { Records = [.. people.Records.Select(record => record with { Split = record.Order % 4 == 0 ? Split.Query : Split.Gallery })] };
    }

    /// <summary>Sees the mean colours of coat and trousers, and reads the same from the toy's captions: an encoder that is right by construction.</summary>
    private sealed class ColourEncoder : IPersonEncoder
    {
        private static readonly Dictionary<string, float[]> Words = new()
        {
            ["red"] = [200, 30, 30],
            ["green"] = [30, 160, 40],
            ["blue"] = [40, 60, 200],
            ["yellow"] = [220, 210, 40],
            ["white"] = [235, 235, 235],
            ["black"] = [20, 20, 20],
        };

        public int PicturesSeen { get; private set; }

        public Fingerprint Fingerprint => new(new string('c', 64));

        public Preprocessing Preprocessing => new(48, 24, Normalisation.Half);

        public int Width(EmbeddingSpace space) => 6;

        public float[][] EncodePictures(IReadOnlyList<Picture> pictures, EmbeddingSpace space)
        {
            PicturesSeen += pictures.Count;
            return [.. pictures.Select(Look)];
        }

        public float[][][] EncodePictures(IReadOnlyList<Picture> pictures, IReadOnlyList<EmbeddingSpace> spaces)
        {
            var rows = EncodePictures(pictures, spaces[0]);
            return [.. spaces.Select(_ => rows)];
        }

        public float[][] EncodeTexts(IReadOnlyList<string> texts, EmbeddingSpace space) => [.. texts.Select(Read)];

        public float[][] EncodePairs(IReadOnlyList<Picture> pictures, IReadOnlyList<string> texts) => EncodePictures(pictures, EmbeddingSpace.Pair);

        public string? Warning(string text) => null;

        public void Dispose()
        {
        }

        private static float[] Look(Picture picture) => Unit([.. Colour(picture, 13), .. Colour(picture, 37)]);

        private static float[] Read(string text)
        {
            var words = text.Split(' ');
            float[] Before(string garment) => Words[words[Array.FindIndex(words, word => word.StartsWith(garment, StringComparison.Ordinal)) - 1]];
            return Unit([.. Before("coat"), .. Before("trousers")]);
        }

        private static float[] Colour(Picture picture, int y)
        {
            var sum = new float[3];
            for (var x = 8; x < 16; x++)
            {
                for (var c = 0; c < 3; c++)
                {
                    sum[c] += picture.Rgb[(3 * ((y * picture.Width) + x)) + c] / 8f;
                }
            }

            // The painter adds 20 on average.
            return [.. sum.Select(value => value - 20)];
        }

        private static float[] Unit(float[] values)
        {
            var norm = MathF.Sqrt(values.Sum(value => (value - 120) * (value - 120)));
            return [.. values.Select(value => (value - 120) / norm)];
        }
    }

    /// <summary>A second passes whenever somebody looks.</summary>
    private sealed class EverLater : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _now++;
    }
}
