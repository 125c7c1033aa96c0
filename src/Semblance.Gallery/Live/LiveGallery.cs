using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>
/// A gallery held in memory for searching, which follows its store: what this or any other process files, edits, erases or switches is seen here shortly after.
/// Searches never mix models: a switch is one step from all vectors of the old to all of the new. Thread-safe.
/// </summary>
public sealed class LiveGallery : IGallerySearch
{
    private const int ChangesAtOnce = 2000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Below, reading the store takes no longer than a snapshot.</summary>
    private const int WorthASnapshot = 20_000;

    private readonly IGalleryStore _store;
    private readonly LiveSnapshot? _snapshot;
    private readonly int _snapshotFrom;
    private readonly int? _cellsFrom;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private volatile LiveSightings? _sightings;
    private Task _following = Task.CompletedTask;
    private Task _dividing = Task.CompletedTask;
    private long _change;
    private bool _follows;
    private volatile bool _snapshotIsOld;

    private LiveGallery(IGalleryStore store, int snapshotFrom, int? cellsFrom)
    {
        (_store, _snapshotFrom, _cellsFrom) = (store, snapshotFrom, cellsFrom);
        _snapshot = store.SnapshotFolder is { } folder ? new LiveSnapshot(folder) : null;
    }

    /// <inheritdoc/>
    public StoredModel? Model => _sightings?.Model;

    /// <inheritdoc/>
    public int Count => _sightings?.Count ?? 0;

    /// <inheritdoc/>
    public long Change => Interlocked.Read(ref _change);

    /// <inheritdoc/>
    public IReadOnlyList<SpaceCells> Cells => _sightings?.Cells ?? [];

    /// <inheritdoc/>
    public Exception? Trouble { get; private set; }

    /// <summary>Loads a gallery, and follows it until disposed.</summary>
    /// <param name="store">Borrowed.</param>
    /// <param name="follow">False for one look, such as the command line's, which writes no snapshot.</param>
    /// <param name="snapshotFrom">Sightings from which the vectors are also kept in a snapshot, where the store has a place for one.</param>
    /// <param name="cellsFrom">Sightings from which they are divided into cells beside the searching, and again when there are twice as many; null never to.</param>
    /// <param name="cancellation">Stops loading.</param>
    public static async Task<LiveGallery> OpenAsync(
        IGalleryStore store, bool follow = true, int snapshotFrom = WorthASnapshot, int? cellsFrom = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cellsFrom ?? 1, nameof(cellsFrom));
        var gallery = new LiveGallery(store, snapshotFrom, cellsFrom) { _follows = follow };
        await gallery.LoadAsync(cancellation);
        if (follow)
        {
            gallery._following = Task.Run(gallery.FollowAsync, CancellationToken.None);
        }

