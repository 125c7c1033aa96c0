using System.Collections;
using Semblance.Core;
using Semblance.Core.Vectors;

namespace Semblance.Gallery;

/// <summary>A gallery in memory, searched exactly: every item is compared. Equal scores go by the item's index. Immutable and thread-safe.</summary>
public sealed class GalleryIndex
{
    private const int ListedCameras = 30;

    private readonly Dictionary<string, VectorBlocks> _spaces;
    private readonly int _threads;

    /// <summary>Packs the vectors of a gallery; the file may be closed afterwards.</summary>
    /// <param name="file">An open gallery.</param>
    /// <param name="threads">Threads of one search; by default the processors of the machine. The answer is the same for any number.</param>
    public GalleryIndex(GalleryFile file, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        _threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_threads, nameof(threads));
        Encoder = file.Encoder;
        Items = file.Items;
        Cameras = [.. Items.Select(item => item.Camera).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _spaces = file.Spaces.ToDictionary(
            space => space.Name,
            space => VectorBlocks.Pack(file.Items.Count, space.Width, (i, row) => file.CopyVector(space.Name, i, row)),
            StringComparer.Ordinal);
    }

    /// <summary>Who made the embeddings.</summary>
    public GalleryEncoder Encoder { get; }

    /// <summary>The items; a match's index points here.</summary>
    public IReadOnlyList<GalleryItem> Items { get; }

    /// <summary>The cameras that items name, in order.</summary>
    public IReadOnlyList<string> Cameras { get; }

    /// <summary>Opens a gallery's folder and packs it.</summary>
    /// <inheritdoc cref="GalleryFile.Open"/>
    public static GalleryIndex Open(string directory)
    {
        using var file = GalleryFile.Open(directory);
        return new GalleryIndex(file);
    }

    /// <summary>Answers a question.</summary>
    /// <returns>Best first; scores that are equal by the index of the item.</returns>
    /// <exception cref="ArgumentException">
    /// There is no term, a term does not fit to the gallery (encoder, space, width, not finite, weight 0), or a camera is unknown; the message lists the known ones.
    /// </exception>
    public IReadOnlyList<GalleryMatch> Search(GalleryQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Top, nameof(query));
        var terms = query.Terms;
        if (terms.Count == 0)
        {
            throw new ArgumentException("the question has no term: give words or a picture", nameof(query));
        }

        var admitted = Admitted(query);
        var cosines = Cosines(terms);
        var scales = TermScales.Of(terms, query.Calibration, t => TermScales.MeanAndDeviation(cosines[t]));
        var best = new TopK<double>(query.Top);
        for (var i = 0; i < Items.Count; i++)
        {
            if (admitted is not null && !admitted[i])
            {
                continue;
            }

            var score = 0.0;
            for (var t = 0; t < scales.Length; t++)
            {
                score += scales[t].Contribution(cosines[t][i]);
            }

            best.Add(score, i);
        }

        return [.. best.Sorted().Select((found, place) => new GalleryMatch(place + 1, found.Score, found.Index, Items[found.Index], TermScores(found.Index)))];

        TermScore[] TermScores(int item) =>
            [.. scales.Select((scale, t) => scale.Score(cosines[t][item]))];
    }

    /// <summary>The items that may stand in the answer, null for all: filters come before ranking, so that they cost no places.</summary>
    private BitArray? Admitted(GalleryQuery query)
    {
        foreach (var camera in query.Cameras ?? [])
        {
            if (!Cameras.Contains(camera, StringComparer.Ordinal))
            {
                var known = Cameras.Count == 0 ? "its items name no camera" : $"it has: {string.Join(", ", Cameras.Take(ListedCameras))}{(Cameras.Count > ListedCameras ? $" and {Cameras.Count - ListedCameras} more" : "")}";
                throw new ArgumentException($"the gallery has no camera \"{camera}\"{Suggestion.DidYouMean(camera, Cameras)}; {known}", nameof(query));
            }
        }

        if (query is { Cameras: null, Identity: null, Where: null })
        {
            return null;
        }

        var cameras = query.Cameras is null ? null : new HashSet<string>(query.Cameras, StringComparer.Ordinal);
        var admitted = new BitArray(Items.Count);
        for (var i = 0; i < Items.Count; i++)
        {
            var item = Items[i];
            admitted[i] = (cameras is null || (item.Camera is { } camera && cameras.Contains(camera)))
                && (query.Identity is null || item.Identity == query.Identity)
                && (query.Where is null || query.Where(item));
        }

        return admitted;
    }

    /// <summary>The cosine of every item with every term; terms of one space share one walk through its vectors.</summary>
    private float[][] Cosines(IReadOnlyList<QueryTerm> terms)
    {
        var cosines = new float[terms.Count][];
        var queries = terms.Select(Query).ToArray();
        foreach (var inSpace in Enumerable.Range(0, terms.Count).GroupBy(t => terms[t].Embedding.Space, StringComparer.Ordinal))
        {
            int[] together = [.. inSpace];
            var vectors = _spaces[inSpace.Key];
            float[] rows = [.. together.SelectMany(t => queries[t])];
            foreach (var t in together)
            {
                cosines[t] = new float[Items.Count];
            }

            // Some parts for each thread, so that one that is held up does not hold up all.
            var parts = Math.Min(vectors.BlockCount, _threads == 1 ? 1 : 4 * _threads);
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = _threads }, part =>
            {
                var scores = new float[together.Length * VectorBlocks.BlockSize];
                var end = (int)((long)vectors.BlockCount * (part + 1) / parts);
                for (var block = (int)((long)vectors.BlockCount * part / parts); block < end; block++)
                {
                    vectors.Dot(rows, block, scores, VectorBlocks.BlockSize);
                    var first = block * VectorBlocks.BlockSize;
                    var count = Math.Min(VectorBlocks.BlockSize, vectors.Count - first);
                    for (var row = 0; row < together.Length; row++)
                    {
                        scores.AsSpan(row * VectorBlocks.BlockSize, count).CopyTo(cosines[together[row]].AsSpan(first));
                    }
                }
            });
        }

        return cosines;
    }

    /// <summary>The term's unit vector, once it is known to fit.</summary>
    private float[] Query(QueryTerm term)
    {
        var what = term.Label is { } label ? $"the term \"{label}\"" : "a term of the question";
        Encoder.Check(term.Embedding, what);
        if (!_spaces.TryGetValue(term.Embedding.Space, out var vectors))
        {
            throw new ArgumentException($"{what} is in space \"{term.Embedding.Space}\", which the gallery lacks; it has: {string.Join(", ", _spaces.Keys)}");
        }

        if (term.Embedding.Vector.Length != vectors.Width)
        {
            throw new ArgumentException($"{what} has {term.Embedding.Vector.Length} dimensions, but space \"{term.Embedding.Space}\" of the gallery has {vectors.Width}");
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
