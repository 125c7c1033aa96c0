using Semblance.Gallery.Search;

namespace Semblance.Gallery.Tests.Search;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task ReadersNeverSeeHalfAWrite()
    {
        // Every vector that is ever held has equal values throughout, so that a torn one would score between two that are possible.
        const int width = 64, slots = 1500;
        float[] plus = [.. Enumerable.Repeat(1 / 8f, width)];
        float[] minus = [.. Enumerable.Repeat(-1 / 8f, width)];
        var index = new VectorIndex(width, new VectorIndexOptions { Threads = 2 });
        for (var i = 0; i < slots; i++)
        {
            index.Add(i % 2 == 0 ? plus : minus);
        }

        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
        {
            var answers = 0;
            while (!over.IsCancellationRequested || answers == 0)
            {
                var mode = (SearchMode)(reader + 1);
                if (mode == SearchMode.Cells && index.Cells == 0)
                {
                    continue;
                }

                var found = index.Search(plus, 40, new() { Mode = mode, Probes = 99, Rescore = 3000 })[0];
                Assert.All(found, neighbour => Assert.True(neighbour.Score is 1 or -1, $"{mode}: {neighbour}"));

                // The writer only ever turns, takes or adds one at a time: always more than 40 hold plus.
                Assert.Equal(40, found.Count(neighbour => neighbour.Score == 1));
                var scores = new float[1000];
                index.Scores(plus, scores);
                Assert.All(scores, score => Assert.True(score is 1 or -1 or 0));
                answers++;
            }

            return answers;
        })).ToArray();

        for (var step = 0; step < 3000; step++)
        {
            var slot = step % slots;
            if (step == 500 || step == 2000)
            {
                index.BuildCells(new() { Cells = 5, Rounds = 2 });
            }

            if (!index.Holds(slot))
            {
                index.Add(minus);
            }
            else if (step % 7 == 0 && slot % 2 == 1)
            {
                index.Remove(slot);
            }
            else
            {
                index.Replace(slot, step % 3 == 0 ? minus : plus);
            }
        }

        await over.CancelAsync();
        Assert.All(await Task.WhenAll(readers), answers => Assert.True(answers > 0));
    }

    [Fact]
    public async Task SearchesAndChangesGoOnWhileCellsAreBuilt()
    {
        const int width = 32;
        var index = Vectors.Index(Vectors.Groups(200, 20, width, 1), width);
        var query = Vectors.Unit(width, 4, 1);
        var building = Task.Run(() => index.BuildCells(new() { Cells = 100, Rounds = 6 }));
        var changes = 0;
        do
        {
            index.Add(Vectors.Unit(width, 5, changes++));
            Assert.Equal(3, index.Search(query, 3)[0].Count);
        }
        while (!building.IsCompleted);
        await building;
        Assert.Equal(4000 + changes, index.Count);
        Assert.Equal(4000 + changes, index.Search(query, index.Count, new() { Mode = SearchMode.Cells, Probes = 100 })[0].Count);
    }
}
