using Semblance.Core;
using Semblance.Core.Vectors;

namespace Semblance.Gallery.Tests;

public sealed class AgglomerativeGroupsTests
{
    [Fact]
    public void PartsWhatWasMadeApart()
    {
        var centres = Enumerable.Range(0, 5).Select(c => Vector(c, null, 1)).ToArray();
        ReadOnlyMemory<float>[] rows = [.. Enumerable.Range(0, 40).Select(i => (ReadOnlyMemory<float>)Vector(100 + i, centres[i % 5], 0.1))];

        var groups = AgglomerativeGroups.Of(rows, 0.6);
        Assert.Equal(5, groups.Count);
        Assert.All(groups, group => Assert.Single(group.Members.Select(member => member % 5).Distinct()));
        Assert.Equal(Enumerable.Range(0, 40), groups.SelectMany(group => group.Members).Order());
        Assert.Equal(40, AgglomerativeGroups.Of(rows, 1.01).Count);
        Assert.Single(AgglomerativeGroups.Of(rows, -1.01));
        Assert.Empty(AgglomerativeGroups.Of([], 0.5));
    }

    [Fact]
    public void JoinsAsThePlainAlgorithmDoes()
    {
        for (var round = 0; round < 20; round++)
        {
            ReadOnlyMemory<float>[] rows = [.. Enumerable.Range(0, 3 + round).Select(i => (ReadOnlyMemory<float>)Vector((1000 * round) + i, null, 1))];
            var threshold = (round / 30.0) - 0.2;
            Assert.Equal(Plain(rows, threshold), AgglomerativeGroups.Of(rows, threshold).Select(group => string.Join(' ', group.Members)).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>All pairs of groups anew in each round.</summary>
    private static IEnumerable<string> Plain(ReadOnlyMemory<float>[] rows, double threshold)
    {
        List<List<int>> groups = [.. rows.Select((_, i) => new List<int> { i })];
        double Mean(List<int> a, List<int> b) => a.SelectMany(i => b.Select(j => rows[i].ToArray().Zip(rows[j].ToArray(), (x, y) => (double)x * y).Sum())).Average();
        while (groups.Count > 1)
        {
            var (a, b, mean) = groups.SelectMany((a, i) => groups.Skip(i + 1).Select(b => (a, b, Mean(a, b)))).MaxBy(pair => pair.Item3);
            if (mean < threshold)
            {
                break;
            }

            a.AddRange(b);
            groups.Remove(b);
        }

        return groups.Select(group => string.Join(' ', group.Order())).Order(StringComparer.Ordinal);
    }

    private static float[] Vector(int key, float[]? centre, double noise)
    {
        var random = Randomness.For(9, key);
        var vector = Enumerable.Range(0, 16).Select(d => (float)((centre?[d] ?? 0) + (noise * random.NextGaussian()))).ToArray();
        UnitVectors.NormaliseInPlace(vector);
        return vector;
    }
}
