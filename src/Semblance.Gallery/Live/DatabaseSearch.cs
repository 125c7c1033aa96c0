using System.Numerics.Tensors;
using Semblance.Core.Vectors;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>
/// A gallery that its database searches (PostgreSQL with pgvector): this process holds no vectors, so a gallery may grow with the database beyond any machine's memory.
/// </summary>
/// <remarks>
/// A question of one term is answered by the database's index, which may miss a neighbour (<see cref="SightingQuery.Exact"/> compares all). A question of several terms looks at the
/// nearest of each wanted term, <see cref="Candidates"/> of them or ten times the answer, and scores these exactly: who is good in all terms but among the nearest of none is
/// not found. Terms are brought to one scale by their spread over <see cref="Sample"/> sightings, over all where there are no more; of these only mean and covariance are kept here,
/// a minute at most where there are more.
/// </remarks>
public sealed class DatabaseSearch : IGallerySearch
{
    /// <summary>Nearest of each wanted term that a question of several terms looks at, at least.</summary>
    public const int Candidates = 500;

    /// <summary>Sightings that tell how a term's cosines are spread.</summary>
    public const int Sample = 4096;

    /// <summary>Multiplications that a space's covariance may take: wide spaces are told by fewer sightings.</summary>
    private const long MostProducts = 1L << 32;

    /// <summary>Counting takes a database as long as reading a table, so it does no more than this share of the time.</summary>
    private const int CountingPause = 100;

    private static readonly TimeSpan LooksAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SamplesAgain = TimeSpan.FromMinutes(1);

    private readonly IGalleryStore _store;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _sampling = new(1, 1);
    private readonly Dictionary<string, Sampled> _sampled = [];
    private volatile Seen _seen = new(null, 0, 0, long.MinValue);
    private (long Change, long At, TimeSpan Took) _counted = (-1, 0, TimeSpan.Zero);

    private DatabaseSearch(IGalleryStore store, TimeProvider time) => (_store, _time) = (store, time);

    /// <inheritdoc/>
    public StoredModel? Model => _seen.Model;

    /// <inheritdoc/>
    public int Count => (int)Math.Min(_seen.Count, int.MaxValue);

    /// <inheritdoc/>
    public long Change => _seen.Change;

    /// <summary>Always null: what the database cannot do shows in the question itself.</summary>
    public Exception? Trouble => null;

    /// <summary>Makes the database ready to search, which fills in and indexes what was filed before: minutes for a large gallery, nothing when that was done.</summary>
    /// <param name="store">Borrowed.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="NotSupportedException">The database cannot search; the message says what it lacks.</exception>
    public static async Task<DatabaseSearch> OpenAsync(IGalleryStore store, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var search = new DatabaseSearch(store, time ?? TimeProvider.System);
        await search.CatchUpAsync(cancellation);
        return search;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SightingMatch>> SearchAsync(SightingQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Top, nameof(query));
        var model = await CurrentAsync(cancellation);
        var vectors = TermVectors.Checked(query, model);
        if (query.Top == 0)
        {
            return [];
        }

        var terms = query.Terms;
        if (TermScales.IsRaw(terms, query.Calibration) && terms is [{ Weight: > 0 } one])
        {
            var nearest = await _store.NearestAsync(model, one.Embedding.Space, vectors[0], query.Top, query.Filter, query.Except, query.Exact, cancellation);
            return [.. nearest.Select((found, place) => new SightingMatch(place + 1, found.Cosine, found.Sighting, [new TermScore(found.Cosine, found.Cosine, found.Cosine)]))];
        }

        var ids = await CandidatesAsync(model, query, vectors, cancellation);
        var cosines = await CosinesAsync(model, terms, vectors, ids, cancellation);
        var spaces = TermScales.IsRaw(terms, query.Calibration) ? null : await SampledAsync(model, terms.Select(term => term.Embedding.Space), cancellation);
        var scales = TermScales.Of(terms, query.Calibration, t => spaces![terms[t].Embedding.Space].Spread(vectors[t]));
        var best = new TopK<double>(query.Top);
        var order = cosines.Keys.Order().ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            best.Add(scales.Select((scale, t) => scale.Contribution(cosines[order[i]][t])).Sum(), i);
        }

