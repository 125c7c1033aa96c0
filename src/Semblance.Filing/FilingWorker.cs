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

    /// <summary>Works until its job is finished, or, without one, until there is no work left.</summary>
    /// <param name="job">Only this job's work; null for any.</param>
    /// <param name="progress">Told after each batch: items settled and people filed by this worker.</param>
    /// <param name="cancellation">Stops after the present batch.</param>
    public async Task RunAsync(long? job = null, Action<WorkerProgress>? progress = null, CancellationToken cancellation = default)
    {
        var done = new WorkerProgress(0, 0, 0);
        while (!cancellation.IsCancellationRequested)
        {
            var items = await Patiently(() => _store.ClaimAsync(_options.Name, _options.ItemsAtOnce, _options.Lease, job, cancellation), cancellation);
            if (items.Count > 0)
            {
                done = await WorkAsync(items, done, cancellation);
                progress?.Invoke(done);
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
        var heart = RenewAsync(over.Token);
        try
        {
            // What is taken at once is of one job.
            var job = (await _store.JobAsync(items[0].Job, cancellation))!;
            return job.Kind == Reembedding.Kind ? await ReembedAsync(job, items, done, cancellation) : await FileAsync(items, done, cancellation);
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
        }
    }

    private async Task<WorkerProgress> FileAsync(IReadOnlyList<WorkItem> items, WorkerProgress done, CancellationToken cancellation)
    {
        var filer = new SightingFiler(_store, await EncoderAsync(await CurrentAsync(cancellation), cancellation));
        List<WorkResult> results = [];
        List<FoundPerson> waiting = [];
        var filed = 0;
        foreach (var item in items)
        {
            var people = 0;
            try
            {
                foreach (var person in (await SourceAsync(item.Job, cancellation)).Open(item.Item))
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

    private async Task<IFilingSource> SourceAsync(long job, CancellationToken cancellation)
    {
        if (!_sources.TryGetValue(job, out var source))
        {
            source = FilingJobs.Open(FilingJobs.Settings((await _store.JobAsync(job, cancellation))!));
            _sources.Add(job, source);
        }

        return source;
    }
}
