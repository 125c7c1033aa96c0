using Semblance.Evaluation.Protocols;
using static Semblance.Evaluation.Tests.Matrices;

namespace Semblance.Evaluation.Tests;

public sealed class ProtocolsTests
{
    private static readonly Sighting[] Gallery =
    [
        new("1", 1, Picture: "a"), new("1", 1, Picture: "b"), new("1", 2, Picture: "c"), new("2", 1, Picture: "d"), new("2", 2, Picture: "e"),
    ];

    [Fact]
    public void AGalleryThatHoldsAPictureTwiceIsRefused()
    {
        Sighting[] doubled = [new("1", Picture: "a"), new("1", Picture: "a")];
        var problem = Assert.Throws<ArgumentException>(() => new TextToImageProtocol().OnDistances([new("1")], doubled, [[0, 1]]));
        Assert.Contains("picture a is in the gallery twice, as items 0 and 1", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ImageToTextProtocol().OnDistances(doubled, [new("1")], [[0], [1]]));
    }

    [Fact]
    public void LeavingOutTheOwnPictureNeedsToKnowIt()
    {
        var problem = Assert.Throws<ArgumentException>(() => new TextToOtherImageProtocol().OnDistances([new("1")], Gallery, [[0, 1, 2, 3, 4]]));
        Assert.Contains("query 0 (identity 1)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AcrossCamerasTheSamePersonInTheSameCameraIsOutToo()
    {
        Sighting[] caption = [Gallery[0]];
        double[][] distances = [[0, 1, 2, 3, 4]];
        Assert.Equal(2, new TextToOtherImageProtocol().OnDistances(caption, Gallery, distances).PerQuery[0].Positives);
        var across = new TextToOtherImageProtocol(acrossCameras: true).OnDistances(caption, Gallery, distances);
        Assert.Equal(1, across.PerQuery[0].Positives);
        Assert.Equal(3, across.PerQuery[0].Admissible);
        Assert.StartsWith("semblance/", across.Protocol, StringComparison.Ordinal);
    }

    [Fact]
    public void FusionWeighsPictureAndWordsOnOneFilteredGallery()
    {
        // The picture finds d first, the words e first; c is the only match left (a is the reference, b in its camera).
        var queryImage = new LabelledEmbeddings([Gallery[0]], [1, 0, 0], 3);
        var queryText = new LabelledEmbeddings([Gallery[0]], [0, 1], 2);
        var images = new LabelledEmbeddings(Gallery, [1, 0, 0, 1, 0, 0, 0.8f, 0.6f, 0, 0.9f, 0, 0.43588989f, 0, 1, 0], 3);
        var joint = new LabelledEmbeddings(Gallery, [0, 1, 0, 1, 0.6f, 0.8f, 1, 0, 0.43588989f, 0.9f], 2);
        var result = new ImageAndTextProtocol().Evaluate(queryImage, queryText, images, joint);
        Assert.Equal(0.5, result.Alpha);
        Assert.Equal(2, result.ImageOnly.PerQuery[0].Figures.FirstRank);
        Assert.Equal(2, result.TextOnly.PerQuery[0].Figures.FirstRank);
        Assert.Equal(1, result.Fused.PerQuery[0].Figures.FirstRank);
        Assert.All([result.Fused, result.ImageOnly, result.TextOnly], one => Assert.Equal(3, one.PerQuery[0].Admissible));

        var imageOnly = new ImageAndTextProtocol().Evaluate(queryImage, queryText, images, joint, alpha: 1);
        Assert.Equal(imageOnly.ImageOnly.PerQuery, imageOnly.Fused.PerQuery);
        var textOnly = new ImageAndTextProtocol().Evaluate(queryImage, queryText, images, joint, alpha: 0);
        Assert.Equal(textOnly.TextOnly.PerQuery, textOnly.Fused.PerQuery);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageAndTextProtocol().Evaluate(queryImage, queryText, images, joint, alpha: 1.5));
    }

    [Fact]
    public void FusionRefusesListsThatDisagree()
    {
        var one = new LabelledEmbeddings([Gallery[0]], [1, 0], 2);
        var other = new LabelledEmbeddings([Gallery[3]], [1, 0], 2);
        var gallery = People(4, 2, 2, seed: 1, "g");
        Assert.Contains("query 0 is identity 1", Assert.Throws<ArgumentException>(() => new ImageAndTextProtocol().Evaluate(one, other, gallery, gallery)).Message, StringComparison.Ordinal);
        Assert.Contains("row i in both", Assert.Throws<ArgumentException>(() => new ImageAndTextProtocol().Evaluate(one, one, gallery, one)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FusionIsTheSameBitsForAnyBlockAndThreads()
    {
        var queries = People(70, 8, 9, seed: 1, "q");
        var gallery = People(150, 8, 9, seed: 2, "g");
        var expected = new ImageAndTextProtocol().Evaluate(queries, queries, gallery, gallery, 0.3, new EvaluationOptions { BlockSize = 1, Threads = 1 });
        var other = new ImageAndTextProtocol().Evaluate(queries, queries, gallery, gallery, 0.3, new EvaluationOptions { BlockSize = 64, Threads = 8 });
        Assert.Equal(expected.Fused.PerQuery, other.Fused.PerQuery);
    }

    [Fact]
    public void PairsTakeTheOwnCaptionOrThatOfAnotherPictureOfThePerson()
    {
        Sighting[] images = [new("1", Picture: "a"), new("2", Picture: "b"), new("1", Picture: "c"), new("1", Picture: "d")];
        Sighting[] captions = [new("1", Picture: "a"), new("2", Picture: "b"), new("1", Picture: "d"), new("1", Picture: "d"), new("5", Picture: "elsewhere")];
        var protocol = new ImageAndTextProtocol();
        Assert.Equal([(0, 0), (1, 1), (3, 2), (3, 3)], protocol.Pairs(images, captions, CaptionSource.Own));
        Assert.Equal([(2, 0), (0, 2), (0, 3)], protocol.Pairs(images, captions, CaptionSource.Other));
    }

    [Fact]
    public void WithinAModalityTheOwnPictureAndItsCaptionsAreOut()
    {
        // Two captions of picture a, one of b (same person), one of c (nobody else).
        Sighting[] captions = [new("1", Picture: "a"), new("1", Picture: "a"), new("1", Picture: "b"), new("2", Picture: "c")];
        var texts = new LabelledEmbeddings(captions, [1, 0, 1, 0, 0, 1, 0.7f, 0.7f], 2);
        var result = new WithinModalityProtocol(WithinModality.Text).Evaluate(texts);
        Assert.Equal("within-text", result.Protocol);
        Assert.Equal([1, 1, 2, 0], result.PerQuery.Select(query => query.Positives));
        Assert.Equal([2, 2, 3, 3], result.PerQuery.Select(query => query.Admissible));
        Assert.Equal(1, result.Skipped);

        // c comes before b for the captions of a; for b, c comes before both captions of a.
        Assert.Equal([2, 2, 2, 0], result.PerQuery.Select(query => query.Figures.FirstRank));
        Assert.Equal((0.5 + 0.5 + ((1 / 2.0) + (2 / 3.0)) / 2) / 3, result.MeanAveragePrecision, 1e-15);
    }

    [Fact]
    public void WithinPicturesEachIsOneQueryAndTwiceIsAnError()
    {
        var pictures = new LabelledEmbeddings(Gallery, [1, 0, 1, 0, 1, 0, 0, 1, 0, 1], 2);
        var result = new WithinModalityProtocol(WithinModality.Image).Evaluate(pictures);
        Assert.Equal([2, 2, 2, 1, 1], result.PerQuery.Select(query => query.Positives));
        Assert.All(result.PerQuery, query => Assert.Equal(4, query.Admissible));
        Assert.Equal(1, result.MeanAveragePrecision);
        Assert.Throws<ArgumentException>(() =>
            new WithinModalityProtocol(WithinModality.Pair).Evaluate(new LabelledEmbeddings([Gallery[0], Gallery[0]], [1, 0, 1, 0], 2)));
    }
}
