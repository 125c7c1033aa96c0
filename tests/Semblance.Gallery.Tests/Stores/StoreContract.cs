using System.Text.Json;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Tests.Stores;

/// <summary>What every store does. One class below for each database; no mock anywhere.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private static readonly AuditDraft ByTest = new("test", "admin", "test");
    private protected FakeTime Time { get; } = new();

    private protected IGalleryStore Store { get; private set; } = null!;

    private protected abstract string Place { get; }

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

    private protected Task<IGalleryStore> OpenAsync() => GalleryStores.OpenAsync(Place, create: true, Time);

    [Fact]
    public async Task WhatIsFiledComesBackWhole()
    {
        Time.Now = Time.Now.AddTicks(1234567);
        var taken = new DateTimeOffset(2026, 4, 1, 8, 30, 15, 250, TimeSpan.FromHours(2));
        var filed = await Store.FileAsync([MadeUp.Sighting(1, "gate", taken: taken, label: "red"), MadeUp.Sighting(2)]);
        Assert.Equal(2, filed.New);

        // Another store object, as after a restart.
        await using var again = await OpenAsync();
        var back = await again.SightingsAsync(filed.Ids);
        var expected = MadeUp.Sighting(1, "gate", taken: taken.ToUniversalTime(), label: "red").Sighting;
        Assert.Equal(expected with { Id = filed.Ids[0], Version = 1, Filed = DateTimeOffset.FromUnixTimeMilliseconds(Time.Now.ToUnixTimeMilliseconds()), Picture = back[0].Picture }, back[0]);
        Assert.Equal(MadeUp.Picture(1), await again.PictureAsync(back[0].Picture));
        Assert.Null(back[1].Camera);
        Assert.Equal(["gate"], (await again.CamerasAsync()).Select(camera => camera.Id));
        Assert.Equal(2, await again.CountAsync());
        foreach (var space in MadeUp.Spaces)
        {
            var vectors = await again.VectorsAsync(MadeUp.Encoder().Fingerprint, space.Name).ToListAsync();
            Assert.Equal(filed.Ids, vectors.Select(vector => vector.Sighting));
            Assert.Equal(MadeUp.Vector(MadeUp.Encoder().Fingerprint, space.Name, 2), vectors[1].Vector.ToArray());
            Assert.Equal([filed.Ids[1]], (await again.VectorsAsync(MadeUp.Encoder().Fingerprint, space.Name, above: filed.Ids[0]).ToListAsync()).Select(vector => vector.Sighting));
            Assert.Equal(vectors[0].Vector.ToArray(), (await again.VectorsAsync(MadeUp.Encoder().Fingerprint, space.Name, [filed.Ids[0]]))[0].Vector.ToArray());
        }
    }

    [Fact]
    public async Task FilingAKeyTwiceMakesOneSighting()
    {
        var first = await Store.FileAsync([MadeUp.Sighting(1)]);
        var second = await Store.FileAsync([MadeUp.Sighting(1), MadeUp.Sighting(2), MadeUp.Sighting(2)]);
        Assert.Equal(1, second.New);
        Assert.Equal(first.Ids[0], second.Ids[0]);
        Assert.Equal(second.Ids[1], second.Ids[2]);
        Assert.Equal(2, await Store.CountAsync());
        var filed = await Store.FiledAsync(["file-1", "file-2", "file-3"]);
        Assert.Equal(["file-1", "file-2"], filed.Keys.Order());
        Assert.Equal(first.Ids[0], filed["file-1"]);
    }

    [Fact]
    public async Task AVectorOfAnotherModelSpaceOrWidthIsRefusedAndNothingIsFiled()
    {
        var sighting = MadeUp.Sighting(5);
        var other = await Assert.ThrowsAsync<ArgumentException>(() => Store.FileAsync([MadeUp.Sighting(4), MadeUp.Sighting(5, model: "second")]));
        Assert.Contains("fingerprint-second", other.Message, StringComparison.Ordinal);
        Assert.Contains("fingerprint-first", other.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FileAsync([sighting with { Embeddings = [sighting.Embeddings[0]] }]));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FileAsync([sighting with { Embeddings = [sighting.Embeddings[0], sighting.Embeddings[1] with { Vector = new float[3] }] }]));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FileAsync([sighting with { Embeddings = [sighting.Embeddings[0], sighting.Embeddings[1] with { Vector = Enumerable.Repeat(float.NaN, MadeUp.JointWidth).ToArray() }] }]));
        Assert.Equal(0, await Store.CountAsync());
        Assert.Empty(await Store.CamerasAsync());
    }

    [Fact]
    public async Task PagesAndFiltersShowEachSightingOnce()
    {
        var start = Time.Now;
        await Store.FileAsync([.. Enumerable.Range(0, 25).Select(i => MadeUp.Sighting(i, $"camera-{i % 3}", taken: start.AddHours(i), label: i % 5 == 0 ? "five" : null))]);
        List<long> seen = [];
        var before = long.MaxValue;
        while (await Store.SightingsAsync(new SightingFilter(), before, 10) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(sighting => sighting.Id));
            before = page[^1].Id;
        }

        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(), seen);
        async Task<int> Count(SightingFilter filter) => (await Store.SightingsAsync(filter, long.MaxValue, 100)).Count;
        Assert.Equal(17, await Count(new SightingFilter { Cameras = ["camera-0", "camera-1"] }));
        Assert.Equal(0, await Count(new SightingFilter { Cameras = [] }));
        Assert.Equal(5, await Count(new SightingFilter { Label = "five" }));
        Assert.Equal(10, await Count(new SightingFilter { From = start.AddHours(5), Until = start.AddHours(15) }));
        Assert.Equal(2, await Count(new SightingFilter { Track = "track-3" }));
        Assert.Equal(0, await Count(new SightingFilter { Label = "five' OR '1'='1" }));
        Assert.Equal(25, (await Store.AllSightingsAsync().ToListAsync()).Count);
    }

    [Fact]
    public async Task EditsAskForTheVersionThatWasRead()
    {
        var id = (await Store.FileAsync([MadeUp.Sighting(1, label: "red")])).Ids[0];
        var person = await Store.MakePersonAsync("Ann", null, []);
        var edited = await Store.EditAsync(id, new SightingEdit { Person = person.Id, Notes = "seen again" }, version: 1);
        Assert.Equal((person.Id, "seen again", "red", 2L), (edited!.Person, edited.Notes, edited.Label, edited.Version));
        Assert.Equal(1, (await Store.PersonAsync(person.Id))!.Sightings);
        var conflict = await Assert.ThrowsAsync<GalleryStoreException>(() => Store.EditAsync(id, new SightingEdit { Notes = "lost" }, version: 1));
        Assert.Equal(StoreFault.Conflict, conflict.Fault);
        Assert.Null((await Store.EditAsync(id, new SightingEdit { Person = 0, Label = "" }))!.Person);
        Assert.Null((await Store.SightingsAsync([id]))[0].Label);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.EditAsync(id, new SightingEdit { Person = 99 }));
        Assert.Null(await Store.EditAsync(999, new SightingEdit { Notes = "nobody" }));
    }

    [Fact]
    public async Task AnErasureTakesEverythingThatBelongsToASightingAndSaysSo()
    {
        var ids = (await Store.FileAsync([MadeUp.Sighting(1), MadeUp.Sighting(2), MadeUp.Sighting(3, picture: 2), MadeUp.Sighting(4)])).Ids;
        var pictures = (await Store.SightingsAsync(ids)).Select(sighting => sighting.Picture).ToArray();
        var person = await Store.MakePersonAsync("Bob", null, [ids[3]]);

        var erasure = await Store.EraseAsync([ids[0], ids[1], 12345], [person.Id], ByTest with { Action = "erase" });
        Assert.Equal([ids[0], ids[1], ids[3]], erasure.Sightings);
        Assert.Equal(6, erasure.Vectors);
        Assert.Equal(new[] { pictures[0], pictures[3] }.Order(), erasure.Pictures.Order());
        Assert.Equal(1, erasure.KeptPictures);
        Assert.Equal([person.Id], erasure.People);

        Assert.Null(await Store.PictureAsync(pictures[0]));
        Assert.NotNull(await Store.PictureAsync(pictures[1]));
        Assert.Equal([ids[2]], (await Store.AllSightingsAsync().ToListAsync()).Select(sighting => sighting.Id));
        Assert.Equal([ids[2]], (await Store.VectorsAsync(MadeUp.Encoder().Fingerprint, GallerySpaces.Image).ToListAsync()).Select(vector => vector.Sighting));
        Assert.Null(await Store.PersonAsync(person.Id));
        var logged = (await Store.AuditAsync(long.MaxValue, 1))[0];
        Assert.Equal(logged, erasure.Line);
        Assert.Equal(erasure.Sightings, JsonSerializer.Deserialize<Erasure>(logged.Draft.Details!)!.Sightings);

        // The number is never given again, so that a removal that somebody still has to follow cannot hit a newcomer.
        Assert.True((await Store.FileAsync([MadeUp.Sighting(1)])).Ids[0] > ids[3]);
        Assert.NotNull(await Store.PictureAsync(pictures[0]));
    }

    [Fact]
    public async Task ChangesComeInOrderAndNoneIsLost()
    {
        var ids = (await Store.FileAsync([MadeUp.Sighting(1), MadeUp.Sighting(2)])).Ids;
        await Store.EditAsync(ids[0], new SightingEdit { Notes = "x" });
        await Store.EraseAsync([ids[1]], []);
        var changes = await Store.ChangesAsync(0, 100);
        Assert.Equal([ChangeKind.Switched, ChangeKind.Filed, ChangeKind.Filed, ChangeKind.Edited, ChangeKind.Removed], changes.Select(change => change.Kind));
        Assert.Equal([null, ids[0], ids[1], ids[0], ids[1]], changes.Select(change => change.Sighting));
        Assert.Equal(changes.Select(change => change.Number).Order(), changes.Select(change => change.Number));
        Assert.Equal(changes[^1].Number, await Store.LatestChangeAsync());
        Assert.Equal(2, (await Store.ChangesAsync(changes[1].Number, 2)).Count);
    }

    [Fact]
    public async Task AWaiterHearsOfAChangeThatAnotherProcessMakes()
    {
        await using var other = await OpenAsync();
        var latest = await Store.LatestChangeAsync();
        var waiting = Store.WaitForChangeAsync(latest, TimeSpan.FromSeconds(30));
        await other.FileAsync([MadeUp.Sighting(1)]);
        await waiting;
        Assert.True(await Store.LatestChangeAsync() > latest);
        await Store.WaitForChangeAsync(latest, TimeSpan.FromSeconds(30));
        await Store.WaitForChangeAsync(long.MaxValue, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task AModelIsSwitchedOnlyWhenEverySightingHasItsVectors()
    {
        var ids = (await Store.FileAsync([.. Enumerable.Range(1, 5).Select(i => MadeUp.Sighting(i))])).Ids;
        var second = await Store.AddModelAsync(MadeUp.Encoder("second"), MadeUp.Spaces, MadeUp.Files);
        Assert.Equal(ModelState.Preparing, second.State);
        Assert.Equal(ids, (await Store.UnembeddedAsync(second.Encoder.Fingerprint, 0, 10)).Select(sighting => sighting.Id));
        await Store.EmbedAsync([.. ids.Take(4).Append(777).Select((id, i) => (id, (IReadOnlyList<Embedding>)MadeUp.Embeddings(i, "second")))]);
        await Store.EmbedAsync([(ids[0], MadeUp.Embeddings(9, "second"))]);
        Assert.Equal([ids[4]], (await Store.UnembeddedAsync(second.Encoder.Fingerprint, 0, 10)).Select(sighting => sighting.Id));
        var early = await Assert.ThrowsAsync<GalleryStoreException>(() => Store.SwitchAsync(second.Encoder.Fingerprint));
        Assert.Equal(StoreFault.Conflict, early.Fault);
        Assert.Equal("fingerprint-first", (await Store.ModelsAsync())[0].Encoder.Fingerprint);

        await Store.EmbedAsync([(ids[4], MadeUp.Embeddings(4, "second"))]);
        await Store.SwitchAsync(second.Encoder.Fingerprint, ByTest);
        var models = await Store.ModelsAsync();
        Assert.Equal([ModelState.Current, ModelState.Retired], models.Select(model => model.State));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FileAsync([MadeUp.Sighting(8)]));
        await Store.FileAsync([MadeUp.Sighting(8, model: "second")]);
        await Assert.ThrowsAsync<GalleryStoreException>(() => Store.DropModelAsync("fingerprint-second"));
        Assert.True(await Store.DropModelAsync("fingerprint-first"));
        Assert.Empty(await Store.VectorsAsync("fingerprint-first", GallerySpaces.Image).ToListAsync());
        Assert.Equal(6, (await Store.VectorsAsync("fingerprint-second", GallerySpaces.Image).ToListAsync()).Count);
    }

    [Fact]
    public async Task AModelsFilesComeBackWhole()
    {
        var large = new byte[(16 << 20) + 5];
        large[^1] = 7;
        await Store.AddModelAsync(MadeUp.Encoder("large"), MadeUp.Spaces, [.. MadeUp.Files, new("weights", large)]);
        var files = await Store.ModelFilesAsync("fingerprint-large");
        Assert.Equal(["empty", "model.json", "model.safetensors", "weights"], files.Select(file => file.Name).Order());
        Assert.Equal(large, files.Single(file => file.Name == "weights").Content.ToArray());
        Assert.Empty(files.Single(file => file.Name == "empty").Content.ToArray());
    }

    [Fact]
    public async Task WorkIsSharedOutOnceAndComesBackFromADeadWorker()
    {
        var job = await Store.MakeJobAsync("file", "A folder", "{}", "test");
        await Store.AddWorkAsync(job.Id, [.. Enumerable.Range(0, 10).Select(i => $"item-{i}")]);
        Assert.Empty(await Store.ClaimAsync("a", 4, TimeSpan.FromMinutes(1)));
        await Store.SetJobAsync(job.Id, JobState.Open);
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AddWorkAsync(job.Id, ["late"]));

        var a = await Store.ClaimAsync("a", 4, TimeSpan.FromMinutes(1));
        var b = await Store.ClaimAsync("b", 4, TimeSpan.FromMinutes(1));
        Assert.Equal(["item-0", "item-1", "item-2", "item-3"], a.Select(item => item.Item));
        Assert.Empty(a.Select(item => item.Id).Intersect(b.Select(item => item.Id)));
        await Store.FileAsync([MadeUp.Sighting(1)], new WorkDone("a", [.. a.Take(3).Select(item => new WorkResult(item.Id, Sightings: 1)), new WorkResult(a[3].Id, "broken picture")]));

        // b falls silent; c takes its work over, and what b brings afterwards is refused whole.
        Time.Now += TimeSpan.FromMinutes(2);
        var c = await Store.ClaimAsync("c", 10, TimeSpan.FromMinutes(1), job.Id);
        Assert.Equal(6, c.Count);
        Assert.Equal(2, c[0].Attempts);
        var late = await Assert.ThrowsAsync<GalleryStoreException>(() => Store.FileAsync([MadeUp.Sighting(2)], new WorkDone("b", [new WorkResult(b[0].Id)])));
        Assert.Equal(StoreFault.Conflict, late.Fault);
        Assert.Equal(1, await Store.CountAsync());

        Time.Now += TimeSpan.FromSeconds(50);
        await Store.RenewAsync("c", TimeSpan.FromMinutes(1));
        Time.Now += TimeSpan.FromSeconds(50);
        Assert.Empty(await Store.ClaimAsync("d", 10, TimeSpan.FromMinutes(1)));
        await Store.SettleAsync(new WorkDone("c", [.. c.Select(item => new WorkResult(item.Id))]));

        var done = (await Store.JobAsync(job.Id))!;
        Assert.Equal((JobState.Finished, 10L, 9L, 1L, 3L), (done.State, done.Total, done.Done, done.Failed, done.Sightings));
        Assert.NotNull(done.Finished);
        Assert.Equal(["broken picture"], (await Store.FailedWorkAsync(job.Id, 10)).Select(work => work.Reason));
        Assert.Equal(job.Id, (await Store.JobsAsync(10)).Single().Id);
    }

    [Fact]
    public async Task WorkThatIsGivenBackIsUntriedAndJobsCanBeLeftToOthers()
    {
        var (first, second) = (await OpenJobAsync("near"), await OpenJobAsync("far"));
        var taken = await Store.ClaimAsync("a", 2, TimeSpan.FromMinutes(1));
        Assert.All(taken, item => Assert.Equal((first, 1L), (item.Job, item.Attempts)));
        await Store.ReleaseAsync("somebody else", [taken[0].Id]);
        await Store.ReleaseAsync("a", [taken[0].Id]);
        Assert.Equal(second, Assert.Single(await Store.ClaimAsync("b", 1, TimeSpan.FromMinutes(1), except: [first])).Job);
        var again = Assert.Single(await Store.ClaimAsync("b", 3, TimeSpan.FromMinutes(1), except: [second, 999]));
        Assert.Equal((taken[0].Id, 1L), (again.Id, again.Attempts));
        Assert.Empty(await Store.ClaimAsync("b", 3, TimeSpan.FromMinutes(1), except: [first, second]));

        async Task<long> OpenJobAsync(string title)
        {
            var job = await Store.MakeJobAsync("file", title, "{}", "test");
            await Store.AddWorkAsync(job.Id, ["one", "two"]);
            await Store.SetJobAsync(job.Id, JobState.Open);
            return job.Id;
        }
    }

    [Fact]
    public async Task WorkInTheBackgroundGivesWay()
    {
        async Task<long> Make(string kind)
        {
            var job = await Store.MakeJobAsync(kind, kind, "{}", "test");
            await Store.AddWorkAsync(job.Id, ["one"]);
            await Store.SetJobAsync(job.Id, JobState.Open);
            return job.Id;
        }

        var jobs = new[] { await Make(StoredJob.Background), await Make("file"), await Make("file") };
        var taken = new List<long>();
        while (await Store.ClaimAsync("a", 10, TimeSpan.FromMinutes(1)) is { Count: > 0 } items)
        {
            taken.AddRange(items.Select(item => item.Job));
        }

        Assert.Equal([jobs[1], jobs[2], jobs[0]], taken);
    }

    [Fact]
    public async Task ManyWorkersDoEachItemOnce()
    {
        var job = await Store.MakeJobAsync("file", "Many", "{}", "test");
        await Store.AddWorkAsync(job.Id, [.. Enumerable.Range(0, 200).Select(i => $"{i}")]);
        await Store.SetJobAsync(job.Id, JobState.Open);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            while (await Store.ClaimAsync($"worker-{worker}", 7, TimeSpan.FromMinutes(5)) is { Count: > 0 } items)
            {
                await Store.FileAsync(
                    [.. items.Select(item => MadeUp.Sighting(int.Parse(item.Item)))], new WorkDone($"worker-{worker}", [.. items.Select(item => new WorkResult(item.Id, Sightings: 1))]));
            }
        })));
        var done = (await Store.JobAsync(job.Id))!;
        Assert.Equal((JobState.Finished, 200L, 200L), (done.State, done.Done, done.Sightings));
        Assert.Equal(200, await Store.CountAsync());
        var filed = (await Store.ChangesAsync(0, 1000)).Where(change => change.Kind == ChangeKind.Filed).Select(change => change.Sighting).ToArray();
        Assert.Equal(200, filed.Distinct().Count());
    }

    [Fact]
    public async Task AFollowerMissesNothingWhileManyFile()
    {
        using var stop = new CancellationTokenSource();
        HashSet<long> followed = [];
        var follower = Task.Run(async () =>
        {
            var at = 0L;
            while (true)
            {
                var stopping = stop.IsCancellationRequested;
                var changes = await Store.ChangesAsync(at, 50);
                foreach (var change in changes)
                {
                    Assert.True(change.Number > at);
                    at = change.Number;
                    if (change.Sighting is { } id)
                    {
                        followed.Add(id);
                    }
                }

                if (stopping && changes.Count == 0)
                {
                    return;
                }
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 15; i++)
            {
                await Store.FileAsync([MadeUp.Sighting((writer * 1000) + (2 * i)), MadeUp.Sighting((writer * 1000) + (2 * i) + 1)]);
            }
        })));
        await stop.CancelAsync();
        await follower;
        Assert.Equal(120, followed.Count);
    }

    [Fact]
    public async Task RetentionNamesWhatIsTooOld()
    {
        await Store.SaveCameraAsync(new StoredCamera { Id = "door", Retention = TimeSpan.FromDays(7) });
        var ids = (await Store.FileAsync([
            MadeUp.Sighting(1, "door", taken: Time.Now.AddDays(-8)), MadeUp.Sighting(2, "door", taken: Time.Now.AddDays(-6)), MadeUp.Sighting(3, "door"), MadeUp.Sighting(4, "other", taken: Time.Now.AddDays(-90))])).Ids;
        Assert.Equal([ids[0]], await Store.ExpiredAsync(Time.Now, 100));
        Assert.Equal([ids[0], ids[1], ids[2]], await Store.ExpiredAsync(Time.Now.AddDays(7), 100));

        // A camera whose clock is years ahead keeps nothing for years.
        var ahead = (await Store.FileAsync([MadeUp.Sighting(5, "door", taken: Time.Now.AddYears(50))])).Ids[0];
        Assert.DoesNotContain(ahead, await Store.ExpiredAsync(Time.Now.AddDays(6), 100));
        Assert.Contains(ahead, await Store.ExpiredAsync(Time.Now.AddDays(7), 100));
    }

    [Fact]
    public async Task CamerasAreKeptAndChangedOnceAtATime()
    {
        var made = await Store.SaveCameraAsync(new StoredCamera { Id = "door", Name = "Front door", Place = "ground floor", X = 0.25, Y = 0.75, Retention = TimeSpan.FromDays(30) }, ByTest);
        Assert.Equal(made, (await Store.CamerasAsync()).Single());
        var moved = await Store.SaveCameraAsync(made with { X = null, Place = "yard" });
        Assert.Equal((2L, "yard", null), (moved.Version, moved.Place, moved.X));
        await Assert.ThrowsAsync<GalleryStoreException>(() => Store.SaveCameraAsync(made with { Name = "late" }));
        await Store.FileAsync([MadeUp.Sighting(1, "door")]);
        Assert.Equal("Front door", (await Store.CamerasAsync()).Single().Name);
        await Assert.ThrowsAsync<GalleryStoreException>(() => Store.RemoveCameraAsync("door"));
        Assert.False(await Store.RemoveCameraAsync("nowhere"));
    }

    [Fact]
    public async Task TheLogIsAChainThatOnlyGrows()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.LogAsync(new AuditDraft("test", "viewer", "search", null, "finding a lost child", $"{{\"n\":{i}}}"))));
        var verdict = await Store.VerifyAuditAsync();
        Assert.Null(verdict.Fault);
        Assert.Equal(20, verdict.Entries);
        var page = await Store.AuditAsync(long.MaxValue, 5);
        Assert.Equal([20L, 19, 18, 17, 16], page.Select(entry => entry.Number));
        Assert.Equal(verdict.Head, page[0].Hash);
        Assert.Equal("finding a lost child", page[0].Draft.Purpose);
        await RefusesToChangeTheLog();
        Assert.Equal(verdict, await Store.VerifyAuditAsync());
    }

    /// <summary>Databases refuse, cut off or exchange what is no text, and a hash over it would never be found again.</summary>
    [Fact]
    public async Task ALineThatHoldsNoTextIsKeptAsTextAndStillProved()
    {
        var odd = new string('a', 600) + "\0b\ud800c";
        await Task.WhenAll(
            Store.LogAsync(new AuditDraft("test\0", "viewer", "search", "subject", odd, $"{{\"words\":\"{odd}\"}}")), Store.LogAsync(new AuditDraft("test", "viewer", "search", null, "\0", "\udfff")));
        Assert.Null((await Store.VerifyAuditAsync()).Fault);
        var line = (await Store.AuditAsync(long.MaxValue, 2)).Single(entry => entry.Draft.Subject == "subject").Draft;
        Assert.Equal(("test\ufffd", 500, true), (line.Actor, line.Purpose!.Length, line.Details!.Contains("\ufffdb\ufffdc", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OfTwoWhoEditAtOnceOneIsTooLate()
    {
        var person = await Store.MakePersonAsync("Ann", null, []);
        var camera = await Store.SaveCameraAsync(new StoredCamera { Id = "door" });
        async Task<bool> Succeeds(Func<Task> edit)
        {
            try
            {
                await edit();
                return true;
            }
            catch (GalleryStoreException problem) when (problem.Fault == StoreFault.Conflict)
            {
                return false;
            }
        }

        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Succeeds(() => Store.EditPersonAsync(person.Id, $"name {i}", null, version: 1))));
        var cameras = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Succeeds(() => Store.SaveCameraAsync(camera with { Name = $"name {i}" }))));
        Assert.Equal((1, 1), (people.Count(done => done), cameras.Count(done => done)));
        Assert.Equal((2L, 2L), ((await Store.PersonAsync(person.Id))!.Version, (await Store.CamerasAsync()).Single().Version));
    }

    [Fact]
    public async Task KeysAndSessionsOpenUntilTheyEnd()
    {
        var key = await Store.AddKeyAsync("front desk", "viewer", "hash-1", Time.Now.AddDays(1));
        await Store.BeginSessionAsync("session-1", key.Id, Time.Now.AddHours(8));
        Assert.Equal(key, await Store.KeyAsync("hash-1"));
        Assert.Contains("Front Desk", (await Assert.ThrowsAsync<ArgumentException>(() => Store.AddKeyAsync("Front Desk", "admin", "hash-3", null))).Message, StringComparison.Ordinal);
        Assert.Equal(key.Id, (await Store.SessionAsync("session-1"))!.Id);
        Assert.Null(await Store.KeyAsync("hash-2"));
        Assert.True(key.IsValid(Time.Now));
        Time.Now += TimeSpan.FromHours(9);
        Assert.Null(await Store.SessionAsync("session-1"));
        Assert.False(key.IsValid(Time.Now.AddDays(1)));

        await Store.BeginSessionAsync("session-2", key.Id, Time.Now.AddHours(8));
        Assert.True(await Store.RevokeKeyAsync(key.Id));
        Assert.False(await Store.RevokeKeyAsync(key.Id));
        Assert.Null(await Store.SessionAsync("session-2"));
        Assert.False((await Store.KeysAsync()).Single().IsValid(Time.Now));
    }

    [Fact]
    public async Task AnAnswerIsRememberedForADay()
    {
        await Store.RememberAsync("ann", "k", new RememberedRequest("digest", 201, "{\"id\":1}"));
        await Store.RememberAsync("ann", "k", new RememberedRequest("other", 201, "{\"id\":2}"));
        Assert.Equal(new RememberedRequest("digest", 201, "{\"id\":1}"), await Store.RequestAsync("ann", "k"));
        Assert.Null(await Store.RequestAsync("bob", "k"));
        Time.Now += TimeSpan.FromHours(25);
        Assert.Null(await Store.RequestAsync("ann", "k"));
    }

    [Fact]
    public async Task SettingsAndPeopleAreKept()
    {
        await Store.SetAsync("banner", "first");
        await Store.SetAsync("banner", "Lost children only");
        Assert.Equal("Lost children only", await Store.SettingAsync("banner"));
        Assert.Null(await Store.SettingAsync("nothing"));
        var ids = (await Store.FileAsync([MadeUp.Sighting(1), MadeUp.Sighting(2)])).Ids;
        var ann = await Store.MakePersonAsync("Ann", "blue coat", ids);
        Assert.Equal(2, ann.Sightings);
        var eve = await Store.MakePersonAsync("Eve", null, [ids[1]]);
        Assert.Equal(1, (await Store.PersonAsync(ann.Id))!.Sightings);
        Assert.Equal([eve.Id, ann.Id], (await Store.PeopleAsync(long.MaxValue, 10)).Select(person => person.Id));
        Assert.Equal(("Anna", "blue coat"), (await Store.EditPersonAsync(ann.Id, "Anna", null, version: 1)) is { } edited ? (edited.Name, edited.Notes) : default);
        await Assert.ThrowsAsync<GalleryStoreException>(() => Store.EditPersonAsync(ann.Id, "late", null, version: 1));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.MakePersonAsync("Nobody", null, [ids[0], 999]));
        await Store.RememberAsync("ann", "k", new RememberedRequest("digest", 201, "{\"name\":\"Eve\"}"));
        await Store.EraseAsync([], [eve.Id]);
        Assert.Null(await Store.RequestAsync("ann", "k"));
        await Store.CheckAsync(thorough: true);
    }

    private protected abstract Task RefusesToChangeTheLog();
}
