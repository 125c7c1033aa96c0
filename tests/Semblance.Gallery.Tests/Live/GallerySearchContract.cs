using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Gallery.Tests.Stores;

namespace Semblance.Gallery.Tests.Live;

/// <summary>Whatever answers questions to a gallery answers as the plain loop does.</summary>
public abstract class GallerySearchContract : IAsyncLifetime
{
    private protected FakeTime Time { get; } = new();

    private protected IGalleryStore Store { get; private set; } = null!;

    private protected abstract string Place { get; }

    private protected abstract Task<IGallerySearch> SearchAsync();

    public virtual async ValueTask InitializeAsync()
    {
        Store = await OpenAsync();
        await Store.AddModelAsync(MadeUp.Encoder(), MadeUp.Spaces, MadeUp.Files);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task QuestionsAnswerAsThePlainLoopDoes()
    {
        var ids = await File(60);
        await Store.EraseAsync([ids[3], ids[10], ids[59]], []);
        await using var search = await SearchAsync();
        Assert.Equal(57, search.Count);
        SightingQuery[] questions =
        [
            new() { Terms = [Term(GallerySpaces.Image, 200)], Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Joint, 201, 0.5)], Top = 20 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Joint, 201, -1), Term(GallerySpaces.Image, 202, -0.25)], Top = 20 },
            new() { Terms = [Term(GallerySpaces.Joint, 201, -1)], Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Image, 203)], Top = 10, Calibration = ScoreCalibration.None },
            new() { Terms = [Term(GallerySpaces.Image, 200)], Filter = new SightingFilter { Cameras = ["camera-1"], From = Time.Now.AddHours(10), Until = Time.Now.AddHours(40) }, Except = [ids[13]], Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Joint, 204)], Filter = new SightingFilter { Label = "even" }, Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200)], Filter = new SightingFilter { Cameras = [] } },
            new() { Terms = [Term(GallerySpaces.Image, 200)], Top = 0 },
        ];
        foreach (var question in questions)
        {
            var (expected, found) = (await PlainAsync(question), await search.SearchAsync(question));
            Assert.Equal(expected.Select(match => match.Id), found.Select(match => match.Sighting));
            Assert.Equal(Enumerable.Range(1, found.Count), found.Select(match => match.Rank));
            foreach (var (plain, match) in expected.Zip(found))
            {
                Assert.Equal(plain.Score, match.Score, 5);
                Assert.Equal(match.Score, match.Terms.Sum(term => term.Contribution), 9);
            }
        }
    }

    [Fact]
    public async Task WhatDoesNotFitIsRefusedWithBothSidesNamed()
    {
        await File(3);
        await using var search = await SearchAsync();
        async Task<string> Refused(params QueryTerm[] terms) => (await Assert.ThrowsAsync<ArgumentException>(() => search.SearchAsync(new SightingQuery { Terms = terms }))).Message;
        Assert.Contains("no term", await Refused(), StringComparison.Ordinal);
        Assert.Contains("it has: image, joint", await Refused(new QueryTerm(new Embedding("other", new float[4], MadeUp.Encoder().Fingerprint))), StringComparison.Ordinal);
        Assert.Contains("has 4 dimensions", await Refused(new QueryTerm(new Embedding(GallerySpaces.Image, new float[4], MadeUp.Encoder().Fingerprint))), StringComparison.Ordinal);
        Assert.Contains("weight 0", await Refused(Term(GallerySpaces.Image, 1, 0)), StringComparison.Ordinal);
        Assert.Contains("weight NaN", await Refused(Term(GallerySpaces.Image, 1, double.NaN)), StringComparison.Ordinal);
    }

    private protected Task<IGalleryStore> OpenAsync() => GalleryStores.OpenAsync(Place, create: true, Time);

    private protected static QueryTerm Term(string space, int i, double weight = 1, string model = "first") =>
        new(new Embedding(space, MadeUp.Vector(MadeUp.Encoder(model).Fingerprint, space, i), MadeUp.Encoder(model).Fingerprint), weight, $"term {i}");

    private protected static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 200 && !condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition());
    }

    private protected async Task<IReadOnlyList<long>> File(int count) =>
        (await Store.FileAsync([.. Enumerable.Range(0, count).Select(i => MadeUp.Sighting(i, $"camera-{i % 3}", taken: Time.Now.AddHours(i), label: i % 2 == 0 ? "even" : null))])).Ids;

    /// <summary>Row by row in float64, sorted: slow and obvious.</summary>
    private protected async Task<(long Id, double Score)[]> PlainAsync(SightingQuery query)
    {
        var all = await Store.AllSightingsAsync().ToListAsync();
        var scores = new double[all.Count];
        foreach (var term in query.Terms)
        {
            var rows = (await Store.VectorsAsync(MadeUp.Encoder().Fingerprint, term.Embedding.Space, all.ConvertAll(sighting => sighting.Id))).ToDictionary(row => row.Sighting, row => row.Vector.ToArray());
            var cosines = all.ConvertAll(sighting => rows[sighting.Id].Zip(term.Embedding.Vector.ToArray(), (a, b) => (double)a * b).Sum());
            if (query.Calibration == ScoreCalibration.Standardised && (query.Terms.Count > 1 || term.Weight < 0))
            {
                var mean = cosines.Average();
                var deviation = Math.Sqrt(cosines.Average(cosine => Math.Pow(cosine - mean, 2)));
                cosines = cosines.ConvertAll(cosine => (cosine - mean) / deviation);
            }

            var clamp = term.Weight < 0 && query.Terms.Any(other => other.Weight > 0);
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] += term.Weight * (clamp ? Math.Max(0, cosines[i]) : cosines[i]);
            }
        }

        var filter = query.Filter;
        return [.. all.Select((sighting, i) => (sighting, Score: scores[i] / query.Terms.Sum(term => Math.Abs(term.Weight))))
            .Where(entry => !query.Except.Contains(entry.sighting.Id)
                && (filter.Cameras is null || filter.Cameras.Contains(entry.sighting.Camera))
                && (filter.From is null || entry.sighting.Taken >= filter.From) && (filter.Until is null || entry.sighting.Taken < filter.Until)
                && (filter.Label is null || entry.sighting.Label == filter.Label))
            .OrderByDescending(entry => entry.Score).ThenBy(entry => entry.sighting.Id).Take(query.Top).Select(entry => (entry.sighting.Id, entry.Score))];
    }
}
