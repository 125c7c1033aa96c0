using System.Formats.Tar;
using System.IO.Compression;
using Semblance.Core;
using Semblance.Gallery.Stores;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Filing.Tests;

public sealed class FilingTests(Pictures pictures) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private IReadOnlyList<(string Path, string Reason)> _problems = [];

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task AFolderIsFiledWithEachBadPictureNamed()
    {
        CopySome(12, "people/sub");

        File.WriteAllBytes(_folder.File("people/empty.jpg"), []);
        File.WriteAllText(_folder.File("people/words.jpg"), "no picture");
        await using var store = await Galleries.NewAsync(Gallery);
        var job = await RunAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, "people"), Camera = "door", Taken = new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero) });
        Assert.Equal((JobState.Finished, 13L, 12L, 1L, 12L), (job.State, job.Total, job.Done, job.Failed, job.Sightings));
        Assert.Contains("words.jpg", Assert.Single(await store.FailedWorkAsync(job.Id, 10)).Reason, StringComparison.Ordinal);
        Assert.Contains("empty.jpg", Assert.Single(_problems).Reason, StringComparison.Ordinal);
        await Galleries.AssertWholeAsync(store, 12);
        Assert.All(await store.AllSightingsAsync().ToListAsync(), sighting => Assert.Equal(("door", 2026), (sighting.Camera, sighting.Taken!.Value.Year)));
    }

    [Fact]
    public async Task PeopleOfScenePhotosAreFiledWithTheirPlaceInThem()
    {
        var files = Directory.GetFiles(pictures.Folder).Order(StringComparer.Ordinal).ToArray();
        var scene = new Picture(640, 260, Enumerable.Repeat((byte)150, 3 * 640 * 260).ToArray());
        for (var i = 0; i < 4; i++)
        {
            var person = PictureReader.Read(files[9 * (i + 1)]).Resize(width: 100, height: 200, Resampling.Bicubic);
            for (var y = 0; y < person.Height; y++)
            {
                person.Rgb.AsSpan(3 * y * person.Width, 3 * person.Width).CopyTo(scene.Rgb.AsSpan(3 * (((y + 30) * scene.Width) + (160 * i) + 30)));
            }
        }

        File.WriteAllBytes(_folder.File("scenes/four.jpg"), scene.EncodeJpeg(95));
        File.WriteAllBytes(_folder.File("scenes/nobody.jpg"), new Picture(640, 260, Enumerable.Repeat((byte)150, 3 * 640 * 260).ToArray()).EncodeJpeg(95));
        await using var store = await Galleries.NewAsync(Gallery);
        var settings = new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, "scenes"), Camera = "door", Scenes = true };
        var job = await RunAsync(store, settings);
        Assert.Equal((1L, 1L), (job.Done, job.Failed));
        Assert.Contains("nobody was found in it", Assert.Single(await store.FailedWorkAsync(job.Id, 10)).Reason, StringComparison.Ordinal);
        var people = await store.AllSightingsAsync().ToListAsync();
        Assert.InRange(people.Count, 2, 6);
        foreach (var (person, i) in people.OrderBy(person => person.Box!.X).Select((person, i) => (person, i)))
        {
            Assert.Matches($"^scenes/four\\.jpg~[0-9a-f]{{10}}#{i}$", person.Key);
            Assert.Equal("four.jpg", person.Source);
            var kept = PictureReader.Decode((await store.PictureAsync(person.Picture))!, person.Key);
            Assert.Equal((person.Box!.Width, person.Box.Height), (kept.Width, kept.Height));
        }

        // Again: nobody comes twice.
        await RunAsync(store, settings);
        Assert.Equal(people.Count, await store.CountAsync());
        var refused = Assert.Throws<ArgumentException>(() => FilingJobs.Check(settings with { Kind = FilingKind.Video }));
        Assert.Contains("scenes are photos in a folder or an archive", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Two people walk through a street one after the other; each walk is a track, and words find the one in red.</summary>
    [Fact]
    public async Task WhoWalksThroughAVideoIsFiledAsOneTrackAndFoundInWords()
    {
        var frames = Enumerable.Range(0, 160).Select(i =>
        {
            var picture = Imaging.Tests.Street.Empty((ulong)i);
            if (i is (>= 30 and < 70) or (>= 100 and < 140))
            {
                Imaging.Tests.Street.Person(picture, 40 + (5 * ((i % 70) - 30)), 205, 115, i < 100 ? null : new Colour(200, 30, 30));
            }

            return picture;
        });
        var path = _folder.File("street.avi");
        File.WriteAllBytes(path, Imaging.Tests.Avi.Film([.. frames], framesPerSecond: 10));
        await using var store = await Galleries.NewAsync(Gallery);
        var began = new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
        var job = await RunAsync(store, new FilingSettings { Kind = FilingKind.Video, Path = path, Camera = "yard", Taken = began, Every = 2 });
        var people = await store.AllSightingsAsync().ToListAsync();
        Assert.Equal((JobState.Finished, 0L, (long)people.Count), (job.State, job.Failed, job.Sightings));
        var walks = people.GroupBy(person => person.Track!).OrderBy(walk => walk.Min(person => person.Frame)).ToList();
        Assert.Equal(2, walks.Count);
        Assert.All(walks[0], person => Assert.InRange(person.Frame!.Value, 30, 69));
        Assert.All(walks[1], person => Assert.InRange(person.Frame!.Value, 100, 139));
        Assert.All(people, person => Assert.Equal(("yard", began + person.Time!.Value), (person.Camera, person.Taken)));
        Assert.All(people, person => Assert.InRange(person.Box!.Height, 80, 160));

        using var encoder = await GalleryModels.OpenAsync(store);
        var words = encoder.EncodeTexts(["a person in a red coat"], EmbeddingSpace.Joint)[0];
        var vectors = await store.VectorsAsync(encoder.Fingerprint.Hex, "joint", [.. people.Select(person => person.Id)]);
        var best = vectors.MaxBy(vector => vector.Vector.ToArray().Zip(words, (a, b) => a * b).Sum()).Sighting;
        Assert.Equal(walks[1].Key, people.Single(person => person.Id == best).Track);

        // Again: nobody comes twice.
        await RunAsync(store, new FilingSettings { Kind = FilingKind.Video, Path = path, Camera = "yard", Taken = began, Every = 2 });
        Assert.Equal(people.Count, await store.CountAsync());
    }

    /// <summary>A video may have hours to go when its job is cancelled, or its worker told to stop.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WorkInTheMiddleOfAVideoIsStopped(bool byCancellingTheJob)
    {
        var path = _folder.File("street.avi");
        File.WriteAllBytes(path, Imaging.Tests.Avi.Film([.. Enumerable.Repeat(new Picture(320, 240), 3000)], 25));
        await using var store = await Galleries.NewAsync(Gallery);
        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Video, Path = path }, "test", "admin");
        using var stop = new CancellationTokenSource();
        using var worker = new FilingWorker(store, Quick, async (fingerprint, cancellation) =>
        {
            // Now the work is taken, and the video not begun.
            if (byCancellingTheJob)
            {
                await store.SetJobAsync(job.Id, JobState.Cancelled, cancellation: cancellation);
            }
            else
            {
                stop.CancelAfter(Quick.Pause);
            }

            return await GalleryModels.OpenAsync(store, fingerprint, CancellationToken.None);
        });
        await worker.RunAsync(job.Id, cancellation: stop.Token);
        var after = (await store.JobAsync(job.Id))!;
        Assert.Equal((byCancellingTheJob ? JobState.Cancelled : JobState.Open, 0L, 0L), (after.State, after.Done, after.Failed));
        Assert.Equal(byCancellingTheJob ? 0 : 1, (await store.ClaimAsync("another", 10, TimeSpan.FromMinutes(1), job.Id)).Count);
    }

    /// <summary>Two cards both have an IMG_0001: neither takes the other's place, and the same card again files nobody.</summary>
    [Fact]
    public async Task PicturesOfOneNameFromTwoFoldersAreBothFiled()
    {
        var good = Directory.GetFiles(pictures.Folder).Order(StringComparer.Ordinal).Take(3).ToArray();
        File.Copy(good[0], _folder.File("a/photos/IMG_0001.jpg"));
        File.Copy(good[1], _folder.File("b/photos/IMG_0001.jpg"));
        File.Copy(good[0], _folder.File("c/photos/IMG_0001.jpg"));
        await using var store = await Galleries.NewAsync(Gallery);
        foreach (var (card, count) in new[] { ("a", 1), ("b", 2), ("c", 2), ("a", 2) })
        {
            await RunAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, card, "photos") });
            Assert.Equal(count, await store.CountAsync());
        }
    }

    [Fact]
    public async Task AWorkerThatCannotReachTheFilesLeavesTheJobToOthers()
    {
        CopySome(3, "mounted");

        await using var store = await Galleries.NewAsync(Gallery);
        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, "mounted") }, "test", "admin");
        Directory.Move(Path.Combine(_folder.Root, "mounted"), Path.Combine(_folder.Root, "elsewhere"));
        using (var elsewhere = new FilingWorker(store, Quick))
        {
            await elsewhere.RunAsync();
            Assert.Equal(job.Id, Assert.Single(elsewhere.Unreached).Key);
        }

        using (var asked = new FilingWorker(store, Quick))
        {
            Assert.Contains("cannot be reached from here", (await Assert.ThrowsAsync<SemblanceFormatException>(() => asked.RunAsync(job.Id))).Message, StringComparison.Ordinal);
        }

        Assert.Equal((JobState.Open, 0L), ((await store.JobAsync(job.Id))!.State, (await store.JobAsync(job.Id))!.Failed));
        Directory.Move(Path.Combine(_folder.Root, "elsewhere"), Path.Combine(_folder.Root, "mounted"));

        // Files that came meanwhile move the others to other places in the list.
        File.Copy(Directory.GetFiles(pictures.Folder)[5], _folder.File("mounted/0000.jpg"));
        using var worker = new FilingWorker(store, Quick);
        await worker.RunAsync();
        Assert.Equal((JobState.Finished, 3L, 0L), (await store.JobAsync(job.Id)) is { } done ? (done.State, done.Done, done.Failed) : default);
    }

    /// <summary>Whoever dies at an item says nothing: it is tried alone in the end, and given up, and nothing else with it.</summary>
    [Fact]
    public async Task AnItemAtWhichWorkersDieIsGivenUpAlone()
    {
        CopySome(6, "people");

        await using var store = await Galleries.NewAsync(Gallery);
        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, "people") }, "test", "admin");
        for (var death = 0; death < 3; death++)
        {
            await store.ClaimAsync($"dead {death}", 6, TimeSpan.Zero, job.Id);
        }

        for (var death = 3; death < 6; death++)
        {
            await store.ClaimAsync($"dead {death}", 1, TimeSpan.Zero, job.Id);
        }

        using var worker = new FilingWorker(store, Quick);
        await worker.RunAsync(job.Id);
        Assert.Equal((JobState.Finished, 5L, 1L), (await store.JobAsync(job.Id)) is { } done ? (done.State, done.Done, done.Failed) : default);
        Assert.Contains("given up", Assert.Single(await store.FailedWorkAsync(job.Id, 10)).Reason, StringComparison.Ordinal);
    }

    /// <summary>A gallery that is switched while a worker has the old model open is filed with the new one.</summary>
    [Fact]
    public async Task ASwitchInTheMiddleOfAFilingFilesWithTheNewModel()
    {
        await using var store = await Galleries.NewAsync(Gallery);
        var folder = Galleries.Another(Path.Combine(_folder.Root, "another"));
        var old = (await store.ModelsAsync())[0].Encoder.Fingerprint;
        string fingerprint;
        using (var second = ModelFile.Open(folder))
        {
            fingerprint = second.Fingerprint.ToString();
            await GalleryModels.AddAsync(store, folder, second, "another");
        }

        var (job, _) = await FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = pictures.Folder }, "test", "admin");
        using var worker = new FilingWorker(store, Quick, async (wanted, cancellation) =>
        {
            var encoder = await GalleryModels.OpenAsync(store, wanted, cancellation);
            if (wanted == old)
            {
                await store.SwitchAsync(fingerprint, cancellation: cancellation);
            }

            return encoder;
        });
        await worker.RunAsync(job.Id);
        Assert.Equal((JobState.Finished, 0L), (await store.JobAsync(job.Id)) is { } done ? (done.State, done.Failed) : default);
        await Galleries.AssertWholeAsync(store, pictures.Count);
    }

    /// <summary>A photo that says when it was taken is filed at that time; what the operator says counts more.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task APhotosOwnTimeIsKept(bool inAnArchive)
    {
        var photo = File.ReadAllBytes(Directory.GetFiles(pictures.Folder)[0]);
        byte[] time = [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x32, 0, 2, 0, 0, 0, 20, 0, 0, 0, 26, 0, 0, 0, 0, .. "2024:05:06 07:08:09"u8, 0];
        byte[] block = [.. "Exif\0\0"u8, .. time];
        File.WriteAllBytes(_folder.File("photos/a.jpg"), [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(block.Length + 2), .. block, .. photo[2..]]);
        if (inAnArchive)
        {
            ZipFile.CreateFromDirectory(Path.Combine(_folder.Root, "photos"), _folder.File("photos.zip"));
        }

        await using var store = await Galleries.NewAsync(Gallery);
        var settings = inAnArchive
            ? new FilingSettings { Kind = FilingKind.Archive, Path = _folder.File("photos.zip") }
            : new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, "photos") };
        await RunAsync(store, settings);
        var local = new DateTime(2024, 5, 6, 7, 8, 9);
        var sighting = Assert.Single(await store.AllSightingsAsync().ToListAsync());
        Assert.Equal(new DateTimeOffset(local, TimeZoneInfo.Local.GetUtcOffset(local)).ToUniversalTime(), sighting.Taken!.Value.ToUniversalTime());
    }

    [Theory, InlineData(".zip"), InlineData(".tar")]
    public async Task AnArchiveIsFiledWithoutUnpackingItsNames(string extension)
    {
        var archive = _folder.File($"people{extension}");
        var good = Directory.GetFiles(pictures.Folder).Take(5).ToArray();
        if (extension == ".zip")
        {
            using var zip = ZipFile.Open(archive, ZipArchiveMode.Create);
            foreach (var path in good)
            {
                zip.CreateEntryFromFile(path, $"../../{Path.GetFileName(path)}");
            }

            using (var bomb = zip.CreateEntry("bomb.jpg", CompressionLevel.SmallestSize).Open())
            {
                bomb.Write(new byte[80 << 20]);
            }

            zip.CreateEntry("readme.txt");
        }
        else
        {
            using var tar = new TarWriter(File.Create(archive));
            foreach (var path in good)
            {
                tar.WriteEntry(path, $"../../{Path.GetFileName(path)}");
            }

            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link.jpg") { LinkName = "/etc/passwd" });
        }

        await using var store = await Galleries.NewAsync(Gallery);
        var job = await RunAsync(store, new FilingSettings { Kind = FilingKind.Archive, Path = archive });
        Assert.Equal(5, job.Sightings);
        await Galleries.AssertWholeAsync(store, 5);
        var failed = await store.FailedWorkAsync(job.Id, 10);
        Assert.Equal(extension == ".zip" ? ["bomb.jpg"] : [], failed.Select(work => work.Item));
        Assert.Equal(["gallery", $"people{extension}"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task WhatIsNoSourceIsRefusedBeforeAJobIsMade()
    {
        await using var store = await Galleries.NewAsync(Gallery);
        var cut = _folder.File("cut.zip");
        File.WriteAllBytes(cut, [0x50, 0x4B, 3, 4, 20, 0]);
        await Assert.ThrowsAsync<SemblanceFormatException>(() => FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Archive, Path = cut }, "test", "admin"));
        await Assert.ThrowsAsync<SemblanceFormatException>(() => FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Video, Path = cut }, "test", "admin"));
        await Assert.ThrowsAsync<SemblanceFormatException>(() => FilingJobs.MakeAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, "none") }, "test", "admin"));
        Assert.Empty(await store.JobsAsync(10));
    }

    [Fact]
    public async Task ADataSetIsFiledOnceHoweverOften()
    {
        await using var store = await Galleries.NewAsync(Gallery);
        var settings = new FilingSettings { Kind = FilingKind.Dataset, Layout = "market1501", Path = pictures.World };
        var first = await RunAsync(store, settings);
        var second = await RunAsync(store, settings);
        Assert.Equal(first.Total, second.Total);
        Assert.Equal(first.Sightings, await store.CountAsync());
        await Galleries.AssertWholeAsync(store, (int)first.Sightings);
    }

    [Fact]
    public async Task AGalleryIsBroughtOverToAnotherModelAndGoesOnWhereItWasStopped()
    {
        await using var store = await Galleries.NewAsync(Gallery);
        await RunAsync(store, new FilingSettings { Kind = FilingKind.Dataset, Layout = "market1501", Path = pictures.World });
        var count = (int)await store.CountAsync();
        var folder = Galleries.Another(Path.Combine(_folder.Root, "another"));
        using var second = ModelFile.Open(folder);
        await GalleryModels.AddAsync(store, folder, second, "another");
        var fingerprint = second.Fingerprint.ToString();
        var job = (await Reembedding.MakeAsync(store, fingerprint, "test", "admin"))!;
        using (var stop = new CancellationTokenSource())
        using (var first = new FilingWorker(store, Quick with { ItemsAtOnce = 1 }))
        {
            await first.RunAsync(job.Id, _ => stop.Cancel(), stop.Token);
        }

        Assert.NotEqual(fingerprint, (await store.ModelsAsync())[0].Encoder.Fingerprint);
        var left = (await store.UnembeddedAsync(fingerprint, 0, count)).Count;
        Assert.InRange(left, 1, count - 1);

        // What is filed meanwhile is filed with the old model, before the rest, and comes over too.
        File.Copy(Directory.GetFiles(pictures.Folder)[0], _folder.File("newcomers/one.jpg"));
        await RunAsync(store, new FilingSettings { Kind = FilingKind.Folder, Path = Path.Combine(_folder.Root, "newcomers") });
        Assert.Equal(job.Id, (await Reembedding.MakeAsync(store, fingerprint, "somebody else", "admin"))!.Id);
        var embedded = 0L;
        using (var worker = new FilingWorker(store, Quick))
        {
            await worker.RunAsync(job.Id, done => embedded = done.People);
        }

        Assert.Equal(left + 1, embedded);
        Assert.Equal((JobState.Finished, 0L), ((await store.JobAsync(job.Id))!.State, (await store.JobAsync(job.Id))!.Failed));
        Assert.Null(await Reembedding.MakeAsync(store, fingerprint, "test", "admin"));
        Assert.Contains(await store.AuditAsync(long.MaxValue, 50), entry => entry.Draft is { Action: "model.switch", Actor: "test", Role: "admin" });
        count++;
        Assert.Equal(second.Fingerprint.ToString(), (await store.ModelsAsync())[0].Encoder.Fingerprint);
        await Galleries.AssertWholeAsync(store, count);

        // Opened from the store, it is the same model; a damaged copy is only a copy.
        using (var opened = await GalleryModels.OpenAsync(store))
        {
            Assert.Equal(second.Fingerprint, opened.Fingerprint);
        }

        File.WriteAllText(Path.Combine(Gallery, "models", second.Fingerprint.ToString(), "model.safetensors"), "damaged");
        using var again = await GalleryModels.OpenAsync(store);
        Assert.Equal(second.Fingerprint, again.Fingerprint);
    }

    [Fact]
    public async Task ADamagedPictureKeepsTheOldModelAndIsNamed()
    {
        await using var store = await Galleries.NewAsync(Gallery);
        await RunAsync(store, new FilingSettings { Kind = FilingKind.Dataset, Layout = "market1501", Path = pictures.World });
        var (count, old) = ((int)await store.CountAsync(), (await store.ModelsAsync())[0].Encoder.Fingerprint);
        var sightings = await store.AllSightingsAsync().ToListAsync();
        var damaged = sightings[count / 2];
        File.WriteAllText(Directory.GetFiles(Gallery, damaged.Picture, SearchOption.AllDirectories)[0], "no picture");
        var folder = Galleries.Another(Path.Combine(_folder.Root, "another"));
        using var second = ModelFile.Open(folder);
        var fingerprint = second.Fingerprint.ToString();
        await GalleryModels.AddAsync(store, folder, second, "another");
        var job = (await Reembedding.MakeAsync(store, fingerprint, "test", "admin"))!;
        using (var worker = new FilingWorker(store, Quick))
        {
            await worker.RunAsync(job.Id);
        }

        // Its range and the switch both say why; all others are done.
        var failed = await store.FailedWorkAsync(job.Id, 10);
        Assert.Equal(2, failed.Count);
        Assert.All(failed, item => Assert.Contains($"sighting {damaged.Id}", item.Reason, StringComparison.Ordinal));
        Assert.Equal(old, (await store.ModelsAsync())[0].Encoder.Fingerprint);
        Assert.Equal([damaged.Id], (await store.UnembeddedAsync(fingerprint, 0, count)).Select(sighting => sighting.Id));

        await store.EraseAsync([damaged.Id], []);
        var again = (await Reembedding.MakeAsync(store, fingerprint, "test", "admin"))!;
        Assert.NotEqual(job.Id, again.Id);
        using (var worker = new FilingWorker(store, Quick))
        {
            await worker.RunAsync(again.Id);
        }

        Assert.Equal(fingerprint, (await store.ModelsAsync())[0].Encoder.Fingerprint);
        await Galleries.AssertWholeAsync(store, count - 1);
    }

    [Fact]
    public async Task ADeadWorkerDoesNotHoldUpTheSwitchAndADroppedModelEndsTheJob()
    {
        await using var store = await Galleries.NewAsync(Gallery);
        await RunAsync(store, new FilingSettings { Kind = FilingKind.Dataset, Layout = "market1501", Path = pictures.World });
        var count = (int)await store.CountAsync();
        var folder = Galleries.Another(Path.Combine(_folder.Root, "another"));
        using var second = ModelFile.Open(folder);
        var fingerprint = second.Fingerprint.ToString();
        await GalleryModels.AddAsync(store, folder, second, "another");
        var dropped = (await Reembedding.MakeAsync(store, fingerprint, "test", "admin"))!;
        await store.DropModelAsync(fingerprint);
        using (var worker = new FilingWorker(store, Quick))
        {
            await worker.RunAsync(dropped.Id);
        }

        Assert.Equal(dropped.Total, (await store.JobAsync(dropped.Id))!.Failed);
        await GalleryModels.AddAsync(store, folder, second, "another");
        var job = (await Reembedding.MakeAsync(store, fingerprint, "test", "admin"))!;
        Assert.NotEmpty(await store.ClaimAsync("dead", 1, TimeSpan.FromSeconds(4), job.Id));
        using var two = new FilingWorker(store, Quick with { Lease = TimeSpan.FromMilliseconds(500) });
        var working = two.RunAsync(job.Id);
        Assert.True(await Galleries.Until(async () => (await store.ModelsAsync())[0].Encoder.Fingerprint == fingerprint));
        await working;
        var done = (await store.JobAsync(job.Id))!;
        Assert.Equal((JobState.Finished, 0L, (long)count), (done.State, done.Failed, done.Sightings));
        await Galleries.AssertWholeAsync(store, count);
    }

    private static FilingWorkerOptions Quick => new() { Pause = TimeSpan.FromMilliseconds(50) };

    private string Gallery => Path.Combine(_folder.Root, "gallery");

    private void CopySome(int count, string folder)
    {
        foreach (var good in Directory.GetFiles(pictures.Folder).Take(count))
        {
            File.Copy(good, _folder.File($"{folder}/{Path.GetFileName(good)}"));
        }
    }

    private async Task<StoredJob> RunAsync(IGalleryStore store, FilingSettings settings)
    {
        (var job, _problems) = await FilingJobs.MakeAsync(store, settings, "test", "admin");
        using var worker = new FilingWorker(store, Quick);
        await worker.RunAsync(job.Id);
        return (await store.JobAsync(job.Id))!;
    }
}
