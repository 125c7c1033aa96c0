using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Gallery.Tests.Stores;

namespace Semblance.Gallery.Tests.Live;

/// <summary>A gallery in memory follows its store, whichever database that is.</summary>
public abstract class LiveGalleryContract : GallerySearchContract
{
    /// <summary>A place where nothing is yet.</summary>
    private protected abstract string Another();

    private protected override async Task<IGallerySearch> SearchAsync() => await LiveGallery.OpenAsync(Store, follow: false);

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

    /// <summary>Large galleries are divided while they are searched; what comes and goes afterwards is found and gone, and the exact answer can be had.</summary>
    [Fact]
    public async Task AGalleryOfTheAskedSizeIsSearchedInCells()
    {
        var ids = await File(400);
        await using var live = await LiveGallery.OpenAsync(Store, cellsFrom: 300);
        await Until(() => live.Cells.Count == MadeUp.Spaces.Length);
        Assert.All(live.Cells, space => Assert.True(space.Cells > 1 && space.Probes >= 1 && space.Recall > 0.99, $"{space}"));
        var question = new SightingQuery { Terms = [Term(GallerySpaces.Image, 7)], Top = 10 };
        Assert.Equal(ids[7], live.Search(question)[0].Sighting);
        var exact = (await PlainAsync(question)).Select(match => match.Id).ToArray();
        Assert.Equal(exact, live.Search(question with { Exact = true }).Select(match => match.Sighting));
        Assert.InRange(live.Search(question).Select(match => match.Sighting).Intersect(exact).Count(), 9, 10);

        var filed = (await Store.FileAsync([MadeUp.Sighting(1000, "new")])).Ids[0];
        await Store.EraseAsync([ids[7]], []);
        await live.CatchUpAsync();
        Assert.Equal(filed, live.Search(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1000)], Top = 1 })[0].Sighting);
        Assert.DoesNotContain(live.Search(question with { Top = 400 }), match => match.Sighting == ids[7]);
        await using var small = await LiveGallery.OpenAsync(Store, cellsFrom: 500);
        Assert.Empty(small.Cells);
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
        await using var empty = await GalleryStores.OpenAsync(Another(), create: true, Time);
        await using var live = await LiveGallery.OpenAsync(empty);
        Assert.Throws<InvalidOperationException>(() => live.Search(new SightingQuery { Terms = [Term(GallerySpaces.Image, 1)] }));
        await empty.AddModelAsync(MadeUp.Encoder("third"), MadeUp.Spaces, MadeUp.Files);
        await empty.FileAsync([MadeUp.Sighting(1, model: "third")]);
        await Until(() => live.Count == 1);
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
}
