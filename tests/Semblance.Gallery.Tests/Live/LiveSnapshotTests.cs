using Microsoft.Data.Sqlite;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Gallery.Tests.Stores;

namespace Semblance.Gallery.Tests.Live;

/// <summary>A snapshot makes opening quick and decides nothing: every answer is as if it were not there.</summary>
public sealed class LiveSnapshotTests : IAsyncLifetime
{
    private static readonly SightingQuery Question = new()
    {
        Terms = [new QueryTerm(MadeUp.Embeddings(200)[0]), new QueryTerm(MadeUp.Embeddings(201)[1], -0.5)],
        Top = 100,
        Filter = new SightingFilter { Cameras = ["camera-0", "camera-1"] },
    };

    private readonly TemporaryFolder _folder = new();
    private IGalleryStore _store = null!;

    private string Place => Path.Combine(_folder.Root, "gallery");

    private string Snapshots => Path.Combine(Place, "snapshots");

    public async ValueTask InitializeAsync()
    {
        _store = await GalleryStores.OpenAsync(Place, create: true);
        await _store.AddModelAsync(MadeUp.Encoder(), MadeUp.Spaces, MadeUp.Files);
        await File(0, 40);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task ItIsTakenUpAgainWithWhatCameWentAndChangedMeanwhile()
    {
        await SaveAsync();
        Assert.Equal(["image.vectors", "joint.vectors", "sightings.slots"], Directory.GetFiles(Snapshots).Select(Path.GetFileName).Order());
        var written = System.IO.File.GetLastWriteTimeUtc(Path.Combine(Snapshots, "sightings.slots"));
        var ids = await File(40, 10);
        await _store.EditAsync(ids[0], new SightingEdit { Label = "changed" });
        Assert.Equal(await PlainAsync(), await AnswersAsync());
        Assert.Equal(written, System.IO.File.GetLastWriteTimeUtc(Path.Combine(Snapshots, "sightings.slots")));
        await using var live = await LiveGallery.OpenAsync(_store, follow: false);
        Assert.Equal(ids[0], Assert.Single(live.Search(Question with { Filter = new SightingFilter { Label = "changed" } })).Sighting);
    }

    /// <summary>Its vectors are what tells that it was read at all: the store's own are exchanged behind its back.</summary>
    [Fact]
    public async Task OpeningReadsTheSnapshotAndNotTheStore()
    {
        await SaveAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(Place, "gallery.db")}"))
        {
            await connection.OpenAsync();
            await using var swap = connection.CreateCommand();
            swap.CommandText = "UPDATE embeddings SET vector = (SELECT vector FROM embeddings e WHERE e.space = embeddings.space AND e.sighting = 1)";
            await swap.ExecuteNonQueryAsync();
        }

        await using var live = await LiveGallery.OpenAsync(_store, follow: false);
        Assert.Equal(8, live.Search(new SightingQuery { Terms = [new QueryTerm(MadeUp.Embeddings(7)[0])], Top = 1 })[0].Sighting);
    }

    /// <summary>A database that is restored from a copy gives numbers again that the snapshot knows: the vectors are those of who has the number now.</summary>
    [Fact]
    public async Task ANumberThatIsSomebodyElsesNowGetsHisVectors()
    {
        await SaveAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(Place, "gallery.db")}"))
        {
            await connection.OpenAsync();
            await using var restore = connection.CreateCommand();
            restore.CommandText = "DELETE FROM embeddings WHERE sighting > 30; DELETE FROM sightings WHERE id > 30; DELETE FROM changes WHERE seq > 30; UPDATE sqlite_sequence SET seq = 30 WHERE name = 'sightings'";
            await restore.ExecuteNonQueryAsync();
        }

