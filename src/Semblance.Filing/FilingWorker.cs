using System.Diagnostics;
using Semblance.Core;
using Semblance.Filing.Sources;
using Semblance.Gallery.Stores;
using Semblance.Models;

namespace Semblance.Filing;

/// <summary>
/// Does the filing and re-embedding that jobs ask for, beside any number of other workers on one gallery. Killed in the middle, it loses nothing: what it had taken comes back when its
/// lease is over, and what it had filed is not filed again.
/// </summary>
public sealed class FilingWorker : IDisposable
{
    private readonly IGalleryStore _store;
    private readonly FilingWorkerOptions _options;
    private readonly Func<string, CancellationToken, Task<IPersonEncoder>> _open;
    private readonly Dictionary<long, IFilingSource> _sources = [];
    private readonly Dictionary<long, (string Reason, long Since)> _unreached = [];
    private IPersonEncoder? _encoder;

    /// <param name="store">The gallery; borrowed.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="open">Opens the model of a fingerprint; <see cref="GalleryModels"/> by default. What it gives is disposed with the worker.</param>
    public FilingWorker(IGalleryStore store, FilingWorkerOptions? options = null, Func<string, CancellationToken, Task<IPersonEncoder>>? open = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = options ?? new FilingWorkerOptions();
        _open = open ?? (async (fingerprint, cancellation) => await GalleryModels.OpenAsync(store, fingerprint, cancellation));
    }

    /// <summary>Jobs whose files cannot be reached from here, with the reason: left to workers that can.</summary>
    public IReadOnlyDictionary<long, string> Unreached => _unreached.ToDictionary(job => job.Key, job => job.Value.Reason);

    /// <summary>Works until its job is finished, or, without one, until there is no work left.</summary>
    /// <param name="job">Only this job's work; null for any.</param>
    /// <param name="progress">Told after each batch: items settled and people filed by this worker.</param>
    /// <param name="cancellation">Stops after the present batch, in the middle of a video too; what was taken and not done is for others.</param>
    /// <exception cref="SemblanceFormatException">The files of the job that was asked for cannot be reached from here.</exception>
    public async Task RunAsync(long? job = null, Action<WorkerProgress>? progress = null, CancellationToken cancellation = default)
    {
        var done = new WorkerProgress(0, 0, 0);
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var again in _unreached.Where(one => Stopwatch.GetElapsedTime(one.Value.Since) > _options.Unreached).Select(one => one.Key).ToArray())
            {
                _unreached.Remove(again);
            }

            var items = await Patiently(() => _store.ClaimAsync(_options.Name, _options.ItemsAtOnce, _options.Lease, job, _unreached.Keys, cancellation), cancellation);
            if (items.Count > 0)
            {
                done = await WorkAsync(items, done, cancellation);
                progress?.Invoke(done);
                if (job is { } asked && _unreached.TryGetValue(asked, out var away))
                {
                    throw new SemblanceFormatException($"job {asked}", $"its files cannot be reached from here: {away.Reason}");
                }

                continue;
            }

            // Nothing to take: others may still be at work, and their work comes back if they die.
            if (job is { } wanted ? (await _store.JobAsync(wanted, cancellation))?.State is not JobState.Open : !_options.Stay)
            {
                return;
            }

            await Task.Delay(_options.Pause, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var source in _sources.Values)
        {
            source.Dispose();
        }

