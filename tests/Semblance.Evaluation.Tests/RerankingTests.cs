using Semblance.Evaluation.Distances;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Reranking;

namespace Semblance.Evaluation.Tests;

/// <summary>k-reciprocal re-ranking against its dense twin, and against the worked example of the protocols.</summary>
public class RerankingTests
{
    /// <summary>The query at the origin, then the gallery.</summary>
    private static readonly (double X, double Y)[] Points = [(0, 0), (6, 5), (-4, 0), (8, 4), (-7, -5), (-4, 9), (5, 2), (-1, -9)];

    [Theory]
    [InlineData(2, new[] { 0.455048057, 0.049484536, 0.513810944, 0.446320746, 0.420884345, 0.324721631, 0.469253118 })]
    [InlineData(1, new[] { 0.411696431, 0.204893364, 0.508867306, 0.605305160, 0.522552205, 0.286056579, 0.448351991 })]
    public void TheWorkedExampleComesOut(int k2, double[] expected)
    {
        var squared = Squared(Points);
        var options = new RerankingOptions { K1 = 6, K2 = k2 };

        Close(expected, Row(KReciprocal.Rerank<double>(Flat(squared), 1, options), 0), 1e-8);
        Close(expected, Row(DenseKReciprocal.Rerank(squared, 1, options), 0), 1e-8);
    }

    [Theory]
    [InlineData(20, 6, 0.3)]
    [InlineData(20, 1, 0.3)]
    [InlineData(7, 3, 0.5)]
    [InlineData(3, 9, 0)]
    [InlineData(1, 1, 0.3)]
    [InlineData(500, 6, 0.3)]
    public void SparseIsDense(int k1, int k2, double lambda)
    {
        var (queries, gallery) = (Matrices.People(23, 32, 12, 1, "q"), Matrices.People(140, 32, 12, 2, "g"));
        var options = new RerankingOptions { K1 = k1, K2 = k2, Lambda = lambda };
        var dense = DenseKReciprocal.Rerank(Squared(queries, gallery), queries.Count, options);

        var single = KReciprocal.Rerank(queries, gallery, options);
        var exact = KReciprocal.RerankExact(queries, gallery, options);
        for (var q = 0; q < queries.Count; q++)
        {
            Close(Row(dense, q), Row(exact, q), 1e-12);
            Close(Row(dense, q), Row(single, q), 1e-6);
        }
    }

    [Fact]
    public void DoublesAndZeroVectorsAreRankedByTheirIndex()
    {
        var (queries, gallery) = (Twice(Matrices.People(9, 16, 4, 1, "q")), Twice(Matrices.People(41, 16, 4, 2, "g")));
        var dense = DenseKReciprocal.Rerank(Squared(queries, gallery), queries.Count);
        var exact = KReciprocal.RerankExact(queries, gallery);
        for (var q = 0; q < queries.Count; q++)
        {
            Close(Row(dense, q), Row(exact, q), 1e-12);
        }

        // Each double comes right behind its twin in the order of the gallery, at the same distance to the bit.
        for (var g = 0; g < gallery.Count / 2; g++)
        {
            Assert.Equal(Row(exact, 0)[2 * g], Row(exact, 0)[(2 * g) + 1], 1e-12);
        }
    }

    [Fact]
    public void HalfTheProductsGiveTheSameBitsAsAllRows()
    {
        // More items than a tile has, so that tiles beside the diagonal take part.
        var (queries, gallery) = (Matrices.People(100, 8, 60, 1, "q"), Matrices.People(1700, 8, 60, 2, "g"));
        var joint = new JointEmbeddings(queries, gallery, [.. Enumerable.Range(0, gallery.Count)]);
        var rows = NeighbourLists<float>.ByRows(joint, 21, 2);
        foreach (var threads in new[] { 1, 2, 5 })
        {
            var tiled = TiledNeighbours.Of(joint, 21, threads);
            Assert.Equal(rows.Furthest, tiled.Furthest);
            for (var i = 0; i < joint.Count; i++)
            {
                Assert.Equal(rows.Of(i, 21), tiled.Of(i, 21));
            }
        }
    }

    [Fact]
    public void ThreadsAndBlocksLeaveNoTrace()
    {
        var (queries, gallery) = (Matrices.People(31, 24, 8, 1, "q"), Matrices.People(90, 24, 8, 2, "g"));
        var once = KReciprocal.Rerank(queries, gallery, new RerankingOptions { Threads = 1 });
        var again = KReciprocal.Rerank(queries, gallery, new RerankingOptions { Threads = 8 });
        var whole = new float[queries.Count * gallery.Count];
        once.Fill(0, queries.Count, whole);
        for (var q = 0; q < queries.Count; q++)
        {
            Assert.Equal(whole[(q * gallery.Count)..((q + 1) * gallery.Count)], Row(again, q));
        }
    }

    [Fact]
    public void LambdaOfOneKeepsTheOrder()
    {
        var (queries, gallery) = (Matrices.People(10, 24, 8, 1, "q"), Matrices.People(90, 24, 8, 2, "g"));
        var protocol = new ImageProtocol();
        var reranked = protocol.Evaluate(queries.Items, gallery.Items, KReciprocal.RerankExact(queries, gallery, new RerankingOptions { Lambda = 1 }));
        var plain = protocol.Evaluate(queries, gallery, new EvaluationOptions { Exact = true });
        Assert.Equal(plain.PerQuery.Select(query => query.Figures), reranked.PerQuery.Select(query => query.Figures));
    }