        Assert.Equal(31, (await File(100, 10))[0]);
        Assert.Equal(await PlainAsync(), await AnswersAsync());
        await using var live = await LiveGallery.OpenAsync(_store, follow: false);
        Assert.Equal(31, live.Search(new SightingQuery { Terms = [new QueryTerm(MadeUp.Embeddings(100)[0])], Top = 1 })[0].Sighting);
    }

    [Theory]
    [InlineData("sightings.slots")]
    [InlineData("image.vectors")]
    [InlineData("joint.vectors")]
    public async Task OneThatIsDamagedHalfWrittenOrMixedIsLeftAside(string file)
    {
        await SaveAsync();
        var path = Path.Combine(Snapshots, file);
        var whole = System.IO.File.ReadAllBytes(path);
        var expected = await PlainAsync();
        foreach (var bytes in new[] { whole[..(whole.Length / 2)], [], [.. whole.AsSpan(0, whole.Length / 2), (byte)~whole[whole.Length / 2], .. whole.AsSpan((whole.Length / 2) + 1)] })
        {
            System.IO.File.WriteAllBytes(path, bytes);
            Assert.Equal(expected, await AnswersAsync());
        }

        // A whole file of another saving.
        System.IO.File.WriteAllBytes(path, whole);
        var first = System.IO.File.ReadAllBytes(path);
        await File(40, 1);
        await SaveAsync();
        System.IO.File.WriteAllBytes(path, first);
        Assert.Equal(await PlainAsync(), await AnswersAsync());
    }

    [Fact]
    public async Task AnErasureTakesItAway()
    {
        await SaveAsync();
        await _store.EraseAsync([3], []);
        Assert.False(Directory.Exists(Snapshots));

        // One that a server wrote meanwhile goes when the server sees the erasure, and one that nobody saw go when it is read again.
        await SaveAsync();
        var kept = Directory.GetFiles(Snapshots).ToDictionary(path => path, System.IO.File.ReadAllBytes);
        await _store.EraseAsync([5], []);
        Directory.CreateDirectory(Snapshots);
        foreach (var (path, bytes) in kept)
        {
            System.IO.File.WriteAllBytes(path, bytes);
        }

        Assert.Equal(await PlainAsync(), await AnswersAsync());
        Assert.False(Directory.Exists(Snapshots));
    }

    [Fact]
    public async Task OneOfAnotherModelIsLeftAside()
    {
        await SaveAsync();
        await _store.AddModelAsync(MadeUp.Encoder("second"), MadeUp.Spaces, MadeUp.Files);
        await _store.EmbedAsync([.. Enumerable.Range(0, 40).Select(i => (i + 1L, (IReadOnlyList<Embedding>)MadeUp.Embeddings(i, "second")))]);
        await _store.SwitchAsync(MadeUp.Encoder("second").Fingerprint);
        await using var live = await LiveGallery.OpenAsync(_store, follow: false);
        Assert.Equal(8, live.Search(new SightingQuery { Terms = [new QueryTerm(MadeUp.Embeddings(7, "second")[0])], Top = 1 })[0].Sighting);
    }

    [Fact]
    public async Task WhatAKilledProcessLeftHalfWrittenGoesAtTheNextSaving()
    {
        Directory.CreateDirectory(Snapshots);
        var dead = Path.Combine(Snapshots, "image.vectors.999999999.tmp");
        var alive = Path.Combine(Snapshots, "image.vectors.1.tmp");
        System.IO.File.WriteAllText(dead, "half");
        System.IO.File.WriteAllText(alive, "another is at it");
        new LiveSnapshot(Snapshots).Save(new LiveSightings((await _store.ModelsAsync())[0]));
        Assert.False(System.IO.File.Exists(dead));
        Assert.True(System.IO.File.Exists(alive));
    }

    private async Task<IReadOnlyList<long>> File(int first, int count) =>
        (await _store.FileAsync([.. Enumerable.Range(first, count).Select(i => MadeUp.Sighting(i, $"camera-{i % 3}"))])).Ids;

    /// <summary>A server that starts, keeps its vectors and ends.</summary>
    private async Task SaveAsync()
    {
        await using var live = await LiveGallery.OpenAsync(_store, snapshotFrom: 1);
    }

    private async Task<IReadOnlyList<(long, double)>> AnswersAsync()
    {
        await using var live = await LiveGallery.OpenAsync(_store, follow: false);
        return [.. live.Search(Question).Select(match => (match.Sighting, Math.Round(match.Score, 5)))];
    }

    /// <summary>The same gallery without any snapshot.</summary>
    private async Task<IReadOnlyList<(long, double)>> PlainAsync()
    {
        var aside = Path.Combine(_folder.Root, "aside");
        if (Directory.Exists(Snapshots))
        {
            Directory.Move(Snapshots, aside);
        }

        var answers = await AnswersAsync();
        if (Directory.Exists(aside))
        {
            Directory.Move(aside, Snapshots);
        }

        return answers;
    }
}