        return [.. best.Sorted().Select((found, place) => new SightingMatch(
            place + 1, found.Score, order[found.Index], [.. scales.Select((scale, t) => scale.Score(cosines[order[found.Index]][t]))]))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Embedding?>> EmbeddingsAsync(string space, IReadOnlyList<long> sightings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        var model = await CurrentAsync(cancellation);
        var known = (await _store.VectorsAsync(model.Encoder.Fingerprint, TermVectors.Space(model, space, "the sighting").Name, sightings, cancellation))
            .ToDictionary(vector => vector.Sighting, vector => vector.Vector);
        return [.. sightings.Select(id => known.TryGetValue(id, out var vector) ? new Embedding(space, vector, model.Encoder.Fingerprint) : null)];
    }

    /// <inheritdoc/>
    public Task CatchUpAsync(CancellationToken cancellation = default) => LookAsync(counts: true, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        _sampling.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task LookAsync(bool counts, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var change = await _store.LatestChangeAsync(cancellation);
            var model = (await _store.ModelsAsync(cancellation)).FirstOrDefault(model => model.State == ModelState.Current);
            if (model is not null && model.Encoder.Fingerprint != _seen.Model?.Encoder.Fingerprint)
            {
                await _store.PrepareSearchAsync(model, cancellation);
            }

            var count = _seen.Count;
            if (change != _counted.Change && (counts || _time.GetElapsedTime(_counted.At) >= CountingPause * _counted.Took))
            {
                var start = _time.GetTimestamp();
                count = await _store.CountAsync(cancellation);
                _counted = (change, _time.GetTimestamp(), _time.GetElapsedTime(start));
            }

            _seen = new Seen(model, count, change, _time.GetTimestamp());
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>How vectors are spread in some spaces.</summary>
    private async Task<IReadOnlyDictionary<string, CosineMoments>> SampledAsync(StoredModel model, IEnumerable<string> spaces, CancellationToken cancellation)
    {
        await _sampling.WaitAsync(cancellation);
        try
        {
            var (seen, moments) = (_seen, new Dictionary<string, CosineMoments>(StringComparer.Ordinal));
            foreach (var space in spaces.Distinct(StringComparer.Ordinal))
            {
                if (!_sampled.TryGetValue(space, out var known) || known.Model != model.Encoder.Fingerprint || (known.Change != seen.Change && (known.IsAll || _time.GetElapsedTime(known.At) >= SamplesAgain)))
                {
                    var width = TermVectors.Space(model, space, "the sample").Width;
                    var some = (int)Math.Min(Sample, MostProducts / ((long)width * width));
                    var ids = await _store.SampleAsync(some, cancellation);
                    var vectors = await _store.VectorsAsync(model.Encoder.Fingerprint, space, ids, cancellation);
                    _sampled[space] = known = new Sampled(model.Encoder.Fingerprint, seen.Change, _time.GetTimestamp(), ids.Count < some, CosineMoments.Of([.. vectors.Select(vector => vector.Vector)], width));
                }

                moments.Add(space, known.Moments);
            }

            return moments;
        }
        finally
        {
            _sampling.Release();
        }
    }

    private async Task<StoredModel> CurrentAsync(CancellationToken cancellation)
    {
        if (_seen.At == long.MinValue || _time.GetElapsedTime(_seen.At) > LooksAgain)
        {
            await LookAsync(counts: false, cancellation);
        }

        return _seen.Model ?? throw new InvalidOperationException("the gallery is empty and has no model yet: file pictures first (semblance gallery build)");
    }

    /// <summary>The nearest of each wanted term; where nothing is wanted, the furthest from each term that is not.</summary>
    private async Task<IReadOnlyList<long>> CandidatesAsync(StoredModel model, SightingQuery query, float[][] vectors, CancellationToken cancellation)
    {
        var some = query.Terms.Any(term => term.Weight > 0);
        var each = (int)Math.Min(Math.Max(Candidates, 10L * query.Top), int.MaxValue);
        var ids = new HashSet<long>();
        foreach (var (term, vector) in query.Terms.Zip(vectors).Where(pair => !some || pair.First.Weight > 0))
        {
            var from = some ? vector : Array.ConvertAll(vector, value => -value);
            ids.UnionWith((await _store.NearestAsync(model, term.Embedding.Space, from, each, query.Filter, query.Except, query.Exact, cancellation)).Select(found => found.Sighting));
        }

        return [.. ids.Order()];
    }

    /// <summary>The cosine of each term with each sighting that has a vector in every space asked for.</summary>
    private async Task<Dictionary<long, float[]>> CosinesAsync(
        StoredModel model, IReadOnlyList<QueryTerm> terms, float[][] vectors, IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        var rows = new Dictionary<long, (float[] Cosines, int Known)>();
        foreach (var inSpace in Enumerable.Range(0, terms.Count).GroupBy(t => terms[t].Embedding.Space, StringComparer.Ordinal))
        {
            foreach (var (sighting, vector) in await _store.VectorsAsync(model.Encoder.Fingerprint, inSpace.Key, ids, cancellation))
            {
                var (cosines, known) = rows.TryGetValue(sighting, out var row) ? row : (new float[terms.Count], 0);
                foreach (var t in inSpace)
                {
                    cosines[t] = TensorPrimitives.Dot(vectors[t], vector.Span);
                    known++;
                }

                rows[sighting] = (cosines, known);
            }
        }

        return rows.Where(row => row.Value.Known == terms.Count).ToDictionary(row => row.Key, row => row.Value.Cosines);
    }

    /// <summary>How the vectors of a space were spread when they were last read; whether these were all.</summary>
    private sealed record Sampled(string Model, long Change, long At, bool IsAll, CosineMoments Moments);

    /// <summary>The gallery as it was last looked at.</summary>
    private sealed record Seen(StoredModel? Model, long Count, long Change, long At);
}
