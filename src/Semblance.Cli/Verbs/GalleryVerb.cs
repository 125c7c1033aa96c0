using System.CommandLine;
using Semblance.Cli.Galleries;
using Semblance.Cli.Terminal;
using Semblance.Data;
using Semblance.Filing;
using Semblance.Gallery;
using Semblance.Gallery.Stores;
using Semblance.Models;
using Semblance.Training;

namespace Semblance.Cli.Verbs;

/// <summary><c>semblance gallery build|file|work|switch|calibrate|erase|check</c></summary>
internal static class GalleryVerb
{
    private static readonly AuditDraft ByHand = BulkFiling.ByHand;

    public static Command Create() => new("gallery", "Galleries: people's pictures with their embeddings, ready to be searched.") { Build(), FileMore(), Work(), Switch(), Calibrate(), Erase(), Check() };

    /// <summary>The options that name a source; one set for each verb that files.</summary>
    private sealed class SourceOptions
    {
        private readonly Option<string?> _images = new("--images") { Description = "Folder of pictures, one person each; sub-folders are read too.", HelpName = "DIR" };
        private readonly Option<string?> _archive = new("--archive") { Description = "The same in a ZIP or TAR file.", HelpName = "FILE" };
        private readonly Option<string?> _data = new("--layout-data") { Description = "Root of a data set; its gallery (or test) split is filed.", HelpName = "DIR" };
        private readonly Option<string> _layout = new("--layout") { Description = $"How that data set is laid out: {string.Join(", ", DataLayout.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => "market1501" };
        private readonly Option<string[]> _withdrawn = Withdrawn.Option();
        private readonly Option<string?> _video = new("--video") { Description = "A video of a camera that stands still: people are found and tracked in it; each walk is filed with its best pictures.", HelpName = "FILE" };
        private readonly Option<bool> _scenes = new("--scenes") { Description = "The photos of --images or --archive show whole scenes: people are found in each and filed with their boxes." };
        private readonly Option<string?> _camera = new("--camera") { Description = "The camera of all of it, where the source names none.", HelpName = "ID" };
        private readonly Option<DateTimeOffset?> _taken = new("--taken") { Description = "When it was taken, such as 2026-05-01T08:30:00Z; of a video, its first frame.", HelpName = "TIME" };

        public void AddTo(Command command)
        {
            foreach (var option in (Option[])[_images, _archive, _data, _layout, _withdrawn, _video, _scenes, _camera, _taken])
            {
                command.Add(option);
            }
        }

        public FilingSettings Read(ParseResult parsed)
        {
            (FilingKind Kind, string? Path)[] sources = [
                (FilingKind.Folder, parsed.GetValue(_images)), (FilingKind.Archive, parsed.GetValue(_archive)), (FilingKind.Dataset, parsed.GetValue(_data)), (FilingKind.Video, parsed.GetValue(_video))];
            var named = sources.Where(source => source.Path is not null).ToArray();
            if (named.Length != 1)
            {
                throw new ArgumentException($"{named.Length} sources are named, expected one of --images DIR, --archive FILE, --layout-data DIR, --video FILE");
            }

            return new FilingSettings
            {
                Kind = named[0].Kind,
                Path = named[0].Path!,
                Layout = named[0].Kind == FilingKind.Dataset ? parsed.GetRequiredValue(_layout) : null,
                AcceptWithdrawn = parsed.GetValue(_withdrawn) ?? [],
                Scenes = parsed.GetValue(_scenes),
                Camera = parsed.GetValue(_camera),
                Taken = parsed.GetValue(_taken),
            };
        }
    }

