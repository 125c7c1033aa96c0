using Semblance.Core;
using Semblance.Evaluation.Distances;
using Semblance.Evaluation.Reranking;

namespace Semblance.Evaluation.Tests;

public sealed class TemporalLiftingTests
{
    /// <summary>The steps of the paper one after another, with the whole matrix and a sort: slow and obvious.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void KeepingTheBestOfEachQueryGivesWhatTheWholeMatrixGives(int seed)
    {
        var random = Randomness.For(17, seed);
        Sighting[] Drawn(int count, ref Randomness random)
        {
            var items = new Sighting[count];
            for (var i = 0; i < count; i++)
            {
                items[i] = new Sighting($"{random.Next(9)}", random.Next(8) == 0 ? null : 1 + random.Next(3)) { Time = random.Next(8) == 0 ? null : random.Next(900) };
            }

            return items;
        }

        var (queries, gallery) = (Drawn(25, ref random), Drawn(60, ref random));
        var options = new TemporalLiftingOptions { Tau = 120, Sigma = 80, K = 4, Alpha = seed == 1 ? 0 : 0.2 };
        var scores = new double[queries.Length, gallery.Length];
        var distances = new double[queries.Length * gallery.Length];
        for (var i = 0; i < distances.Length; i++)
        {
            // Coarse, so that some scores are equal at the threshold.
            distances[i] = random.Next(40) / 40.0;
            scores[i / gallery.Length, i % gallery.Length] = 1 - distances[i];
        }

        var lifted = TemporalLifting.Lift(ScoreMatrix.OfDistances<double>(distances, queries.Length, gallery.Length), queries, gallery, options);
        var found = new double[distances.Length];
        lifted.Fill(0, 10, found.AsSpan(0, 10 * gallery.Length));
        lifted.Fill(10, 15, found.AsSpan(10 * gallery.Length));
        for (var q = 0; q < queries.Length; q++)
        {
            for (var g = 0; g < gallery.Length; g++)
            {
                var weight = 0.0;
                if (queries[q] is { Camera: not null, Time: not null } && gallery[g] is { Camera: not null, Time: not null })
                {
                    var near = Enumerable.Range(0, queries.Length).Where(j => queries[j].Camera == queries[q].Camera && queries[j].Time is { } time && Math.Abs(time - queries[q].Time!.Value) < options.Tau);
                    var all = near.SelectMany(j => Enumerable.Range(0, gallery.Length).Where(h => gallery[h].Camera == gallery[g].Camera && gallery[h].Time is not null).Select(h => (Score: scores[j, h], Time: gallery[h].Time!.Value))).ToArray();
                    var threshold = all.Select(one => one.Score).Order().ElementAt(Math.Max(0, all.Length - options.K));
                    weight = all.Where(one => one.Score >= threshold).Average(one => Math.Exp(-Math.Pow(gallery[g].Time!.Value - one.Time, 2) / Math.Pow(options.Sigma, 2)));
                }

                Assert.Equal(-(weight + options.Alpha) * scores[q, g], found[(q * gallery.Length) + g], 12);
            }
        }
    }

    /// <summary>Two look-alikes: one was there when the query's companion was.</summary>
    [Fact]
    public void WhoIsSeenWithTheSameCompanionComesFirst()
    {
        Sighting[] queries = [new("a", 1) { Time = 10 }, new("b", 1) { Time = 15 }];
        Sighting[] gallery = [new("c", 2) { Time = 4000 }, new("a", 2) { Time = 505 }, new("b", 2) { Time = 500 }];
        var distances = ScoreMatrix.OfDistances<float>(new[] { .30f, .31f, .9f, .9f, .9f, .05f }, 2, 3);
        var row = new float[6];
        TemporalLifting.Lift(distances, queries, gallery, new TemporalLiftingOptions { K = 1 }).Fill(0, 2, row);
        Assert.True(row[1] < row[0]);
        Assert.True(row[5] < row[4]);
    }

    [Fact]
    public void WithoutTimesItIsRefused()
    {
        var distances = ScoreMatrix.OfDistances<float>(new float[1], 1, 1);
        Assert.Contains("needs times and cameras", Assert.Throws<ArgumentException>(() => TemporalLifting.Lift(distances, [new Sighting("a", 1)], [new Sighting("a", 2) { Time = 1 }])).Message, StringComparison.Ordinal);
        Assert.Contains("σ 0", Assert.Throws<ArgumentException>(() => TemporalLifting.Lift(distances, [], [], new TemporalLiftingOptions { Sigma = 0 })).Message, StringComparison.Ordinal);
    }
}