        _encoder?.Dispose();
    }

    private async Task<WorkerProgress> WorkAsync(IReadOnlyList<WorkItem> items, WorkerProgress done, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        // What is taken at once is of one job.
        var (heart, watch) = (RenewAsync(over.Token), WatchAsync(items[0].Job, stop, over.Token));
        try
        {
            var job = (await _store.JobAsync(items[0].Job, stop.Token))!;
            return job.Kind == Reembedding.Kind ? await ReembedAsync(job, items, done, stop.Token)
                : Source(job) is { } source ? await FileAsync(source, await TriableAsync(items, stop.Token), done, stop.Token)
                : await ReleaseAsync(items, done, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return await ReleaseAsync(items, done, CancellationToken.None);
        }
        catch (GalleryStoreException problem) when (problem.Fault == StoreFault.Conflict)
        {
            // Another worker took it over: it is his now.
            return done;
        }
        finally
        {
            await over.CancelAsync();
            await heart;
            await watch;
        }
    }

    private async Task<WorkerProgress> ReleaseAsync(IReadOnlyList<WorkItem> items, WorkerProgress done, CancellationToken cancellation)
    {
        await _store.ReleaseAsync(_options.Name, [.. items.Select(item => item.Id)], cancellation);
        return done;
    }

    /// <summary>Workers died at one of these before: each is tried alone, so that the guilty one is found and the others are not given up with it.</summary>
    private async Task<IReadOnlyList<WorkItem>> TriableAsync(IReadOnlyList<WorkItem> items, CancellationToken cancellation)
    {
        if (items.Count == 1 || items.All(item => item.Attempts <= 2))
        {
            return items;
        }

        await _store.ReleaseAsync(_options.Name, [.. items.Skip(1).Select(item => item.Id)], cancellation);
        return [items[0]];
    }

    private async Task<WorkerProgress> FileAsync(IFilingSource source, IReadOnlyList<WorkItem> items, WorkerProgress done, CancellationToken cancellation)
    {
        var fingerprint = await CurrentAsync(cancellation);
        try
        {
            return await FileAsync(source, items, new SightingFiler(_store, await EncoderAsync(fingerprint, cancellation)), done, cancellation);
        }
        catch (ArgumentException)
        {
            if (await CurrentAsync(cancellation) == fingerprint)
            {
                throw;
            }

            // The gallery was switched to another model meanwhile: the same items once more, with that one.
            return await ReleaseAsync(items, done, cancellation);
        }
    }

    private async Task<WorkerProgress> FileAsync(IFilingSource source, IReadOnlyList<WorkItem> items, SightingFiler filer, WorkerProgress done, CancellationToken cancellation)
    {
        List<WorkResult> results = [];
        List<FoundPerson> waiting = [];
        var filed = 0;
        foreach (var item in items)
        {
            var people = 0;
            if (item.Attempts > _options.Tries)
            {
                results.Add(new WorkResult(item.Id, $"{item.Item}: given up, since each of {_options.Tries} workers that took it ended before it was done", people));
                continue;
            }

            try
            {
                foreach (var person in source.Open(item.Item, cancellation))
                {
                    waiting.Add(person);
                    people++;
                    if (waiting.Count >= _options.PeopleAtOnce)
                    {
                        filed += (await Patiently(() => filer.FileAsync(waiting, cancellation: cancellation), cancellation)).New;
                        waiting.Clear();
                    }
                }

                results.Add(new WorkResult(item.Id, null, people));
            }
            catch (Exception problem) when (problem is SemblanceFormatException or IOException or UnauthorizedAccessException)
            {
                results.Add(new WorkResult(item.Id, problem.Message, people));
            }
        }

        var work = new WorkDone(_options.Name, results);
        filed += (await Patiently(() => filer.FileAsync(waiting, work, cancellation: cancellation), cancellation)).New;
        return new WorkerProgress(done.Items + results.Count, done.People + filed, done.Failed + results.Count(result => result.Reason is not null));
    }

    private async Task<WorkerProgress> ReembedAsync(StoredJob job, IReadOnlyList<WorkItem> items, WorkerProgress done, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            WorkResult result;
            try
            {
                var filer = new SightingFiler(_store, await EncoderAsync(Reembedding.Settings(job).Fingerprint, cancellation));
                result = new WorkResult(item.Id, null, await Patiently(() => Reembedding.WorkAsync(_store, filer, job, item.Item, _options.Lease, _options.Pause, cancellation), cancellation));
            }
            catch (Exception problem) when (problem is SemblanceFormatException or ArgumentException)
            {
                // A picture is damaged, or the model was dropped.
                result = new WorkResult(item.Id, problem.Message, 0);
            }

            // Each by itself: the last item waits for all others.
            await Patiently(async () =>
            {
                await _store.SettleAsync(new WorkDone(_options.Name, [result]), cancellation);
                return 0;
            }, cancellation);
            done = new WorkerProgress(done.Items + 1, done.People + result.Sightings, done.Failed + (result.Reason is null ? 0 : 1));
        }

        return done;
    }

    /// <summary>Stops the work at a job that is cancelled meanwhile: a video may have hours to go.</summary>
    private async Task WatchAsync(long job, CancellationTokenSource stop, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(4 * _options.Pause, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            try
            {
                if (!cancellation.IsCancellationRequested && (await _store.JobAsync(job, CancellationToken.None))?.State == JobState.Cancelled)
                {
                    await stop.CancelAsync();
                    return;
                }
            }
            catch (GalleryStoreException)
            {
                // The store is away: nobody cancels anything meanwhile.
            }
        }
    }

    /// <summary>Keeps what was taken while it is worked at.</summary>
    private async Task RenewAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(_options.Lease / 3, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
            if (!cancellation.IsCancellationRequested)
            {
                try
                {
                    await _store.RenewAsync(_options.Name, _options.Lease, CancellationToken.None);
                }
                catch (GalleryStoreException)
                {
                    // The store is away; if it stays so, the work is somebody else's.
                }
            }
        }
    }

    /// <summary>The store may be away for a while: a restart of the database is no reason to give up.</summary>
    private async Task<T> Patiently<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (GalleryStoreException problem) when (problem.Fault == StoreFault.Unavailable && attempt < _options.Attempts)
            {
                await Task.Delay(_options.Pause, cancellation);
            }
        }
    }

    private async Task<string> CurrentAsync(CancellationToken cancellation) =>
        (await _store.ModelsAsync(cancellation)).FirstOrDefault(model => model.State == ModelState.Current)?.Encoder.Fingerprint
        ?? throw new ArgumentException($"the gallery {_store.Location} has no model: add one first (semblance gallery build RUN)");

    private async Task<IPersonEncoder> EncoderAsync(string fingerprint, CancellationToken cancellation)
    {
        if (_encoder?.Fingerprint.ToString() != fingerprint)
        {
            _encoder?.Dispose();
            _encoder = null;
            _encoder = await _open(fingerprint, cancellation);
        }

        return _encoder;
    }

    /// <summary>Null where the source cannot be opened: another machine may have the files, or another user the right to read them.</summary>
    private IFilingSource? Source(StoredJob job)
    {
        if (_sources.TryGetValue(job.Id, out var source))
        {
            return source;
        }

        try
        {
            source = FilingJobs.Open(FilingJobs.Settings(job));
        }
        catch (Exception problem) when (problem is SemblanceFormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            _unreached[job.Id] = (problem.Message, Stopwatch.GetTimestamp());
            return null;
        }

        _sources.Add(job.Id, source);
        return source;
    }
}
