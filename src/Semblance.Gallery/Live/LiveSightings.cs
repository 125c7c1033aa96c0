using Semblance.Core.Vectors;
using Semblance.Gallery.Search;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>Every sighting of a gallery under one model, in memory: a vector in each space and what filters ask for. Many readers, one writer at a time.</summary>
internal sealed class LiveSightings : IDisposable
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly Dictionary<string, VectorIndex> _spaces;
    private readonly Dictionary<long, int> _slots = [];
    private readonly SightingColumns _known = new();

    public LiveSightings(StoredModel model)
    {
        Model = model;
        _spaces = model.Spaces.ToDictionary(space => space.Name, space => new VectorIndex(space.Width), StringComparer.Ordinal);
    }

    public StoredModel Model { get; }

    public int Count => _slots.Count;

    /// <summary>Takes a sighting in; one that is there already only has what is known about it replaced.</summary>
    /// <param name="sighting">What filters ask for.</param>
    /// <param name="vectors">A unit vector for each space, in the model's order.</param>
    public void Add(StoredSighting sighting, IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        _gate.EnterWriteLock();
        try
        {
            if (_slots.TryGetValue(sighting.Id, out var there))
            {
                _known.Set(there, sighting);
                return;
            }

            _slots.Add(sighting.Id, _known.Count);
            _known.Add(sighting);
            for (var s = 0; s < vectors.Count; s++)
            {
                _spaces[Model.Spaces[s].Name].Add(vectors[s].Span);
            }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    public void Edit(StoredSighting sighting)
    {
        _gate.EnterWriteLock();
        try
        {
            if (_slots.TryGetValue(sighting.Id, out var slot))
            {
                _known.Set(slot, sighting);
            }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    public void Remove(long sighting)
    {
        _gate.EnterWriteLock();
        try
        {
            if (_slots.Remove(sighting, out var slot))
            {
                _known.Clear(slot);
                foreach (var index in _spaces.Values)
                {
                    index.Remove(slot);
                }
            }
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    /// <summary>A sighting's unit vector; null when it is gone.</summary>
    public float[]? Vector(string space, long sighting)
    {
        _gate.EnterReadLock();
        try
        {
            if (!_slots.TryGetValue(sighting, out var slot))
            {
                return null;
            }

            var vector = new float[Index(space, "the sighting").Width];
            _spaces[space].CopyTo(slot, vector);
            return vector;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public IReadOnlyList<SightingMatch> Search(SightingQuery query)
    {
        var terms = query.Terms;
        if (terms.Count == 0)
        {
            throw new ArgumentException("the question has no term: give words or a picture", nameof(query));
        }

        var vectors = terms.Select(Checked).ToArray();
        _gate.EnterReadLock();
        try
        {
            var admitted = Admitted(query);
            return TermScales.IsRaw(terms, query.Calibration) && terms.Count == 1 && terms[0].Weight > 0
                ? Nearest(terms[0], vectors[0], query.Top, admitted, query.Exact)
                : Composed(query, vectors, admitted);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    public void Dispose() => _gate.Dispose();

    private SightingMatch[] Nearest(QueryTerm term, float[] vector, int top, SlotMask? admitted, bool exact) =>
    [
        .. Index(term.Embedding.Space, "a term").Search(vector, top, new SearchOptions { Admitted = admitted, Mode = exact ? SearchMode.Exact : SearchMode.Auto })[0]
            .Select((found, place) => new SightingMatch(place + 1, found.Score, _known.Id(found.Slot), [new TermScore(found.Score, found.Score, found.Score)])),
    ];

    private SightingMatch[] Composed(SightingQuery query, float[][] vectors, SlotMask? admitted)
    {
        var slots = _known.Count;
        var cosines = new float[vectors.Length][];
        foreach (var inSpace in Enumerable.Range(0, vectors.Length).GroupBy(t => query.Terms[t].Embedding.Space, StringComparer.Ordinal))
        {
            int[] together = [.. inSpace];
            var all = new float[together.Length * slots];
            Index(inSpace.Key, "a term").Scores([.. together.SelectMany(t => vectors[t])], all);
            for (var i = 0; i < together.Length; i++)
            {
                cosines[together[i]] = all[(i * slots)..((i + 1) * slots)];
            }
        }

        var scales = TermScales.Of(query.Terms, query.Calibration, t => TermScales.MeanAndDeviation(cosines[t], slot => _known.Id(slot) != 0));
        var best = new TopK<double>(query.Top);
        for (var slot = 0; slot < slots; slot++)
        {
            if (_known.Id(slot) == 0 || admitted?[slot] == false)
            {
                continue;
            }

            var score = 0.0;
            for (var t = 0; t < scales.Length; t++)
            {
                score += scales[t].Contribution(cosines[t][slot]);
            }

            best.Add(score, slot);
        }

        return [.. best.Sorted().Select((found, place) => new SightingMatch(
            place + 1, found.Score, _known.Id(found.Index), [.. scales.Select((scale, t) => scale.Score(cosines[t][found.Index]))]))];
    }

    /// <summary>The slots that may stand in the answer, null for all.</summary>
    private SlotMask? Admitted(SightingQuery query)
    {
        if (query.Filter.IsEmpty && query.Except.Count == 0)
        {
            return null;
        }

        var mask = _known.Admitted(query.Filter);
        foreach (var sighting in query.Except)
        {
            if (_slots.TryGetValue(sighting, out var slot))
            {
                mask[slot] = false;
            }
        }

        return mask;
    }

    private VectorIndex Index(string space, string what) => _spaces.GetValueOrDefault(space)
        ?? throw new ArgumentException($"{what} is in space \"{space}\", which the gallery lacks; it has: {string.Join(", ", _spaces.Keys)}");

    /// <summary>The term's unit vector, once it is known to fit.</summary>
    private float[] Checked(QueryTerm term)
    {
        var what = term.Label is { } label ? $"the term \"{label}\"" : "a term of the question";
        Model.Encoder.Check(term.Embedding, what);
        var width = Index(term.Embedding.Space, what).Width;
        if (term.Embedding.Vector.Length != width)
        {
            throw new ArgumentException($"{what} has {term.Embedding.Vector.Length} dimensions, but space \"{term.Embedding.Space}\" of the gallery has {width}");
        }

        if (!double.IsFinite(term.Weight) || term.Weight == 0)
        {
            throw new ArgumentException($"{what} has weight {term.Weight}, expected a finite number other than 0");
        }

        var vector = term.Embedding.Vector.ToArray();
        UnitVectors.NormaliseInPlace(vector);
        return vector;
    }
}
