using Semblance.Core;
using Semblance.Gallery.Search;

namespace Semblance.Gallery.Tests.Search;

public sealed class VectorIndexTests
{
    private static readonly SearchOptions Exact = new() { Mode = SearchMode.Exact };
    private static readonly SearchOptions Quantized = new() { Mode = SearchMode.Quantized };

    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 70), 128, 256, 512, 768];

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryWidthIsAnsweredAsByThePlainLoop(int width)
    {
        var rows = Vectors.Units(100, width, 1);
        var queries = Vectors.Units(4, width, 2);
        foreach (var kernels in Vectors.Paths)
        {
            var index = Vectors.Index(rows, width, kernels);
            AssertPlain(Vectors.Twin(rows, width), index, queries, 7, Exact);
            AssertPlain(Vectors.Twin(rows, width), index, queries, 7, Quantized);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(3000)]
    public void EveryCountIsAnsweredAsByThePlainLoop(int count)
    {
        const int width = 20;
        var rows = Vectors.Units(count, width, 1);
        var queries = Vectors.Units(5, width, 2);
        foreach (var kernels in Vectors.Paths)
        {
            var index = Vectors.Index(rows, width, kernels);
            Assert.Equal((count, count), (index.Count, index.Slots));
            foreach (var top in new[] { 0, 1, 10, count, count + 1 })
            {
                AssertPlain(Vectors.Twin(rows, width), index, queries, top, Exact);
                AssertPlain(Vectors.Twin(rows, width), index, queries, top, new());
                AssertPlain(Vectors.Twin(rows, width), index, queries, top, Quantized with { Rescore = 400 });
            }
        }
    }

    [Fact]
    public void ManyQueriesAtOnceGetWhatEachGetsAlone()
    {
        const int width = 33;
        var index = Vectors.Index(Vectors.Units(2500, width, 1), width);
        var queries = Vectors.Units(301, width, 2);
        foreach (var options in new[] { Exact, Quantized })
        {
            var together = index.Search(queries, 5, options);
            Assert.Equal(301, together.Length);
            for (var q = 0; q < together.Length; q++)
            {
                Assert.Equal(index.Search(queries.AsSpan(q * width, width), 5, options)[0], together[q]);
            }
        }

        Assert.Empty(index.Search([], 5));
    }

    [Fact]
    public void TheNumberOfThreadsLeavesNoTrace()
    {
        const int width = 40;
        var rows = Vectors.Units(9000, width, 1);
        var queries = Vectors.Units(9, width, 2);
        foreach (var options in new[] { Exact, Quantized with { Rescore = 20 } })
        {
            var one = Vectors.Index(rows, width, threads: 1).Search(queries, 5, options);
            foreach (var threads in new[] { 2, 3, 8 })
            {
                Assert.Equal(one, Vectors.Index(rows, width, threads: threads).Search(queries, 5, options));
            }
        }
    }

    [Fact]
    public void AllModesScoreWithTheSameBits()
    {
        const int width = 100;
        var index = Vectors.Index(Vectors.Groups(300, 20, width, 1), width);
        index.BuildCells();
        var queries = Vectors.Groups(300, 1, width, 1, shot: 1);
        var exact = index.Search(queries, 10, Exact);
        Assert.Equal(exact, index.Search(queries, 10, Quantized));
        Assert.Equal(exact, index.Search(queries, 10, new() { Mode = SearchMode.Cells, Probes = index.Cells }));
        var scores = new float[300 * index.Slots];
        index.Scores(queries, scores);
        Assert.All(exact.Select((found, q) => (found, q)), answer => Assert.All(answer.found, n => Assert.Equal(scores[(answer.q * index.Slots) + n.Slot], n.Score)));
    }

    [Fact]
    public void EqualScoresGoBySlot()
    {
        foreach (var kernels in Vectors.Paths)
        {
            var index = new VectorIndex(3, new VectorIndexOptions { Kernels = kernels });
            for (var i = 0; i < 3000; i++)
            {
                index.Add(i % 3 == 2 ? [1, 0, 0] : [0, 1, 0]);
            }

            foreach (var options in new[] { Exact, Quantized, new() })
            {
                Assert.Equal([2, 5, 8, 11], index.Search([1, 0, 0], 4, options)[0].Select(n => n.Slot));
                Assert.Equal([0, 1, 3], index.Search([1, 0, 0], 1003, options)[0].Skip(1000).Select(n => n.Slot));
                Assert.Equal([0, 1, 2, 3], index.Search([0, 0, 1], 4, options)[0].Select(n => n.Slot));
            }
        }
    }

    [Fact]
    public void FiltersComeBeforeTheRanking()
    {
        const int width = 24;
        var rows = Vectors.Units(5000, width, 1);
        var queries = Vectors.Units(4, width, 2);
        var twin = Vectors.Twin(rows, width);
        var index = Vectors.Index(rows, width);
        index.BuildCells(new() { Cells = 40 });
        foreach (var every in new[] { 1, 2, 8, 50, 700, 5000, 6000 })
        {
            var admitted = new SlotMask(index.Slots);
            for (var slot = every - 1; slot < index.Slots; slot += every)
            {
                admitted[slot] = true;
            }

            var allowed = twin.Where(pair => admitted[pair.Key]).ToDictionary();
            Assert.Equal(allowed.Count, admitted.Count);
            foreach (var mode in Enum.GetValues<SearchMode>())
            {
                AssertPlain(allowed, index, queries, 10, new() { Mode = mode, Admitted = admitted, Rescore = 500, Probes = mode == SearchMode.Cells ? 40 : null });
            }
        }

        // A mask that is shorter than the index admits none of the rest.
        var few = new SlotMask(3) { [1] = true };
        Assert.Equal([1], index.Search(queries.AsSpan(0, width), 10, new() { Admitted = few })[0].Select(n => n.Slot));
        Assert.Empty(index.Search(queries.AsSpan(0, width), 10, new() { Admitted = new SlotMask(0) })[0]);
    }

    [Fact]
    public void AFilterWidensTheSearchInCells()
    {
        const int width = 32;
        var rows = Vectors.Groups(400, 25, width, 1);
        var index = Vectors.Index(rows, width);
        index.BuildCells(new() { Cells = 200 });
        var admitted = new SlotMask(index.Slots);
        for (var slot = 0; slot < index.Slots; slot += 101)
        {
            admitted[slot] = true;
        }

        var queries = Vectors.Groups(100, 1, width, 1, shot: 1);
        var exact = index.Search(queries, 10, Exact with { Admitted = admitted });
        var cells = index.Search(queries, 10, new() { Mode = SearchMode.Cells, Admitted = admitted });
        Assert.All(cells, found => Assert.Equal(10, found.Count));
        Assert.True(Recall(exact, cells) >= 0.9, $"{Recall(exact, cells)}");
    }

    [Fact]
    public void ScoresAreThoseOfAllSlotsAndZeroForEmptyOnes()
    {
        const int width = 19;
        foreach (var kernels in Vectors.Paths)
        {
            foreach (var count in new[] { 1, 8, 1030, 2100 })
            {
                var rows = Vectors.Units(count, width, 1);
                var index = Vectors.Index(rows, width, kernels);
                index.Remove(count / 2);
                var queries = Vectors.Units(7, width, 2);
                var scores = new float[7 * count];
                index.Scores(queries, scores);
                for (var i = 0; i < scores.Length; i++)
                {
                    var slot = i % count;
                    Assert.Equal(slot == count / 2 ? 0 : Vectors.Dot(queries.AsSpan(i / count * width, width), rows.AsSpan(slot * width, width)), scores[i], 1e-6);
                }

                var fewer = new float[7 * (count - 1)];
                index.Scores(queries, fewer);
                Assert.Equal(scores[(6 * count)..^1], fewer[(6 * (count - 1))..]);
            }
        }
    }

    [Fact]
    public void RandomChangesLeaveWhatADictionaryHolds()
    {
        const int width = 21;
        for (var seed = 0UL; seed < 12; seed++)
        {
            var random = Randomness.For(seed, 77);
            var twin = new Dictionary<int, float[]>();
            var index = new VectorIndex(width, new VectorIndexOptions { Kernels = Vectors.Paths[(int)(seed % (ulong)Vectors.Paths.Count)] });
            var given = 0;
            for (var step = 0; step < 1500; step++)
            {
                var vector = Vectors.Unit(width, 5, random.Next(400));
                var slot = random.Next(given + 1);
                switch (random.Next(10))
                {
                    case < 5:
                        Assert.Equal(given++, index.Add(vector));
                        twin[given - 1] = vector;
                        break;
                    case < 7 when twin.ContainsKey(slot):
                        index.Replace(slot, vector);
                        twin[slot] = vector;
                        break;
                    case < 9 when twin.ContainsKey(slot):
                        index.Remove(slot);
                        twin.Remove(slot);
                        break;
                    case 9 when step % 50 == 0 && twin.Count > 0:
                        index.BuildCells(new() { Cells = random.Next(1, 12), Rounds = 2, Seed = seed });
                        break;
                    default:
                        Assert.Equal(twin.ContainsKey(slot), index.Holds(slot));
                        break;
                }

                if (step % 97 == 0)
                {
                    AssertSame(twin, index, given, $"seed {seed}, step {step}");
                }
            }

            AssertSame(twin, index, given, $"seed {seed}");
        }
    }

    [Fact]
    public void WhatWasRemovedIsGoneFromMemory()
    {
        var index = new VectorIndex(4);
        index.Add([1, 0, 0, 0]);
        var slot = index.Add([0, 1, 0, 0]);
        index.Remove(slot);
        var scores = new float[2];
        index.Scores([0, 1, 0, 0], scores);
        Assert.Equal([0, 0], scores);
        Assert.False(index.Holds(slot));
        Assert.Equal((1, 2), (index.Count, index.Slots));
        Assert.Throws<ArgumentException>(() => index.CopyTo(slot, new float[4]));
        Assert.Throws<ArgumentException>(() => index.Remove(slot));
        Assert.Throws<ArgumentException>(() => index.Replace(slot, [0, 1, 0, 0]));
        Assert.Equal(2, index.Add([0, 1, 0, 0]));
    }

    [Fact]
    public void ErrorsSayWhatWasExpected()
    {
        var index = new VectorIndex(2);
        Assert.Contains("3 dimensions, but the index has 2", Assert.Throws<ArgumentException>(() => index.Add([1, 0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("length 2", Assert.Throws<ArgumentException>(() => index.Add([2, 0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Add([float.NaN, 0]));
        Assert.Throws<ArgumentException>(() => index.Add([float.PositiveInfinity, 0]));
        Assert.Contains("slot -1 holds no vector", Assert.Throws<ArgumentException>(() => index.Remove(-1)).Message, StringComparison.Ordinal);
        Assert.Equal(0, index.Add([0, 0]));
        Assert.Equal(0, Assert.Single(index.Search([1, 0], 3)[0]).Score);
        Assert.Throws<ArgumentException>(() => index.Search([1, 0, 0], 1));
        Assert.Contains("dimension 1", Assert.Throws<ArgumentException>(() => index.Search([1, float.NaN], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 0], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 0], 1, new() { Rescore = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 0], 1, new() { Probes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search([1, 0], 1, new() { Mode = (SearchMode)9 }));
        Assert.Contains("BuildCells", Assert.Throws<InvalidOperationException>(() => index.Search([1, 0], 1, new() { Mode = SearchMode.Cells })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Scores([1, 0], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorIndex(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorIndex(VectorIndex.MaximumWidth + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VectorIndex(2, new VectorIndexOptions { Threads = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlotMask(3)[3] = true);
    }

    [Fact]
    public void EightBitsFindTheTenNearestOfClusteredVectors()
    {
        const int width = 128;
        foreach (var kernels in ScanKernels.All)
        {
            var index = Vectors.Index(Vectors.Groups(250, 40, width, 1), width, kernels);
            var queries = Vectors.Groups(250, 1, width, 1, shot: 1);
            Assert.True(Recall(index.Search(queries, 10, Exact), index.Search(queries, 10, Quantized)) >= 0.9999);
        }
    }

    [Fact]
    public void OneLargeValueInAVectorDoesNotSpoilTheOthers()
    {
        // With one scale for all, the outliers would leave the rest with a few steps each.
        const int width = 256;
        var rows = Vectors.Groups(40, 25, width, 1);
        for (var i = 0; i < 20; i++)
        {
            rows.AsSpan(i * 25 * width, width).Clear();
            rows[(i * 25 * width) + i] = 1;
        }

        var index = Vectors.Index(rows, width);
        var queries = Vectors.Groups(40, 1, width, 1, shot: 1);
        Assert.True(Recall(index.Search(queries, 10, Exact), index.Search(queries, 10, Quantized)) >= 0.9999);
        Assert.Equal(75, index.Search(rows.AsSpan(75 * width, width), 1, Quantized)[0][0].Slot);
    }

    [Fact]
    public void TheDefaultsArePinned()
    {
        Assert.Equal(new SearchOptions { Mode = SearchMode.Auto, Admitted = null, Probes = null, Rescore = 100 }, new SearchOptions());
        Assert.Equal(new CellOptions { Cells = null, SamplePerCell = 32, Rounds = 8, Recall = 0.999, Seed = 1 }, new CellOptions());
        Assert.Equal(Environment.ProcessorCount, new VectorIndexOptions().Threads);
    }

    internal static double Recall(IReadOnlyList<Neighbour>[] exact, IReadOnlyList<Neighbour>[] found) =>
        exact.Zip(found, (e, f) => e.Count == 0 ? 1 : e.Select(n => n.Slot).Intersect(f.Select(n => n.Slot)).Count() / (double)e.Count).Average();

    private static void AssertPlain(IReadOnlyDictionary<int, float[]> twin, VectorIndex index, float[] queries, int top, SearchOptions options)
    {
        var found = index.Search(queries, top, options);
        for (var q = 0; q < found.Length; q++)
        {
            Vectors.AssertPlain(twin, queries.AsSpan(q * index.Width, index.Width), top, found[q]);
        }
    }

    private static void AssertSame(Dictionary<int, float[]> twin, VectorIndex index, int given, string where)
    {
        Assert.True((twin.Count, given) == (index.Count, index.Slots), where);
        var vector = new float[index.Width];
        for (var slot = -1; slot <= given; slot++)
        {
            Assert.True(twin.ContainsKey(slot) == index.Holds(slot), where);
            if (twin.TryGetValue(slot, out var expected))
            {
                index.CopyTo(slot, vector);
                Assert.Equal(expected, vector);
            }
        }

        var queries = Vectors.Units(2, index.Width, 6);
        AssertPlain(twin, index, queries, 9, Exact);
        AssertPlain(twin, index, queries, 9, Quantized with { Rescore = 300 });
        if (index.Cells > 0)
        {
            AssertPlain(twin, index, queries, 9, new() { Mode = SearchMode.Cells, Probes = 100, Rescore = 300 });
        }
    }
}
