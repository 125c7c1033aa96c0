using FsCheck;
using FsCheck.Fluent;
using Semblance.Core;
using Semblance.Evaluation.Distances;
using Semblance.Evaluation.Protocols;
using static Semblance.Evaluation.Tests.Matrices;

namespace Semblance.Evaluation.Tests;

public sealed class EvaluationTests
{
    [Fact]
    public void BlockSizeAndThreadsLeaveNoTrace()
    {
        var queries = People(150, 37, 25, seed: 1, "q");
        var gallery = People(333, 37, 25, seed: 2, "g");
        var expected = new ImageProtocol().Evaluate(queries, gallery, new EvaluationOptions { BlockSize = 1, Threads = 1 });
        foreach (var block in new[] { 1, 7, 64, 150 })
        {
            foreach (var threads in new[] { 1, 2, 8 })
            {
                var result = new ImageProtocol().Evaluate(queries, gallery, new EvaluationOptions { BlockSize = block, Threads = threads });
                Assert.Equal(expected.PerQuery, result.PerQuery);
                Assert.Equal(expected.Cmc, result.Cmc);
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(expected.MeanAveragePrecision), BitConverter.DoubleToInt64Bits(result.MeanAveragePrecision));
                Assert.Equal(expected.Ties, result.Ties);
            }
        }
    }

    [Fact]
    public void DistancesMayComeBlockByBlockAndNoLargerBlockIsAskedFor()
    {
        var queries = People(23, 8, 5, seed: 1, "q");
        var gallery = People(40, 8, 5, seed: 2, "g");
        var source = new Watched(new CosineDistances(queries, gallery));
        var result = new ImageProtocol().Evaluate(queries.Items, gallery.Items, source, new EvaluationOptions { BlockSize = 5, Threads = 2 });
        Assert.Equal(new ImageProtocol().Evaluate(queries, gallery).PerQuery, result.PerQuery);
        Assert.Equal([(0, 5), (5, 5), (10, 5), (15, 5), (20, 3)], source.Asked.Order());
        Assert.Equal("watched", result.Score);
        Assert.Null(result.EmbeddingWidth);
    }

    [Fact]
    public void DistancesAreTheSameBitsForEveryBlock()
    {
        var source = new CosineDistances(People(20, 19, 5, seed: 1, "q"), People(131, 19, 5, seed: 2, "g"));
        var whole = new float[20 * 131];
        source.Fill(0, 20, whole);
        foreach (var block in new[] { 1, 3, 7 })
        {
            for (var first = 0; first < 20; first += block)
            {
                var count = Math.Min(block, 20 - first);
                var part = new float[count * 131];
                source.Fill(first, count, part);
                Assert.Equal(whole.AsSpan(first * 131, count * 131).ToArray(), part);
            }
        }
    }

    [Fact]
    public void EmbeddingsGiveWhatSortingTheirFloat64CosinesGives()
    {
        var queries = People(40, 24, 8, seed: 5, "q");
        var gallery = People(101, 24, 8, seed: 6, "g");
        var result = new ImageProtocol().Evaluate(queries, gallery);
        for (var q = 0; q < queries.Count; q++)
        {
            var distances = new double[gallery.Count];
            var matches = new Match[gallery.Count];
            for (var g = 0; g < gallery.Count; g++)
            {
                for (var d = 0; d < 24; d++)
                {
                    distances[g] -= (double)queries.Rows[(q * 24) + d] * gallery.Rows[(g * 24) + d];
                }

                var same = queries.Items[q].Identity == gallery.Items[g].Identity;
                matches[g] = !same ? Match.Negative : queries.Items[q].Camera == gallery.Items[g].Camera ? Match.Removed : Match.Positive;
            }

            var expected = PlainRanking.Of(distances, matches).Ranks;
            Assert.Equal(expected.Count == 0 ? 0 : Metrics.AveragePrecision(expected), result.PerQuery[q].Figures.AveragePrecision, 1e-12);
        }
    }

    [Fact]
    public void TheExactModeAgreesWithFloat32WhereNothingIsNearlyTied()
    {
        var queries = People(30, 16, 6, seed: 7, "q");
        var gallery = People(80, 16, 6, seed: 8, "g");
        var single = new ImageProtocol().Evaluate(queries, gallery);
        var exact = new ImageProtocol().Evaluate(queries, gallery, new EvaluationOptions { Exact = true });
        Assert.Equal(single.MeanAveragePrecision, exact.MeanAveragePrecision, 1e-12);
        Assert.Contains("float64", exact.Score, StringComparison.Ordinal);
        Assert.Contains("float32", single.Score, StringComparison.Ordinal);
    }

    [Fact]
    public void JunkAndSameCameraItemsAtAnyDistanceChangeNothing()
    {
        var cases = from seed in Gen.Choose(0, 1_000_000) from extra in Gen.Choose(1, 12) select (seed, extra);
        Prop.ForAll(cases.ToArbitrary(), item =>
        {
            var (queries, gallery, distances) = RandomCase(item.seed);
            var before = new ImageProtocol().OnDistances(queries, gallery, distances);
            var random = Randomness.For((ulong)item.seed, 77);
            var more = gallery.ToList();
            double[][] wider = [.. distances.Select(row => row.ToArray())];
            for (var e = 0; e < item.extra; e++)
            {
                // An item of the only query's identity and camera, or junk of anybody.
                more.Add(random.Chance(0.5) ? queries[0] : Person(random.Next(3), 2) with { Role = GalleryRole.Junk });
                wider = [.. wider.Select(row => (double[])[.. row, random.Next(8) / 8.0])];
            }

            var after = new ImageProtocol().OnDistances(queries, [.. more], wider);
            return before.PerQuery.SequenceEqual(after.PerQuery) && before.MeanAveragePrecision == after.MeanAveragePrecision;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void DistractorsNeverRaiseAFigure()
    {
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var (queries, gallery, distances) = RandomCase(seed);
            var before = new ImageProtocol().OnDistances(queries, gallery, distances);
            var random = Randomness.For((ulong)seed, 78);
            var at = random.Next(gallery.Length + 1);
            var distance = random.Next(8) / 8.0;
            var distractor = queries[0] with { Camera = 99, Role = GalleryRole.Distractor };
            var after = new ImageProtocol().OnDistances(
                queries, [.. gallery[..at], distractor, .. gallery[at..]], [.. distances.Select(row => (double[])[.. row[..at], distance, .. row[at..]])]);
            return after.MeanAveragePrecision <= before.MeanAveragePrecision
                && after.MeanAveragePrecisionTrapezoid <= before.MeanAveragePrecisionTrapezoid
                && after.MeanInverseNegativePenalty <= before.MeanInverseNegativePenalty
                && after.Cmc.Zip(before.Cmc).All(pair => pair.First <= pair.Second);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void CmcNeverFallsEndsAtOneAndBoundsHoldTheFigure()
    {
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var (queries, gallery, distances) = RandomCase(seed);
            var result = new ImageProtocol().OnDistances(queries, gallery, distances);
            return result.Cmc.Zip(result.Cmc.Skip(1)).All(pair => pair.First <= pair.Second)
                && result.RankAt(gallery.Length) == 1
                && result.Ties.Pessimistic.MeanAveragePrecision <= result.MeanAveragePrecision
                && result.MeanAveragePrecision <= result.Ties.Optimistic.MeanAveragePrecision
                && result.MeanAveragePrecision is >= 0 and <= 1;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ADistanceThatIsNotFiniteNamesQueryAndItem(double broken)
    {
        var problem = Assert.Throws<ArgumentException>(() => new ImageProtocol().OnDistances(
            [Person(1, 1), Person(8, 1) with { Picture = "query.jpg" }], [Person(1, 2), Person(2, 2) with { Picture = "item.jpg" }], [[0, 1], [0.5, broken]]));
        Assert.Contains("query 1 (identity 8, picture query.jpg)", problem.Message, StringComparison.Ordinal);
        Assert.Contains("gallery item 1 (identity 2, picture item.jpg)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfSeveralBrokenQueriesTheFirstIsNamedWhateverTheThreads()
    {
        double[][] distances = [.. Enumerable.Range(0, 40).Select(q => (double[])[q >= 11 ? double.NaN : 0.5])];
        Sighting[] queries = [.. Enumerable.Range(0, 40).Select(_ => Person(1, 1))];
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var problem = Assert.Throws<ArgumentException>(() =>
                new ImageProtocol().OnDistances(queries, [Person(1, 2)], distances, new EvaluationOptions { BlockSize = 2, Threads = 8 }));
            Assert.Contains("query 11 ", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnEmbeddingThatIsNotFiniteIsNamed()
    {
        var problem = Assert.Throws<ArgumentException>(() => new LabelledEmbeddings([Person(1, 1), Person(2, 1)], [1, 0, float.NaN, 1], 2));
        Assert.Contains("embedding 1 (identity 2): dimension 0 is NaN", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingToAskAndNobodyToFindAreErrors()
    {
        var nobody = new LabelledEmbeddings([], [], 2);
        var somebody = new LabelledEmbeddings([Person(1, 1)], [1, 0], 2);
        Assert.Contains("0 queries and 1 gallery items", Assert.Throws<ArgumentException>(() => new ImageProtocol().Evaluate(nobody, somebody)).Message, StringComparison.Ordinal);
        Assert.Contains("1 queries and 0 gallery items", Assert.Throws<ArgumentException>(() => new ImageProtocol().Evaluate(somebody, nobody)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void QueriesThatAllLackAMatchAreAnErrorUnderBothRules()
    {
        foreach (var rule in new[] { NoMatchRule.Skip, NoMatchRule.Zero })
        {
            var problem = Assert.Throws<ArgumentException>(() =>
                new ImageProtocol().OnDistances([Person(1, 1)], [Person(1, 1), Person(2, 1)], [[0, 1]], new EvaluationOptions { NoMatch = rule }));
            Assert.Contains("none of 1 queries", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RanksBeyondTheGalleryStayWhatTheyWere()
    {
        var result = new ImageProtocol().OnDistances([Person(1, 1)], [Person(2, 2), Person(1, 2)], [[0, 1]]);
        Assert.Equal(50, result.Cmc.Count);
        Assert.Equal([0, 1, 1], result.Cmc.Take(3));
        Assert.Equal(1, result.RankAt(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => result.RankAt(0));
    }

    [Fact]
    public void AZeroVectorIsCountedAndAsFarFromEverybody()
    {
        var queries = new LabelledEmbeddings([Person(1, 1), Person(2, 1)], [0, 0, 1, 0], 2);
        var gallery = new LabelledEmbeddings([Person(2, 2), Person(1, 2), Person(1, 3)], [1, 0, 0, 1, 0, 0], 2);
        var result = new ImageProtocol().Evaluate(queries, gallery);
        Assert.Equal(1, result.ZeroQueries);
        Assert.Equal(1, result.ZeroGalleryItems);
        Assert.Equal(2, result.PerQuery[0].Figures.FirstRank);
        Assert.True(result.PerQuery[0].Tied);
        Assert.Equal(1, result.PerQuery[1].Figures.FirstRank);
    }

    [Fact]
    public void AnUnknownCameraIsSparedByTheSameCameraRule()
    {
        var result = new ImageProtocol().OnDistances([new Sighting("1", null)], [new Sighting("1", null), Person(1, 1)], [[0, 1]]);
        Assert.Equal(2, result.PerQuery[0].Positives);
    }

    [Fact]
    public void EmbeddingsOfTwoEncodersAreNotCompared()
    {
        var queries = new LabelledEmbeddings([Person(1, 1)], [1, 0], 2, "aaaa");
        var gallery = new LabelledEmbeddings([Person(1, 2)], [1, 0], 2, "bbbb");
        var problem = Assert.Throws<ArgumentException>(() => new ImageProtocol().Evaluate(queries, gallery));
        Assert.Contains("encoder aaaa", problem.Message, StringComparison.Ordinal);
        Assert.Contains("encoder bbbb", problem.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ImageProtocol().Evaluate(queries, new LabelledEmbeddings([Person(1, 2)], [1, 0, 0], 3)));
    }

    [Fact]
    public void AMatrixOfAnotherSizeIsRefused()
    {
        Assert.Throws<ArgumentException>(() => ScoreMatrix.OfDistances<float>(new float[5], 2, 3));
        Assert.Throws<ArgumentException>(() =>
            new ImageProtocol().Evaluate([Person(1, 1)], [Person(1, 2)], ScoreMatrix.OfDistances<float>(new float[6], 2, 3)));
    }

    [Fact]
    public void RowsOfDifferentLengthsAreRefused() =>
        Assert.Contains("embedding 1 has 3", Assert.Throws<ArgumentException>(() => LabelledEmbeddings.From([Person(1, 1), Person(1, 2)], [[1, 2], [1, 2, 3]])).Message, StringComparison.Ordinal);

    [Fact]
    public void TheRankedListIsTheOneThatTheFiguresCameFrom()
    {
        var queries = People(12, 9, 4, seed: 3, "q");
        var gallery = People(50, 9, 4, seed: 4, "g");
        var result = new ImageProtocol().Evaluate(queries, gallery);
        for (var q = 0; q < queries.Count; q++)
        {
            var list = new ImageProtocol().RankedList(queries, gallery, q, 50);
            Assert.Equal(result.PerQuery[q].Admissible, list.Count);
            Assert.Equal(result.PerQuery[q].Figures.FirstRank, list.First(item => item.IsMatch).Rank);
            Assert.Equal(list.OrderBy(item => item.Distance).ThenBy(item => item.GalleryIndex), list);
            Assert.Equal(list.Take(5), new ImageProtocol().RankedList(queries, gallery, q, 5));
        }
    }

    [Fact]
    public void ThatOptionsAreOutOfRangeIsSaid() =>
        Assert.Throws<ArgumentException>(() => new ImageProtocol().OnDistances([Person(1, 1)], [Person(1, 2)], [[0]], new EvaluationOptions { BlockSize = 0 }));

    private sealed class Watched(IDistanceSource<float> inner) : IDistanceSource<float>
    {
        public System.Collections.Concurrent.ConcurrentBag<(int First, int Count)> Asked { get; } = [];

        public int Queries => inner.Queries;

        public int GalleryItems => inner.GalleryItems;

        public string Description => "watched";

        public void Fill(int first, int count, Span<float> distances)
        {
            Assert.Equal(count * GalleryItems, distances.Length);
            Asked.Add((first, count));
            inner.Fill(first, count, distances);
        }
    }

    // One query with at least one match, and distances of eight values so that ties abound.
    private static (Sighting[] Queries, Sighting[] Gallery, double[][] Distances) RandomCase(int seed)
    {
        var random = Randomness.For((ulong)seed, 76);
        var count = random.Next(1, 25);
        var gallery = new Sighting[count];
        var distances = new double[count];
        for (var g = 0; g < count; g++)
        {
            gallery[g] = Person(random.Next(3), random.Next(1, 4));
            distances[g] = random.Next(8) / 8.0;
        }

        gallery[random.Next(count)] = Person(1, 2);
        return ([Person(1, 1)], gallery, [distances]);
    }
}