    private static Verb Build()
    {
        var run = new Argument<string>("RUN") { Description = "Directory of a finished run: its model encodes the pictures." };
        var source = new SourceOptions();
        var output = new Option<string>("--out") { Description = "The gallery: a folder, or postgres://user@host/database.", HelpName = "GALLERY", Required = true };
        var json = new Option<bool>("--json") { Description = "Prints the outcome as one JSON object." };
        var command = new Verb(
            "build",
            "Encodes pictures with a trained model and files them in a new gallery, or in one of the same model. A bad picture is reported and left out; the rest goes on.",
            "semblance gallery build out/run --images photos --out out/gallery",
            "semblance gallery build out/run --layout-data out/world --layout market1501 --out out/gallery",
            "semblance gallery build out/run --video street.avi --camera yard --taken 2026-05-01T08:30:00Z --out out/gallery")
        {
            run, output, json,
        };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = source.Read(parsed);
            var location = parsed.GetRequiredValue(output);
            if (!GalleryStores.IsPostgres(location))
            {
                OutputFolder.Checked(output.Name, location);
            }

            var runFolder = parsed.GetRequiredValue(run);
            using var encoder = TrainedModel.Open(runFolder);
            FilingJobs.Check(settings);
            var made = !GalleryStores.Exists(location);
            var result = 0;
            await using (var store = await GalleryStores.OpenAsync(location, create: true, cancellation: cancellation))
            {
                var model = await GalleryModels.AddAsync(
                    store, TrainedModel.ModelFolder(runFolder), encoder, Path.GetFileName(Path.GetFullPath(runFolder)), ByHand with { Action = "model.add", Subject = $"model/{encoder.Fingerprint}" }, cancellation);
                if (model.State != ModelState.Current)
                {
                    throw new ArgumentException(
                        $"{location} is filed and searched with another model: file with that one ({Spelling.Program} gallery file {location}), or bring the gallery over ({Spelling.Program} gallery switch {location} {runFolder})");
                }

                result = await ReportAsync(store, settings, encoder, parsed.GetValue(json), cancellation);
            }

            if (result != 0 && made && !GalleryStores.IsPostgres(location))
            {
                // Nobody asked for an empty gallery.
                Directory.Delete(location, recursive: true);
            }

            return result;
        });
        return command;
    }

    private static Verb FileMore()
    {
        var gallery = GalleryArgument();
        var source = new SourceOptions();
        var json = new Option<bool>("--json") { Description = "Prints the outcome as one JSON object." };
        var command = new Verb(
            "file",
            "Files more pictures in a gallery with the model that it carries.",
            "semblance gallery file out/gallery --images monday --camera door",
            "semblance gallery file postgres://semblance@db/gallery --video monday.avi --camera yard")
        {
            gallery, json,
        };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = source.Read(parsed);
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            return await ReportAsync(store, settings, null, parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static Verb Work()
    {
        var gallery = new Option<string>("--gallery") { Description = "The gallery: its folder, or postgres://user@host/database.", HelpName = "GALLERY", Required = true };
        var stay = new Option<bool>("--stay") { Description = "Waits for new jobs instead of ending when there is none." };
        var json = new Option<bool>("--json") { Description = "Prints what was done here as one JSON object." };
        var command = new Verb(
            "work",
            "Takes part in the filing jobs of a gallery, beside any number of other workers, and ends when there is nothing left to take. For the arrays of a scheduler: start it on many machines that reach the same files.",
            "semblance gallery work --gallery postgres://semblance@db/gallery")
        {
            gallery, stay, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            using var worker = new FilingWorker(store, new FilingWorkerOptions { Stay = parsed.GetValue(stay) });
            var done = default(WorkerProgress);
            using (var progress = Talk.Begin("working", "items"))
            {
                await worker.RunAsync(progress: now => progress.Report((done = now).Items, now.Items, $"{now.People:N0} people"), cancellation: cancellation);
            }

            foreach (var (job, reason) in worker.Unreached)
            {
                Talk.Line($"job {job} is left to workers that reach its files: {reason}");
            }

            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { gallery = store.Location, items = done.Items, people = done.People, failed = done.Failed })
                : $"{done.Items:N0} items done here, {done.People:N0} people filed, {done.Failed:N0} items left out.");
            return 0;
        });
        return command;
    }

    private static Verb Switch()
    {
        var gallery = GalleryArgument();
        var run = new Argument<string>("RUN") { Description = "Directory of a finished run: the model to change to." };
        var json = new Option<bool>("--json") { Description = "Prints the outcome as one JSON object." };
        var command = new Verb(
            "switch",
            "Brings a gallery over to another model: embeds every picture again, while the gallery is searched and filed into with the old one, and then switches in one step. It is a job, so other workers and a server help. Stopped and started again, it goes on where it was.",
            "semblance gallery switch out/gallery out/better-run")
        {
            gallery, run, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(run);
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            using var encoder = TrainedModel.Open(folder);
            var (fingerprint, name) = (encoder.Fingerprint.ToString(), Path.GetFileName(Path.GetFullPath(folder)));
            await GalleryModels.AddAsync(store, TrainedModel.ModelFolder(folder), encoder, name, ByHand with { Action = "model.add", Subject = $"model/{fingerprint}" }, cancellation);
            if (await Reembedding.MakeAsync(store, fingerprint, ByHand.Actor, ByHand.Role, cancellation) is { } job)
            {
                using var worker = new FilingWorker(store);
                using (var progress = Talk.Begin("embedding again", "pieces"))
                {
                    await worker.RunAsync(job.Id, now => progress.Report(now.Items, job.Total, $"{now.People:N0} sightings"), cancellation);
                }

                foreach (var failed in await store.FailedWorkAsync(job.Id, BulkFiling.ListedProblems, cancellation))
                {
                    Console.Error.WriteLine(failed.Reason);
                }
            }

            if ((await store.ModelsAsync(cancellation))[0].Encoder.Fingerprint != fingerprint)
            {
                Console.Error.WriteLine("The gallery is still searched with its old model. Mend what is said above and call this again: what was embedded stays.");
                return 1;
            }

            var sightings = await store.CountAsync(cancellation);
            Console.Out.WriteLine(parsed.GetValue(json) ? Json.Write(new { gallery = store.Location, sightings, model = name, fingerprint }) : $"{sightings:N0} sightings are searched with {name} now.");
            return 0;
        });
        return command;
    }

    private static Verb Calibrate()
    {
        var gallery = GalleryArgument();
        var data = new Option<string>("--data") { Description = "A data set of labelled people that the model has not learnt from, as like the gallery's as can be had.", HelpName = "DIR", Required = true };
        var layout = new Option<string>("--layout") { Description = $"How it is laid out: {string.Join(", ", DataLayout.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => "market1501" };
        var withdrawn = Withdrawn.Option();
        var json = new Option<bool>("--json") { Description = "Prints the curves as one JSON object." };
        var command = new Verb(
            "calibrate",
            "Measures how often answers are right, so that searches show a probability and say when nobody may be meant.",
            "semblance gallery calibrate out/gallery --data labelled --layout market1501")
        {
            gallery, data, layout, withdrawn, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var dataset = DataLayout.Open(parsed.GetRequiredValue(layout), parsed.GetRequiredValue(data), parsed.Accepted(withdrawn) with { AllowIncomplete = true, MaxMissing = int.MaxValue });
            Notices.Say([dataset]);
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            using var encoder = await GalleryModels.OpenAsync(store, cancellation);
            MatchCalibration calibration;
            using (var progress = Talk.Begin("measuring", "pictures"))
            {
                calibration = MatchCalibrator.Fit(dataset, encoder, (done, all) => progress.Report(done, all), cancellation);
            }

            await store.CalibrateAsync(encoder.Fingerprint.ToString(), calibration.Write(), ByHand with { Action = "model.calibrate", Subject = $"model/{encoder.Fingerprint}" }, cancellation);
            string Half(LogisticCurve? curve) => curve is null ? "not measured" : $"right half of the time at {-curve.Offset / curve.Slope:0.000}";
            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { gallery = store.Location, calibration })
                : $"Pictures: {Half(calibration.Image)}. Words: {Half(calibration.Joint)}. Both: {Half(calibration.Composed)}. ({calibration.Measured})");
            return 0;
        });
        return command;
    }

    private static Verb Erase()
    {
        var gallery = GalleryArgument();
        var sightings = new Option<long[]>("--sighting") { Description = "A sighting's number. May be given several times.", HelpName = "ID", DefaultValueFactory = _ => [] };
        var people = new Option<long[]>("--person") { Description = "A person's number: the person and every sighting assigned to it. May be given several times.", HelpName = "ID", DefaultValueFactory = _ => [] };
        var expired = new Option<bool>("--expired") { Description = "What the cameras' retention no longer allows." };
        var purpose = new Option<string?>("--purpose") { Description = "Why; stands in the audit log.", HelpName = "WORDS" };
        var command = new Verb(
            "erase",
            "Removes sightings for good: rows, vectors of every model, and pictures that nothing else shows. Prints a certificate of what was removed, as JSON.",
            "semblance gallery erase out/gallery --sighting 17 --purpose \"asked for by the person\"",
            "semblance gallery erase out/gallery --expired")
        {
            gallery, sightings, people, expired, purpose,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            const int atOnce = 1000;
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            var (ids, persons) = (parsed.GetValue(sightings) ?? [], parsed.GetValue(people) ?? []);
            if (ids.Length + persons.Length == 0 && !parsed.GetValue(expired))
            {
                throw new ArgumentException("nothing is named: give --sighting ID, --person ID or --expired");
            }

            await CheckNamedAsync(store, ids, persons, cancellation);
            var audit = ByHand with { Action = "sighting.erase", Purpose = parsed.GetValue(purpose) };
            List<Erasure> erasures = [await store.EraseAsync(ids, persons, audit, cancellation)];
            while (parsed.GetValue(expired) && await store.ExpiredAsync(DateTimeOffset.UtcNow, atOnce, cancellation) is { Count: > 0 } old)
            {
                erasures.Add(await store.EraseAsync(old, [], audit with { Action = "sighting.expire" }, cancellation));
            }

            Console.Out.WriteLine(Json.Write(new
            {
                gallery = store.Location,
                sightings = erasures.SelectMany(erasure => erasure.Sightings),
                people = erasures.SelectMany(erasure => erasure.People),
                vectors = erasures.Sum(erasure => erasure.Vectors),
                pictures = erasures.SelectMany(erasure => erasure.Pictures),
                kept_pictures = erasures.Sum(erasure => erasure.KeptPictures),
                audit = erasures.Select(erasure => erasure.Line?.Hash).OfType<string>(),
            }));
            return 0;
        });
        return command;
    }

    /// <summary>An erasure that would remove nothing that was named must not look done.</summary>
    private static async Task CheckNamedAsync(IGalleryStore store, long[] sightings, long[] people, CancellationToken cancellation)
    {
        var known = (await store.SightingsAsync(sightings, cancellation)).Select(sighting => sighting.Id).ToHashSet();
        List<string> missing = [.. sightings.Where(id => !known.Contains(id)).Select(id => $"sighting {id}")];
        foreach (var id in people)
        {
            if (await store.PersonAsync(id, cancellation) is null)
            {
                missing.Add($"person {id}");
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        var complaint = $"{store.Location} has no {string.Join(", no ", missing)}";
        if (missing.Count == sightings.Length + people.Length)
        {
            throw new ArgumentException($"{complaint}: expected the numbers that searches and the pages show");
        }

        Talk.Line($"{complaint}; the rest is erased");
    }

    private static Verb Check()
    {
        var gallery = GalleryArgument();
        var json = new Option<bool>("--json") { Description = "Prints the outcome as one JSON object." };
        var command = new Verb("check", "Reads a gallery whole and proves it: the database's pages, every picture against its hash, and the chain of the audit log. Deletes picture files that a killed filing has left.", "semblance gallery check out/gallery") { gallery, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await GalleryStores.OpenAsync(parsed.GetRequiredValue(gallery), cancellation: cancellation);
            await store.CheckAsync(thorough: true, cancellation);
            var swept = await store.SweepAsync(cancellation);
            var audit = await store.VerifyAuditAsync(cancellation);
            var (sightings, model) = (await store.CountAsync(cancellation), (await store.ModelsAsync(cancellation)) is [var current, ..] ? current : null);
            Console.Out.WriteLine(parsed.GetValue(json)
                ? Json.Write(new { gallery = store.Location, sightings, model = model?.Encoder, swept, audit })
                : $"{store.Location}: {sightings:N0} sightings, {(model is null ? "no model" : $"model {model.Encoder.Description}")}. {(swept > 0 ? $"{swept} picture files that a killed filing had left are deleted. " : "")}{audit.Fault ?? $"The audit log of {audit.Entries:N0} lines holds together; its head is {audit.Head}"}.");
            return audit.Fault is null ? 0 : 3;
        });
        return command;
    }

    private static Argument<string> GalleryArgument() => new("GALLERY") { Description = "The gallery: its folder, or postgres://user@host/database." };

    private static async Task<int> ReportAsync(IGalleryStore store, FilingSettings settings, IPersonEncoder? encoder, bool json, CancellationToken cancellation)
    {
        IReadOnlyList<FilingProblem> problems;
        StoredJob job;
        using (var progress = Talk.Begin("filing", settings.Kind == FilingKind.Video ? "videos" : "pictures"))
        {
            (job, problems) = await BulkFiling.RunAsync(store, settings, progress, encoder, cancellation);
        }

        foreach (var problem in problems)
        {
            Talk.Line($"left out: {problem.Reason}");
        }

        if (job.Sightings == 0)
        {
            Talk.Line($"semblance: nothing could be filed: {problems.Count} problems{(problems.Count > 0 ? $", the first: {problems[0].Reason}" : ", and no picture of a person was found")}");
            return problems.Count > 0 ? 3 : 2;
        }

        Console.Out.WriteLine(json
            ? Json.Write(new { gallery = store.Location, job = job.Id, sightings = job.Sightings, problems })
            : $"{job.Sightings:N0} sightings filed, {problems.Count} left out. Ask: {Spelling.Program} search {store.Location} --text \"a man in a blue jacket\"");
        return 0;
    }
}