        return gallery;
    }

    /// <summary>Answers a question; equal scores go by age, the oldest first.</summary>
    /// <exception cref="ArgumentException">There is no term, or one does not fit to the gallery (encoder, space, width, not finite, weight 0).</exception>
    /// <exception cref="InvalidOperationException">The gallery has no model yet.</exception>
    public IReadOnlyList<SightingMatch> Search(SightingQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Top, nameof(query));
        return Loaded.Search(query);
    }

    /// <summary>A sighting as a question: "more like this one". Null when it is gone.</summary>
    public Embedding? Embedding(string space, long sighting)
    {
        var loaded = Loaded;
        return loaded.Vector(space, sighting) is { } vector ? new Embedding(space, vector, loaded.Model.Encoder.Fingerprint) : null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SightingMatch>> SearchAsync(SightingQuery query, CancellationToken cancellation = default) => Task.FromResult(Search(query));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Embedding?>> EmbeddingsAsync(string space, IReadOnlyList<long> sightings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        return Task.FromResult<IReadOnlyList<Embedding?>>([.. sightings.Select(sighting => Embedding(space, sighting))]);
    }

    /// <inheritdoc/>
    public async Task CatchUpAsync(CancellationToken cancellation = default)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            while (await _store.ChangesAsync(Change, ChangesAtOnce, cancellation) is { Count: > 0 } changes)
            {
                if (_sightings is null || changes.Any(change => change.Kind == ChangeKind.Switched))
                {
                    await LoadInTurnAsync(cancellation);
                    continue;
                }

                if (changes.Any(change => change.Kind == ChangeKind.Calibrated)
                    && (await _store.ModelsAsync(cancellation)).FirstOrDefault(model => model.Encoder.Fingerprint == _sightings.Model.Encoder.Fingerprint) is { } calibrated)
                {
                    _sightings.Model = calibrated;
                }

                await ApplyAsync(_sightings, changes, cancellation);
                Interlocked.Exchange(ref _change, changes[^1].Number);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        await _dividing.ContinueWith(_ => { }, TaskScheduler.Default);
        SaveSnapshot();
        _sightings?.Dispose();
        _turn.Dispose();
        _stop.Dispose();
    }

    private LiveSightings Loaded => _sightings ?? throw new InvalidOperationException("the gallery is empty and has no model yet: file pictures first (semblance gallery build)");

    private async Task FollowAsync()
    {
        SaveSnapshot();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                DivideIfDue();
                await _store.WaitForChangeAsync(Change, LongestWait, _stop.Token);
                await CatchUpAsync(_stop.Token);
                Trouble = null;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem) when (problem is GalleryStoreException or System.Data.Common.DbException or IOException)
            {
                // What is in memory is still true as of the last change; it goes on when the store does.
                Trouble = problem;
                await Task.Delay(Pause, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private void DivideIfDue()
    {
        if (_dividing.IsCompleted && _sightings is { } loaded && loaded.Count >= _cellsFrom && loaded.Count >= 2L * loaded.DividedAt)
        {
            _dividing = Task.Run(() => loaded.Divide(_stop.Token), _stop.Token);
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await LoadInTurnAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task LoadInTurnAsync(CancellationToken cancellation)
    {
        // The number first: what is filed or erased while we read comes again as a change, and is then no news.
        var change = await _store.LatestChangeAsync(cancellation);
        if ((await _store.ModelsAsync(cancellation)).FirstOrDefault(model => model.State == ModelState.Current) is not { } model)
        {
            Interlocked.Exchange(ref _change, change);
            return;
        }

        // Who is searching in the old one goes on in it; the garbage collector takes it afterwards.
        _sightings = _snapshot?.TryLoad(model) is { } saved ? await CompareAsync(saved, cancellation) : await ReadAllAsync(model, cancellation);
        Interlocked.Exchange(ref _change, change);
    }

    /// <summary>Brings saved vectors to what the store holds now: it alone says who is there.</summary>
    private async Task<LiveSightings> CompareAsync(LiveSightings saved, CancellationToken cancellation)
    {
        var (gone, came) = (saved.Ids().ToHashSet(), new List<long>());
        await foreach (var sighting in _store.AllSightingsAsync(cancellation: cancellation))
        {
            // A number may be somebody else's after the database was restored from a copy: only the same sighting keeps its vector.
            if (gone.Contains(sighting.Id) && saved.Holds(sighting))
            {
                gone.Remove(sighting.Id);
                saved.Edit(sighting);
            }
            else
            {
                came.Add(sighting.Id);
            }
        }

        foreach (var sighting in gone)
        {
            saved.Remove(sighting);
        }

        foreach (var ids in came.Chunk(ChangesAtOnce))
        {
            await AddAsync(saved, ids, cancellation);
        }

        if (gone.Count > 0)
        {
            _snapshot!.Delete();
        }

        _snapshotIsOld = gone.Count + came.Count > 0;
        return saved;
    }

    private async Task<LiveSightings> ReadAllAsync(StoredModel model, CancellationToken cancellation)
    {
        _snapshotIsOld = true;
        var loaded = new LiveSightings(model);
        var spaces = model.Spaces.Select(space => _store.VectorsAsync(model.Encoder.Fingerprint, space.Name, cancellation: cancellation).GetAsyncEnumerator(cancellation)).ToArray();
        try
        {
            // All of them come by id, so one walk joins them; a sighting that lacks a vector came or goes just now.
            await foreach (var sighting in _store.AllSightingsAsync(cancellation: cancellation))
            {
                var vectors = new ReadOnlyMemory<float>[spaces.Length];
                var whole = true;
                for (var s = 0; s < spaces.Length; s++)
                {
                    while (spaces[s].Current.Sighting < sighting.Id && await spaces[s].MoveNextAsync())
                    {
                    }

                    whole &= spaces[s].Current.Sighting == sighting.Id;
                    vectors[s] = spaces[s].Current.Vector;
                }

                if (whole)
                {
                    loaded.Add(sighting, vectors);
                }
            }
        }
        finally
        {
            foreach (var space in spaces)
            {
                await space.DisposeAsync();
            }
        }

        return loaded;
    }

    /// <summary>Keeps the vectors for the next start, when that is worth it and something is new.</summary>
    private void SaveSnapshot()
    {
        if (!_follows || !_snapshotIsOld || _snapshot is null || _sightings is not { } loaded || loaded.Count < _snapshotFrom)
        {
            return;
        }

        try
        {
            // First: what changes meanwhile makes it old again.
            _snapshotIsOld = false;
            _snapshot.Save(loaded);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It only makes the next start slower.
            (_snapshotIsOld, Trouble) = (true, problem);
        }
    }

    private async Task AddAsync(LiveSightings loaded, long[] filed, CancellationToken cancellation)
    {
        var spaces = new List<Dictionary<long, ReadOnlyMemory<float>>>();
        foreach (var space in filed.Length > 0 ? loaded.Model.Spaces : [])
        {
            spaces.Add((await _store.VectorsAsync(loaded.Model.Encoder.Fingerprint, space.Name, filed, cancellation)).ToDictionary(vector => vector.Sighting, vector => vector.Vector));
        }

        foreach (var sighting in await _store.SightingsAsync(filed, cancellation))
        {
            if (spaces.TrueForAll(space => space.ContainsKey(sighting.Id)))
            {
                loaded.Add(sighting, spaces.ConvertAll(space => space[sighting.Id]));
            }
        }
    }

    private async Task ApplyAsync(LiveSightings loaded, IReadOnlyList<GalleryChange> changes, CancellationToken cancellation)
    {
        var removed = changes.Where(change => change.Kind == ChangeKind.Removed).Select(change => change.Sighting).OfType<long>().ToHashSet();
        long[] filed = [.. Of(ChangeKind.Filed)], edited = [.. Of(ChangeKind.Edited).Except(filed)];
        await AddAsync(loaded, filed, cancellation);
        foreach (var sighting in await _store.SightingsAsync(edited, cancellation))
        {
            loaded.Edit(sighting);
        }

        foreach (var sighting in removed)
        {
            loaded.Remove(sighting);
        }

        if (removed.Count > 0)
        {
            // Afterwards: a saving that is under way ends before anybody is removed, and one that begins later does not hold them any more.
            _snapshot?.Delete();
        }

        _snapshotIsOld |= filed.Length + removed.Count > 0;

        IEnumerable<long> Of(ChangeKind kind) => changes.Where(change => change.Kind == kind).Select(change => change.Sighting).OfType<long>().Where(id => !removed.Contains(id)).Distinct();
    }
}
