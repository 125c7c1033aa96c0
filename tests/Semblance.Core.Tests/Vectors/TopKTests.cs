using Semblance.Core.Vectors;

namespace Semblance.Core.Tests.Vectors;

public sealed class TopKTests
{
    [Fact]
    public void KeepsWhatSortingKeepsWhateverTheOrderOfAdding()
    {
        for (var seed = 0UL; seed < 500; seed++)
        {
            var random = Randomness.For(seed, 5);
            (float Score, int Index)[] items = [.. Enumerable.Range(0, random.Next(0, 40)).Select(i => ((float)random.Next(6), i))];
            var capacity = random.Next(0, 12);
            var expected = items.OrderByDescending(item => item.Score).ThenBy(item => item.Index).Take(capacity).ToArray();
            random.Shuffle<(float Score, int Index)>(items);
            var half = items.Length / 2;
            var first = new TopK<float>(capacity);
            var second = new TopK<float>(capacity);
            for (var i = 0; i < items.Length; i++)
            {
                (i < half ? first : second).Add(items[i].Score, items[i].Index);
            }

            first.Add(second);
            Assert.Equal(expected, first.Sorted());
        }
    }

    [Fact]
    public void TheThresholdIsTheWorstScoreOnceFull()
    {
        var best = new TopK<double>(2);
        Assert.Equal(double.NegativeInfinity, best.Threshold);
        best.Add(1, 0);
        best.Add(3, 1);
        Assert.Equal(1, best.Threshold);
        best.Add(2, 2);
        Assert.Equal(2, best.Threshold);
        Assert.Throws<ArgumentException>(() => best.Add(double.NaN, 3));
    }
}
