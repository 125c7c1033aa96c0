using System.Diagnostics;
using Semblance.Gallery;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;

namespace Semblance.Filing.Tests;

/// <summary>What is filed is not lost, what is erased does not come back, whoever is killed in the middle.</summary>
public sealed class FaultTests(Pictures pictures) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task AWorkerKilledInTheMiddleLosesNothing(bool postgres)
    {
        var location = postgres ? PostgresServer.Shared.NewDatabase() : Path.Combine(_folder.Root, "gallery");
        await using var store = await Galleries.NewAsync(location);
        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = pictures.Folder }, "test", "admin");

        // Killed at moments that move on, until somebody gets through.
        for (var moment = 400; ; moment += 350)
        {
            using var worker = Galleries.Start("gallery", "work", "--gallery", location);
            if (await Task.WhenAny(worker.WaitForExitAsync(), Task.Delay(moment)) is { } first && worker.HasExited)
            {
                break;
            }

            worker.Kill();
            await worker.WaitForExitAsync();
            if (moment > 6000)
            {
                break;
            }
        }

        // The dead workers' leases run out; nobody waits a minute in a test, so they are handed in.
        using var last = new FilingWorker(await WithoutLeasesAsync(location, store), new FilingWorkerOptions { Pause = TimeSpan.FromMilliseconds(50) });
        await last.RunAsync(job.Id);
        var done = (await store.JobAsync(job.Id))!;
        Assert.Equal((JobState.Finished, (long)pictures.Count, 0L), (done.State, done.Done, done.Failed));
        await Galleries.AssertWholeAsync(store, pictures.Count);
    }

    [Fact]
    public async Task AnErasureKilledInTheMiddleIsWholeOrDidNotHappen()
    {
        var location = Path.Combine(_folder.Root, "gallery");
        await using (var store = await Galleries.NewAsync(location))
        {
            var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = pictures.Folder }, "test", "admin");
            using var worker = new FilingWorker(store);
            await worker.RunAsync(job.Id);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Process Erase(long id) => Galleries.Start(["gallery", "erase", location, .. Enumerable.Range(0, 4).SelectMany(i => new[] { "--sighting", $"{id + i}" })]);

        // One that is left in peace tells how long it takes here; the others are killed sooner and later within that time.
        var start = Stopwatch.GetTimestamp();
        using (var process = Erase(1))
        {
            await process.FinishedAsync();
        }

        var whole = Stopwatch.GetElapsedTime(start);
        var erased = new HashSet<long> { 1, 2, 3, 4 };
        for (var (share, id) = (0.3, 5L); id <= 40; share += 0.1, id += 4)
        {
            using (var process = Erase(id))
            {
                await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(whole * share));
                if (!process.HasExited)
                {
                    process.Kill();
                    await process.WaitForExitAsync();
                }
            }

            // Opening finishes what was left; four together are gone or all there, and nothing that was gone is back.
            await using var store = await GalleryStores.OpenAsync(location);
            var left = (await store.SightingsAsync([id, id + 1, id + 2, id + 3])).Count;
            Assert.True(left is 0 or 4, $"{left} of 4 are left");
            if (left == 0)
            {
                erased.UnionWith([id, id + 1, id + 2, id + 3]);
            }

            Assert.Empty(await store.SightingsAsync([.. erased]));
            var pictureFiles = Directory.GetFiles(Path.Combine(location, "pictures"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order();
            Assert.Equal((await store.AllSightingsAsync().ToListAsync()).Select(sighting => sighting.Picture).Distinct().Order(), pictureFiles);
            await Galleries.AssertWholeAsync(store, pictures.Count - erased.Count);
        }
    }

    [Fact]
    public async Task ASnapshotKilledInTheMiddleIsNotTakenUp()
    {
        const int count = 20_500;
        var location = Path.Combine(_folder.Root, "gallery");
        await using var store = await Galleries.NewAsync(location);
        var model = (await store.ModelsAsync())[0];
        Embedding[] Made(int i) =>
            [.. model.Spaces.Select(space => new Embedding(space.Name, Enumerable.Range(0, space.Width).Select(d => MathF.Sin((i + 1) * (d + 1))).ToArray(), model.Encoder.Fingerprint))];
        foreach (var some in Enumerable.Range(0, count).Chunk(2000))
        {
            await store.FileAsync([.. some.Select(i => new NewSighting(new StoredSighting { Key = $"{i}", Picture = "" }, new byte[] { 1 }, Made(i)))]);
        }

        var snapshots = store.SnapshotFolder!;
        var question = new SightingQuery { Terms = [.. Made(123).Select(embedding => new QueryTerm(embedding))], Top = 5 };
        for (var wait = 0; wait < 5; wait++)
        {
            using var server = Galleries.Start("serve", location, "--url", $"http://127.0.0.1:{Galleries.FreePort()}", "--no-work");
            Assert.True(await Galleries.Until(() => Task.FromResult(Directory.Exists(snapshots) && Directory.GetFiles(snapshots, "*.tmp").Length > 0)), "no snapshot was begun");
            await Task.Delay(8 * wait);
            server.Kill();
            await server.WaitForExitAsync();
            await using var live = await LiveGallery.OpenAsync(store, follow: false);
            Assert.Equal(count, live.Count);
            Assert.Equal(124, live.Search(question)[0].Sighting);
            foreach (var whole in Directory.GetFiles(snapshots, "sightings.slots"))
            {
                File.Delete(whole);
            }
        }

        // A server that is left in peace clears away what the dead ones left, and the next one takes its snapshot up.
        using (var server = Galleries.Start("serve", location, "--url", $"http://127.0.0.1:{Galleries.FreePort()}", "--no-work"))
        {
            Assert.True(await Galleries.Until(() => Task.FromResult(File.Exists(Path.Combine(snapshots, "sightings.slots")))));
            Assert.Empty(Directory.GetFiles(snapshots, "*.tmp"));
            server.Kill();
            await server.WaitForExitAsync();
        }

        await using var last = await LiveGallery.OpenAsync(store, follow: false);
        Assert.Equal(124, last.Search(question)[0].Sighting);
    }

    [Fact]
    public async Task AReembeddingKilledInTheMiddleGoesOn()
    {
        var location = Path.Combine(_folder.Root, "gallery");
        var another = Galleries.Another(Path.Combine(_folder.Root, "another"));
        await using var store = await Galleries.NewAsync(location);
        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = pictures.Folder }, "test", "admin");
        using (var worker = new FilingWorker(store))
        {
            await worker.RunAsync(job.Id);
        }

        for (var moment = 500; moment < 1500; moment += 200)
        {
            using var process = Galleries.Start("gallery", "switch", location, another);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(moment));
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            // Searches see one model whole, the old one or the new one.
            await using var live = await LiveGallery.OpenAsync(store, follow: false);
            Assert.Equal(pictures.Count, live.Count);
        }

        using (var process = Galleries.Start("gallery", "switch", location, another))
        {
            Assert.Contains("are searched with another now", await process.FinishedAsync(), StringComparison.Ordinal);
        }

        Assert.Equal("another", (await store.ModelsAsync())[0].Encoder.Description);
        await Galleries.AssertWholeAsync(store, pictures.Count);
    }

    [Fact]
    public async Task PostgresStoppedAndStartedUnderLoadLosesNothing()
    {
        using var server = PostgresServer.Own();
        var location = server.NewDatabase();
        await using var store = await Galleries.NewAsync(location);
        await using var live = await LiveGallery.OpenAsync(store);
        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = pictures.Folder }, "test", "admin");
        using var worker = new FilingWorker(store, new FilingWorkerOptions { ItemsAtOnce = 4, Pause = TimeSpan.FromMilliseconds(100), Lease = TimeSpan.FromSeconds(5) });
        var working = Task.Run(() => worker.RunAsync(job.Id));
        Assert.True(await Galleries.Until(async () => live.Count > 8 && await Task.FromResult(true)));
        server.Stop();
        var away = await Assert.ThrowsAsync<GalleryStoreException>(() => store.CountAsync());
        Assert.Equal(StoreFault.Unavailable, away.Fault);
        Assert.True(live.Count > 0);
        await Task.Delay(500);
        server.Begin();
        await working;
        var done = (await store.JobAsync(job.Id))!;
        Assert.Equal((JobState.Finished, (long)pictures.Count), (done.State, done.Done));
        await Galleries.AssertWholeAsync(store, pictures.Count);
        Assert.True(await Galleries.Until(async () => live.Count == pictures.Count && await Task.FromResult(true)));
        Assert.True(await Galleries.Until(async () => live.Trouble is null && await Task.FromResult(true)));
    }

    [Fact]
    public async Task TwoServersOnOnePostgresSeeEachOthersFilingWithinTwoSeconds()
    {
        var location = PostgresServer.Shared.NewDatabase();
        await using var one = await Galleries.NewAsync(location);
        await using var other = await GalleryStores.OpenAsync(location);
        await using var live = await LiveGallery.OpenAsync(other);
        using var encoder = await GalleryModels.OpenAsync(one);
        var filer = new SightingFiler(one, encoder);
        var picture = Imaging.PictureReader.Read(Directory.GetFiles(pictures.Folder)[0]);
        for (var i = 1; i <= 5; i++)
        {
            await filer.FileAsync([new FoundPerson(new StoredSighting { Key = $"{i}", Picture = "" }, picture)]);
            var start = Stopwatch.GetTimestamp();
            var expected = i;
            Assert.True(await Galleries.Until(async () => live.Count == expected && await Task.FromResult(true), seconds: 10));
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), $"{Stopwatch.GetElapsedTime(start)}");
        }
    }

    [Fact]
    public async Task AFullDiskIsSaidAndWhatWasFiledStays()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root to mount a small disk");
        var disk = Directory.CreateDirectory(Path.Combine(_folder.Root, "disk")).FullName;
        using (var mount = Process.Start("mount", ["-t", "tmpfs", "-o", "size=14m", "tmpfs", disk])!)
        {
            await mount.WaitForExitAsync();
            Assert.SkipUnless(mount.ExitCode == 0, "needs the right to mount a small disk");
        }

        try
        {
            var location = Path.Combine(disk, "gallery");
            await using (var store = await Galleries.NewAsync(location))
            {
                using var encoder = Models.ModelFile.Open(Galleries.Model);
                var filer = new SightingFiler(store, encoder);
                var picture = Imaging.PictureReader.Read(Directory.GetFiles(pictures.Folder)[0]).Resize(600, 1200);
                var filed = 0;
                GalleryStoreException? full = null;
                for (var i = 0; full is null && i < 500; i++)
                {
                    // Each picture is another one, or it would be stored once.
                    var random = Core.Randomness.For(1, i);
                    for (var b = 0; b < 30_000; b++)
                    {
                        picture.Rgb[b] = (byte)random.Next(256);
                    }

                    try
                    {
                        filed += (await filer.FileAsync([new FoundPerson(new StoredSighting { Key = $"{i}", Picture = "" }, picture)])).New;
                    }
                    catch (GalleryStoreException problem)
                    {
                        full = problem;
                    }
                }

                Assert.Equal(StoreFault.Full, full!.Fault);
                Assert.Contains("no room", full.Message, StringComparison.Ordinal);
                Assert.True(filed > 0);
                Assert.Equal(filed, await store.CountAsync());
            }

            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            await using var again = await GalleryStores.OpenAsync(location);
            await Galleries.AssertWholeAsync(again, (int)await again.CountAsync());
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            using var unmount = Process.Start("umount", ["-l", disk])!;
            await unmount.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task ADamagedPageIsReportedNotServed()
    {
        var location = Path.Combine(_folder.Root, "gallery");
        await using (var store = await Galleries.NewAsync(location))
        {
            var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = pictures.Folder }, "test", "admin");
            using var worker = new FilingWorker(store);
            await worker.RunAsync(job.Id);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var database = Path.Combine(location, "gallery.db");
        var bytes = await File.ReadAllBytesAsync(database);
        var reported = 0;
        for (var page = 2; page < bytes.Length / 4096; page += Math.Max(1, bytes.Length / 4096 / 12))
        {
            var damaged = (byte[])bytes.Clone();
            damaged.AsSpan(page * 4096, 4096).Fill(0xA5);
            await File.WriteAllBytesAsync(database, damaged);
            try
            {
                await using var store = await GalleryStores.OpenAsync(location);
                var problem = await Assert.ThrowsAsync<GalleryStoreException>(() => store.CheckAsync(thorough: true));
                Assert.Equal(StoreFault.Damaged, problem.Fault);
                reported++;
            }
            catch (GalleryStoreException problem)
            {
                Assert.Equal(StoreFault.Damaged, problem.Fault);
                reported++;
            }

            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }

        Assert.True(reported >= 8, $"{reported}");
    }

    /// <summary>The same gallery as one sees it a minute later.</summary>
    private static async Task<IGalleryStore> WithoutLeasesAsync(string location, IGalleryStore store)
    {
        await store.CheckAsync();
        return await GalleryStores.OpenAsync(location, time: new Later());
    }

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMinutes(10);
    }
}