    [Fact]
    public void ReRankingHelpsWherePeopleFormClusters()
    {
        var (queries, gallery) = (Matrices.People(60, 48, 15, 1, "q"), Matrices.People(300, 48, 15, 2, "g"));
        var protocol = new ImageProtocol();
        var before = protocol.Evaluate(queries, gallery).MeanAveragePrecision;
        var after = protocol.Evaluate(queries.Items, gallery.Items, KReciprocal.Rerank(queries, gallery)).MeanAveragePrecision;
        Assert.True(after > before + 0.02, $"mAP {before} before, {after} after");
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(20, 6)]
    public void IsolatedQueriesDoNotSeeEachOther(int k1, int k2)
    {
        var (queries, gallery) = (Matrices.People(7, 16, 5, 1, "q"), Twice(Matrices.People(35, 16, 5, 2, "g")));
        var options = new RerankingOptions { K1 = k1, K2 = k2, QueriesIsolated = true };
        var exact = KReciprocal.RerankExact(queries, gallery, options);
        var single = KReciprocal.Rerank(queries, gallery, options);
        for (var q = 0; q < queries.Count; q++)
        {
            var alone = DenseKReciprocal.Rerank(Squared(Only(queries, q), gallery), 1, options);
            Close(Row(alone, 0), Row(exact, q), 1e-12);
            Close(Row(alone, 0), Row(single, q), 1e-6);
        }
    }

    [Fact]
    public void JunkIsNobodysNeighbourUnlessAsked()
    {
        var (queries, people) = (Matrices.People(8, 16, 5, 1, "q"), Matrices.People(60, 16, 5, 2, "g"));
        var gallery = new LabelledEmbeddings([.. people.Items.Select((item, i) => i % 3 == 0 ? item with { Role = GalleryRole.Junk } : item)], people.Rows, people.Width);
        int[] kept = [.. Enumerable.Range(0, gallery.Count).Where(i => i % 3 != 0)];
        var without = LabelledEmbeddings.From([.. kept.Select(i => gallery.Items[i])], [.. kept.Select(i => gallery.Rows.Slice(i * gallery.Width, gallery.Width).ToArray())]);

        var row = Row(KReciprocal.RerankExact(queries, gallery), 2);
        Close(Row(KReciprocal.RerankExact(queries, without), 2), [.. kept.Select(i => row[i])], 1e-12);
        var asked = DenseKReciprocal.Rerank(Squared(queries, gallery), queries.Count);
        Close(Row(asked, 2), Row(KReciprocal.RerankExact(queries, gallery, new RerankingOptions { JunkTakesPart = true }), 2), 1e-12);
    }

    [Fact]
    public void WrongInputIsNamed()
    {
        var people = Matrices.People(6, 8, 3, 1, "q");
        Assert.Contains("λ 1.5", Assert.Throws<ArgumentException>(() => KReciprocal.Rerank(people, people, new RerankingOptions { Lambda = 1.5 })).Message, StringComparison.Ordinal);
        Assert.Contains("8 dimensions", Assert.Throws<ArgumentException>(() => KReciprocal.Rerank(people, Matrices.People(6, 9, 3, 1, "g"))).Message, StringComparison.Ordinal);
        Assert.Contains("12 distances", Assert.Throws<ArgumentException>(() => KReciprocal.Rerank<float>(new float[12], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("items 0 and 1 is -1", Assert.Throws<ArgumentException>(() => KReciprocal.Rerank<float>(new[] { 0, -1f, -1f, 0 }, 1)).Message, StringComparison.Ordinal);
    }

    private static void Close<T>(double[] expected, T[] actual, double tolerance)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], double.CreateChecked(actual[i]), tolerance);
        }
    }

    private static double[] Row(double[,] matrix, int row) => [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private static T[] Row<T>(IDistanceSource<T> source, int query)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var row = new T[source.GalleryItems];
        source.Fill(query, 1, row);
        return row;
    }

    /// <summary>Every row twice, and a zero vector twice.</summary>
    private static LabelledEmbeddings Twice(LabelledEmbeddings of) => LabelledEmbeddings.From(
        [.. of.Items.Append(new Sighting("nobody")).SelectMany(item => new[] { item, item })],
        [.. Enumerable.Range(0, of.Count).Select(i => of.Rows.Slice(i * of.Width, of.Width).ToArray()).Append(new float[of.Width]).SelectMany(row => new[] { row, row })]);

    private static LabelledEmbeddings Only(LabelledEmbeddings of, int row) => new([of.Items[row]], of.Rows.Slice(row * of.Width, of.Width), of.Width);

    private static double[,] Squared(LabelledEmbeddings queries, LabelledEmbeddings gallery)
    {
        var rows = new[] { queries, gallery }.SelectMany(of => Enumerable.Range(0, of.Count).Select(i => of.Rows.Slice(i * of.Width, of.Width).ToArray())).ToArray();
        return Pairs(rows.Length, (i, j) => 2 - (2 * rows[i].Zip(rows[j], (a, b) => (double)a * b).Aggregate(0.0, (sum, product) => sum + product)));
    }

    private static double[,] Squared((double X, double Y)[] points) => Pairs(points.Length, (i, j) =>
        ((points[i].X - points[j].X) * (points[i].X - points[j].X)) + ((points[i].Y - points[j].Y) * (points[i].Y - points[j].Y)));

    private static double[,] Pairs(int count, Func<int, int, double> distance)
    {
        var all = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                all[i, j] = i == j ? 0 : Math.Max(0, distance(i, j));
            }
        }

        return all;
    }

    private static double[] Flat(double[,] matrix) => [.. matrix.Cast<double>()];
}
