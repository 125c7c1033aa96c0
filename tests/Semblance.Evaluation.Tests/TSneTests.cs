using Semblance.Core;

namespace Semblance.Evaluation.Tests;

public sealed class TSneTests
{
    [Fact]
    public void TheGradientIsThatOfTheDivergence()
    {
        var embeddings = Matrices.People(12, 8, 4, 1, "q");
        var affinities = TSne.Affinities(TSne.Squared(embeddings), 12, 3);
        var random = Randomness.For(3);
        var places = Enumerable.Range(0, 24).Select(_ => random.NextGaussian()).ToArray();
        var gradient = TSne.Gradient(affinities, places, 1);
        for (var i = 0; i < places.Length; i++)
        {
            const double step = 1e-5;
            double[] more = [.. places], less = [.. places];
            more[i] += step;
            less[i] -= step;
            Assert.Equal((TSne.Divergence(affinities, more) - TSne.Divergence(affinities, less)) / (2 * step), gradient[i], 1e-7);
        }
    }

    [Fact]
    public void EachItemHasAsManyNeighboursAsThePerplexitySays()
    {
        const int count = 40;
        var squared = TSne.Squared(Matrices.People(count, 8, 4, 1, "q"));
        var affinities = TSne.Affinities(squared, count, 7);
        Assert.Equal(1, affinities.Sum(), 1e-9);

        // Half of p(i, j) comes from i's own Gaussian: its entropy cannot be read from the joint alone, but the symmetric matrix must be symmetric and empty on its diagonal.
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(0, affinities[(i * count) + i]);
            for (var j = 0; j < i; j++)
            {
                Assert.Equal(affinities[(i * count) + j], affinities[(j * count) + i], 1e-15);
            }
        }

        // On a regular polygon all rows are alike, so the joint is the conditional by N.
        var polygon = LabelledEmbeddings.From(
            [.. Enumerable.Range(0, count).Select(i => new Sighting($"{i}"))], [.. Enumerable.Range(0, count).Select(i => new[] { MathF.Cos(MathF.Tau * i / count), MathF.Sin(MathF.Tau * i / count) })]);
        var even = TSne.Affinities(TSne.Squared(polygon), count, 7);
        for (var i = 0; i < count; i++)
        {
            var entropy = -even[(i * count)..((i + 1) * count)].Where(p => p > 0).Sum(p => p * count * Math.Log(p * count));
            Assert.Equal(7, Math.Exp(entropy), 1e-3);
        }
    }

    [Fact]
    public void PeopleStandTogetherOnTheMap()
    {
        const int people = 6;
        var rows = Enumerable.Range(0, 120).Select(i =>
        {
            var (person, own) = (Randomness.For(1, i % people), Randomness.For(2, i));
            return Enumerable.Range(0, 24).Select(_ => (float)(person.NextGaussian() + (0.4 * own.NextGaussian()))).ToArray();
        }).ToArray();
        var embeddings = LabelledEmbeddings.From([.. Enumerable.Range(0, 120).Select(i => new Sighting($"{i % people}"))], rows);
        var map = TSne.Map(embeddings, new TSneOptions { Steps = 400 });

        var nearestIsSame = Enumerable.Range(0, 120).Count(i => Enumerable.Range(0, 120).Where(j => j != i).MinBy(j => Math.Pow(map[i].X - map[j].X, 2) + Math.Pow(map[i].Y - map[j].Y, 2)) % people == i % people);
        Assert.True(nearestIsSame >= 117, $"{nearestIsSame} of 120");
        Assert.Equal(0, map.Average(place => place.X), 1e-9);
        Assert.Equal(map, TSne.Map(embeddings, new TSneOptions { Steps = 400 }));
    }

    [Fact]
    public void OneItemHasNoMap() =>
        Assert.Contains("1 items", Assert.Throws<ArgumentException>(() => TSne.Map(LabelledEmbeddings.From([new Sighting("0")], [[1f]]))).Message, StringComparison.Ordinal);
}
