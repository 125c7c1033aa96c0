using Semblance.Gallery.Search;

namespace Semblance.Gallery.Tests.Search;

public sealed class CellTests
{
    private const int Width = 48;

    [Fact]
    public void TheDefaultProbesReachTheRecallThatWasAskedFor()
    {
        var index = Vectors.Index(Vectors.Groups(500, 20, Width, 1), Width);
        index.BuildCells();
        Assert.Equal(400, index.Cells);
        Assert.InRange(index.Probes, 1, 60);
        var queries = Vectors.Groups(500, 1, Width, 1, shot: 1);
        Assert.True(index.MeasureRecall(queries, 10) >= 0.99, $"{index.MeasureRecall(queries, 10)}");
        Assert.Equal(1, index.MeasureRecall(queries, 10, index.Cells));
        Assert.True(index.MeasureRecall(queries, 10, 1) <= index.MeasureRecall(queries, 10, 4));
    }

    [Fact]
    public void CellsAreTheSameForAnyNumberOfThreads()
    {
        var rows = Vectors.Groups(200, 15, Width, 1);
        var queries = Vectors.Groups(50, 1, Width, 1, shot: 1);
        var options = new SearchOptions { Mode = SearchMode.Cells, Probes = 2 };
        IReadOnlyList<Neighbour>[]? one = null;
        foreach (var threads in new[] { 1, 2, 5 })
        {
            var index = Vectors.Index(rows, Width, threads: threads);
            index.BuildCells(new() { Cells = 60, Seed = 9 });
            one ??= index.Search(queries, 10, options);
            Assert.Equal(one, index.Search(queries, 10, options));
        }
    }

    [Fact]
    public void ManyRemovalsAndReplacementsLeaveTheCellsRight()
    {
        var rows = Vectors.Groups(300, 20, Width, 1);
        var twin = Vectors.Twin(rows, Width);
        var index = Vectors.Index(rows, Width);
        index.BuildCells(new() { Cells = 100 });
        for (var slot = 0; slot < 6000; slot++)
        {
            if (slot % 10 < 7)
            {
                index.Remove(slot);
                twin.Remove(slot);
            }
            else if (slot % 10 == 7)
            {
                twin[slot] = Vectors.Unit(Width, 8, slot);
                index.Replace(slot, twin[slot]);
            }
        }

        for (var i = 0; i < 500; i++)
        {
            var vector = Vectors.Unit(Width, 9, i);
            twin[index.Add(vector)] = vector;
        }

        var queries = Vectors.Groups(60, 1, Width, 1, shot: 1);
        var all = index.Search(queries, 10, new() { Mode = SearchMode.Cells, Probes = 100, Rescore = 200 });
        for (var q = 0; q < all.Length; q++)
        {
            Vectors.AssertPlain(twin, queries.AsSpan(q * Width, Width), 10, all[q]);
        }

        // What was added or replaced is found in the cell it went to.
        foreach (var (slot, vector) in twin.Where(pair => pair.Key is >= 6000 or < 100))
        {
            Assert.Equal(slot, index.Search(vector, 1, new() { Mode = SearchMode.Cells, Probes = 3 })[0][0].Slot);
        }
    }

    [Fact]
    public void EverythingCanBeRemovedFromCellsAndBeAddedAgain()
    {
        var index = Vectors.Index(Vectors.Units(50, 4, 1), 4);
        index.BuildCells();
        for (var slot = 0; slot < 50; slot++)
        {
            index.Remove(slot);
        }

        Assert.Empty(index.Search([1, 0, 0, 0], 5, new() { Mode = SearchMode.Cells })[0]);
        Assert.Equal(1, index.MeasureRecall([1, 0, 0, 0], 5));
        Assert.Equal(50, index.Add([0, 1, 0, 0]));
        Assert.Equal([50], index.Search([1, 0, 0, 0], 5, new() { Mode = SearchMode.Cells, Probes = 99 })[0].Select(n => n.Slot));
    }

    [Fact]
    public void EqualVectorsAndMoreCellsThanVectorsAreNoTrouble()
    {
        var index = new VectorIndex(2);
        for (var i = 0; i < 30; i++)
        {
            index.Add([1, 0]);
        }

        index.BuildCells(new() { Cells = 1000 });
        Assert.Equal(30, index.Cells);
        Assert.Equal([0, 1, 2], index.Search([1, 0], 3, new() { Mode = SearchMode.Cells, Probes = 30 })[0].Select(n => n.Slot));
    }

    [Fact]
    public void ChangesDuringTheBuildAreInTheCells()
    {
        var rows = Vectors.Groups(150, 20, Width, 1);
        var twin = Vectors.Twin(rows, Width);
        var index = Vectors.Index(rows, Width);
        var reports = new List<double>();
        index.BuildCells(new() { Cells = 50 }, new Told(share =>
        {
            // Runs inside the build, between its steps.
            reports.Add(share);
            if (share >= 1)
            {
                return;
            }

            var slot = reports.Count;
            index.Remove(slot);
            twin.Remove(slot);
            twin[slot + 1000] = Vectors.Unit(Width, 7, slot);
            index.Replace(slot + 1000, twin[slot + 1000]);
            var added = Vectors.Unit(Width, 6, slot);
            twin[index.Add(added)] = added;
        }));
        Assert.Equal(reports.Order(), reports);
        Assert.Equal((0, 1), (reports[0], reports[^1]));
        Assert.True(reports.Count > 4);
        var queries = Vectors.Units(20, Width, 6);
        var found = index.Search(queries, 10, new() { Mode = SearchMode.Cells, Probes = 50, Rescore = 300 });
        for (var q = 0; q < found.Length; q++)
        {
            Vectors.AssertPlain(twin, queries.AsSpan(q * Width, Width), 10, found[q]);
        }
    }

    [Fact]
    public void ABuildThatIsEndedLeavesTheIndexAsItWas()
    {
        var index = Vectors.Index(Vectors.Units(500, 8, 1), 8);
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => index.BuildCells(progress: new Told(_ => source.Cancel()), cancellation: source.Token));
        Assert.Equal((0, 0), (index.Cells, index.Probes));
        index.BuildCells();
        Assert.True(index.Cells > 0);
        Assert.Throws<InvalidOperationException>(() => index.BuildCells(progress: new Told(_ => index.BuildCells())));
        Assert.Throws<InvalidOperationException>(() => new VectorIndex(2).BuildCells());
        Assert.Throws<ArgumentOutOfRangeException>(() => index.BuildCells(new() { Cells = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.BuildCells(new() { SamplePerCell = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.BuildCells(new() { Rounds = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.BuildCells(new() { Recall = 1.1 }));
    }

    private sealed class Told(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
