using System.Security.Cryptography;
using System.Text;
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

    // What each slot was filed as, so that a snapshot can tell a sighting from another that later got its number.
    private readonly List<long> _marks = [];
    private StoredModel _model;

    public LiveSightings(StoredModel model)
    {
        _model = model;
        _spaces = model.Spaces.ToDictionary(space => space.Name, space => new VectorIndex(space.Width), StringComparer.Ordinal);
    }

    private LiveSightings(StoredModel model, Dictionary<string, VectorIndex> spaces, long[] ids, long[] marks)
    {
        (_model, _spaces) = (model, spaces);
        _marks.AddRange(marks);
        for (var slot = 0; slot < ids.Length; slot++)
        {
            _known.AddUnknown();
            if (ids[slot] != 0)
            {
                _slots.Add(ids[slot], slot);
            }
        }
    }

    /// <summary>Takes over saved vectors. What is known about the sightings comes by <see cref="Edit"/>, and who is gone by <see cref="Remove"/>.</summary>
    /// <returns>Null when the slots of the spaces and of the ids are not the same.</returns>
    public static LiveSightings? TryRestore(StoredModel model, Dictionary<string, VectorIndex> spaces, long[] ids, long[] marks)
    {
        var live = ids.Count(id => id != 0);
        return live == ids.Where(id => id != 0).Distinct().Count() && spaces.Values.All(index => index.Slots == ids.Length && index.Count == live) ? new(model, spaces, ids, marks) : null;
    }

    /// <summary>The model; its calibration may change, its vectors do not.</summary>
    public StoredModel Model
    {
        get => Volatile.Read(ref _model);
        set => Volatile.Write(ref _model, value);
    }

    public int Count => _slots.Count;

    /// <summary>As last divided.</summary>
    public IReadOnlyList<SpaceCells> Cells { get; private set; } = [];

    /// <summary>Sightings when cells were made; 0 where none were.</summary>
    public int DividedAt { get; private set; }

    /// <summary>Divides each space into cells, and measures what is found in them; searches and changes go on meanwhile.</summary>
    public void Divide(CancellationToken cancellation)
    {
        const int asked = 256;
        var (count, cells) = (Count, new List<SpaceCells>());
        foreach (var (name, index) in _spaces)
        {
            // A snapshot brings its cells along.
            if (index.Cells == 0 || DividedAt > 0)
            {
                // Words lie further from pictures than pictures from each other.
                index.BuildCells(new CellOptions { ProbesFactor = name == GallerySpaces.Joint ? 2 : 1 }, cancellation: cancellation);
            }

            var step = Math.Max(1, index.Slots / asked);
            int[] slots = [.. Enumerable.Range(0, index.Slots / step).Select(i => i * step).Where(index.Holds)];
            var questions = new float[slots.Length * index.Width];
            for (var i = 0; i < slots.Length; i++)
            {
                index.CopyTo(slots[i], questions.AsSpan(i * index.Width, index.Width));
            }

            cells.Add(new SpaceCells(name, index.Cells, index.Probes, slots.Length == 0 ? 1 : index.MeasureRecall(questions, 10)));
            Array.Clear(questions);
        }

        (DividedAt, Cells) = (count, cells);
    }

    /// <summary>Those that are here.</summary>
    public IReadOnlySet<long> Ids()
    {
        _gate.EnterReadLock();
        try
        {
            return _slots.Keys.ToHashSet();
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Whether this very sighting is here, and not another that had its number.</summary>
    public bool Holds(StoredSighting sighting)
    {
        _gate.EnterReadLock();
        try
        {
            return _slots.TryGetValue(sighting.Id, out var slot) && _marks[slot] == Mark(sighting);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>Hands out which sighting each slot is (0 for none), its mark, and the vectors, while searches go on and changes wait.</summary>
    public void Save(Action<long[], IReadOnlyList<long>, IReadOnlyDictionary<string, VectorIndex>> write)
    {
        _gate.EnterReadLock();
        try
        {
            var ids = new long[_known.Count];
            foreach (var (id, slot) in _slots)
            {
                ids[slot] = id;
            }

            write(ids, _marks, _spaces);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

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
            _marks.Add(Mark(sighting));
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
        var vectors = TermVectors.Checked(query, Model);
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

    /// <summary>Of what never changes about a sighting and no other one has.</summary>
    private static long Mark(StoredSighting sighting) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{sighting.Key}\n{sighting.Picture}\n{sighting.Filed.ToUnixTimeMilliseconds()}")));

    private SightingMatch[] Nearest(QueryTerm term, float[] vector, int top, SlotMask? admitted, bool exact)
    {
        var index = Index(term.Embedding.Space, "a term");

        // Cells that only came with a snapshot were not asked for here.
        var mode = exact ? SearchMode.Exact : Cells.Count > 0 ? SearchMode.Cells : index.Cells > 0 ? SearchMode.Quantized : SearchMode.Auto;
        return
        [
            .. index.Search(vector, top, new SearchOptions { Admitted = admitted, Mode = mode })[0]
                .Select((found, place) => new SightingMatch(place + 1, found.Score, _known.Id(found.Slot), [new TermScore(found.Score, found.Score, found.Score)])),
        ];
    }

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

    private VectorIndex Index(string space, string what) => _spaces[TermVectors.Space(Model, space, what).Name];
}
