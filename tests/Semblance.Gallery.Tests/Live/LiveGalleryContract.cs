using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Gallery.Tests.Stores;

namespace Semblance.Gallery.Tests.Live;

/// <summary>A gallery in memory follows its store, whichever database that is.</summary>
public abstract class LiveGalleryContract : IAsyncLifetime
{
    private readonly FakeTime _time = new();

    private protected IGalleryStore Store { get; private set; } = null!;

    private protected abstract string Place { get; }

    /// <summary>A place where nothing is yet.</summary>
    private protected abstract string Another();

    public async ValueTask InitializeAsync()
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
        await using var live = await LiveGallery.OpenAsync(Store, follow: false);
        Assert.Equal(57, live.Count);
        SightingQuery[] questions =
        [
            new() { Terms = [Term(GallerySpaces.Image, 200)], Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Joint, 201, 0.5)], Top = 20 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Joint, 201, -1), Term(GallerySpaces.Image, 202, -0.25)], Top = 20 },
            new() { Terms = [Term(GallerySpaces.Joint, 201, -1)], Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Image, 203)], Top = 10, Calibration = ScoreCalibration.None },
            new() { Terms = [Term(GallerySpaces.Image, 200)], Filter = new SightingFilter { Cameras = ["camera-1"], From = _time.Now.AddHours(10), Until = _time.Now.AddHours(40) }, Except = [ids[13]], Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200), Term(GallerySpaces.Joint, 204)], Filter = new SightingFilter { Label = "even" }, Top = 60 },
            new() { Terms = [Term(GallerySpaces.Image, 200)], Filter = new SightingFilter { Cameras = [] } },
            new() { Terms = [Term(GallerySpaces.Image, 200)], Top = 0 },
        ];
        foreach (var question in questions)
        {
            var (expected, found) = (await PlainAsync(question), live.Search(question));
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
    public async Task WhatAnotherProcessDoesIsSeen()
    {
        var ids = await File(5);
        await using var live = await LiveGallery.OpenAsync(Store);
        await using var other = await OpenAsync();
        var question = new SightingQuery { Terms = [Term(GallerySpaces.Image, 7)], Top = 100 };

        var filed = (await other.FileAsync([MadeUp.Sighting(7, "new")])).Ids[0];
        await Until(() => live.Count == 6);
        Assert.Equal((filed, 1.0), (live.Search(question)[0].Sighting, Math.Round(live.Search(question)[0].Score, 5)));

        await other.EditAsync(ids[2], new SightingEdit { Label = "changed" });
        await Until(() => live.Search(question with { Filter = new SightingFilter { Label = "changed" } }).Count == 1);

        await other.EraseAsync([filed, ids[0]], []);
        await Until(() => live.Count == 4);
        Assert.DoesNotContain(live.Search(question), match => match.Sighting == filed);
        Assert.Null(live.Embedding(GallerySpaces.Image, filed));
        Assert.NotNull(live.Embedding(GallerySpaces.Image, ids[1]));
        Assert.Null(live.Trouble);
    }

    [Fact]
    public async Task ASwitchOfModelsIsOneStepAndOldVectorsAreRefused()
    {
        var ids = await File(8);
        await using var live = await LiveGallery.OpenAsync(Store);
        await Store.AddModelAsync(MadeUp.Encoder("second"), MadeUp.Spaces, MadeUp.Files);
        await Store.EmbedAsync([.. ids.Select((id, i) => (id, (IReadOnlyList<Embedding>)MadeUp.Embeddings(i, "second")))]);
        Assert.Equal(8, live.Search(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1)] }).Count);
        await Store.SwitchAsync(MadeUp.Encoder("second").Fingerprint);
        await Until(() => live.Model!.Encoder.Fingerprint == "fingerprint-second");
        var stale = Assert.Throws<ArgumentException>(() => live.Search(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1)] }));
        Assert.Contains("fingerprint-first", stale.Message, StringComparison.Ordinal);
        Assert.Contains("fingerprint-second", stale.Message, StringComparison.Ordinal);
        Assert.Equal(ids[1], live.Search(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1, model: "second")] })[0].Sighting);
    }

    [Fact]
    public async Task AGalleryWithoutAModelSaysSoAndBeginsWhenOneComes()
    {
        await using var empty = await GalleryStores.OpenAsync(Another(), create: true, _time);
        await using var live = await LiveGallery.OpenAsync(empty);
        Assert.Throws<InvalidOperationException>(() => live.Search(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1)] }));
        await empty.AddModelAsync(MadeUp.Encoder("third"), MadeUp.Spaces, MadeUp.Files);
        await empty.FileAsync([MadeUp.Sighting(1, model: "third")]);
        await Until(() => live.Count == 1);
    }

    [Fact]
    public async Task WhatDoesNotFitIsRefusedWithBothSidesNamed()
    {
        await File(3);
        await using var live = await LiveGallery.OpenAsync(Store, follow: false);
        string Refused(params QueryTerm[] terms) => Assert.Throws<ArgumentException>(() => live.Search(new SightingQuery { Terms = terms })).Message;
        Assert.Contains("no term", Refused(), StringComparison.Ordinal);
        Assert.Contains("it has: image, joint", Refused(new QueryTerm(new Embedding("other", new float[4], MadeUp.Encoder().Fingerprint))), StringComparison.Ordinal);
        Assert.Contains("has 4 dimensions", Refused(new QueryTerm(new Embedding(GallerySpaces.Image, new float[4], MadeUp.Encoder().Fingerprint))), StringComparison.Ordinal);
        Assert.Contains("weight 0", Refused(Term(GallerySpaces.Image, 1, 0)), StringComparison.Ordinal);
        Assert.Contains("weight NaN", Refused(Term(GallerySpaces.Image, 1, double.NaN)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SearchesGoOnWhileOthersFileAndErase()
    {
        var ids = await File(40);
        await using var live = await LiveGallery.OpenAsync(Store);
        using var stop = new CancellationTokenSource();
        var searching = Task.Run(() =>
        {
            var question = new SightingQuery { Terms = [Term(GallerySpaces.Image, 1), Term(GallerySpaces.Joint, 2, -0.5)], Top = 10 };
            var searches = 0;
            while (!stop.IsCancellationRequested)
            {
                var found = live.Search(question);
                Assert.Equal(found.Count, found.Select(match => match.Sighting).Distinct().Count());
                searches++;
            }

            return searches;
        });
        for (var i = 0; i < 10; i++)
        {
            await Store.FileAsync([MadeUp.Sighting(100 + i)]);
            await Store.EraseAsync([ids[i]], []);
        }

        await Until(() => live.Change == Store.LatestChangeAsync().GetAwaiter().GetResult());
        await stop.CancelAsync();
        Assert.True(await searching > 0);
        Assert.Equal(40, live.Count);
    }

    private protected Task<IGalleryStore> OpenAsync() => GalleryStores.OpenAsync(Place, create: true, _time);

    private static QueryTerm Term(string space, int i, double weight = 1, string model = "first") =>
        new(new Embedding(space, MadeUp.Vector(MadeUp.Encoder(model).Fingerprint, space, i), MadeUp.Encoder(model).Fingerprint), weight, $"term {i}");

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 200 && !condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition());
    }

    private async Task<IReadOnlyList<long>> File(int count) =>
        (await Store.FileAsync([.. Enumerable.Range(0, count).Select(i => MadeUp.Sighting(i, $"camera-{i % 3}", taken: _time.Now.AddHours(i), label: i % 2 == 0 ? "even" : null))])).Ids;

    /// <summary>Row by row in float64, sorted: slow and obvious.</summary>
    private async Task<(long Id, double Score)[]> PlainAsync(SightingQuery query)
    {
        var all = await Store.AllSightingsAsync().ToListAsync();
        var scores = new double[all.Count];
        foreach (var term in query.Terms)
        {
            var rows = (await Store.VectorsAsync(MadeUp.Encoder().Fingerprint, term.Embedding.Space).ToListAsync()).ToDictionary(row => row.Sighting, row => row.Vector.ToArray());
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
