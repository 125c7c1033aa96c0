using System.Globalization;
using Semblance.Gallery;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;

namespace Semblance.Bench;

/// <summary>The same gallery in PostgreSQL searched by its servers' memory and by the database: time of a question, share of the true neighbours, and what filing costs with the index.</summary>
/// <remarks>The database is the operator's own: an empty one with pgvector 0.8 or newer, named by SEMBLANCE_PGVECTOR. SEMBLANCE_PGVECTOR_SIGHTINGS changes the gallery's size.</remarks>
internal static class PgvectorBenchmark
{
    private const string Place = "SEMBLANCE_PGVECTOR";
    private const string Size = "SEMBLANCE_PGVECTOR_SIGHTINGS";
    private const int AtOnce = 1000, Later = 2000, Cameras = 10, Questions = 100, Top = 20, Rounds = 3;
    private const int Identities = 1_000_000;
    private static readonly GalleryEncoder Encoder = new("made-up", "made-up vectors");
    private static readonly string[] Spaces = [GallerySpaces.Image, GallerySpaces.Joint];

    public static IEnumerable<Comparison> Run()
    {
        if (Environment.GetEnvironmentVariable(Place) is not { Length: > 0 } location)
        {
            throw new ArgumentException($"{Place} is not set: it names an empty PostgreSQL database with pgvector 0.8 or newer, as in postgres://user:password@host/database");
        }

        var sightings = int.Parse(Environment.GetEnvironmentVariable(Size) ?? "100000", CultureInfo.InvariantCulture);
        using var work = new Runner(location);
        var copied = Comparison.Time(() => work.File(0, sightings));
        yield return new Comparison($"filing {sightings} sightings, made-up vectors", "COPY, before pgvector", null, copied, null, null, Limit: $"{sightings / copied:0} a second");
        var indexed = Comparison.Time(work.OpenDatabase);
        yield return new Comparison($"indexing {Spaces.Length} x {sightings} x {ClusteredVectors.Width}", "pgvector, HNSW", null, indexed, null, null);
        var loaded = Comparison.Time(work.OpenMemory);
        yield return new Comparison($"opening {sightings} sightings", "in memory", null, loaded, null, null);
        var later = Comparison.Time(() => work.File(sightings, Later));
        yield return new Comparison($"filing {Later} more", "with the index", null, later, null, null, Limit: $"{Later / later:0} a second");
        work.CatchUp();

        (string About, Func<int, SightingQuery> Question)[] kinds =
        [
            ("a picture", i => Question(i)),
            ($"a picture, one camera of {Cameras}", i => Question(i) with { Filter = new SightingFilter { Cameras = [Camera(i)] } }),
            ("a picture, one label of a thousand", i => Question(i) with { Filter = new SightingFilter { Label = Label(i) } }),
            ("words and a picture, not another picture", i => new SightingQuery { Terms = [Term(GallerySpaces.Joint, i), Term(GallerySpaces.Image, i), Term(GallerySpaces.Image, i + 1, -0.5)], Top = Top }),
        ];
        foreach (var (about, question) in kinds)
        {
            var questions = Enumerable.Range(0, Questions).Select(question).ToArray();
            var found = work.Share(questions);
            yield return Comparison.InTurn(about, "in memory", () => work.InMemory(questions), "in the database, pgvector", () => Comparison.Time(() => work.InDatabase(questions)), Rounds, Questions)
                .Against(_ => $"the database finds {found:0.0000} of the nearest {Top}");
        }
    }

    private static SightingQuery Question(int i) => new() { Terms = [Term(GallerySpaces.Image, i)], Top = Top };

    // Shots that are in no gallery.
    private static QueryTerm Term(string space, int i, double weight = 1) => new(new Embedding(space, Vector(space, (i * 7 % Identities * ClusteredVectors.ShotsPerIdentity) + i % 3, asked: true), Encoder.Fingerprint), weight);

    private static string Camera(int i) => $"camera-{i % Cameras}";

    private static string Label(int i) => $"label-{i % 1000}";

    private static ReadOnlyMemory<float> Vector(string space, int i, bool asked = false)
    {
        var vector = new float[ClusteredVectors.Width];
        var other = space == GallerySpaces.Image ? 0 : Identities;
        ClusteredVectors.Write(other + (i / ClusteredVectors.ShotsPerIdentity), (i % ClusteredVectors.ShotsPerIdentity) + (asked ? ClusteredVectors.ShotsPerIdentity : 0), vector);
        return vector;
    }

    /// <summary>One store, and both ways to search it.</summary>
    private sealed class Runner(string location) : IDisposable
    {
        private readonly IGalleryStore _store = OpenStore(location).GetAwaiter().GetResult();
        private DatabaseSearch? _database;
        private LiveGallery? _memory;

        public void File(int from, int count)
        {
            for (var start = from; start < from + count; start += AtOnce)
            {
                _store.FileAsync([.. Enumerable.Range(start, Math.Min(AtOnce, from + count - start)).AsParallel().AsOrdered().Select(i => new NewSighting(
                    new StoredSighting { Key = $"made-up/{i}", Picture = "", Camera = Camera(i), Label = Label(i) },
                    BitConverter.GetBytes(i % 100),
                    [.. Spaces.Select(space => new Embedding(space, Vector(space, i), Encoder.Fingerprint))]))]).GetAwaiter().GetResult();
            }
        }

        public void OpenDatabase() => _database = DatabaseSearch.OpenAsync(_store).GetAwaiter().GetResult();

        public void OpenMemory() => _memory = LiveGallery.OpenAsync(_store, follow: false).GetAwaiter().GetResult();

        public void CatchUp()
        {
            _database!.CatchUpAsync().GetAwaiter().GetResult();
            _memory!.CatchUpAsync().GetAwaiter().GetResult();
        }

        public void InMemory(SightingQuery[] questions) => Array.ForEach(questions, question => _ = _memory!.Search(question));

        public void InDatabase(SightingQuery[] questions) => Array.ForEach(questions, question => _ = Ask(question));

        /// <summary>Of the sightings that comparing all gives, those that the database gives.</summary>
        public double Share(SightingQuery[] questions)
        {
            var (hits, all) = (0, 0);
            foreach (var question in questions)
            {
                var truth = _memory!.Search(question with { Exact = true }).Select(match => match.Sighting).ToHashSet();
                hits += Ask(question).Count(match => truth.Contains(match.Sighting));
                all += truth.Count;
            }

            return (double)hits / all;
        }

        public void Dispose()
        {
            _database?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _memory?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        private IReadOnlyList<SightingMatch> Ask(SightingQuery question) => _database!.SearchAsync(question).GetAwaiter().GetResult();

        private static async Task<IGalleryStore> OpenStore(string location)
        {
            var store = await GalleryStores.OpenAsync(location, create: true);
            if (await store.CountAsync() > 0)
            {
                await store.DisposeAsync();
                throw new ArgumentException($"the database that {Place} names holds a gallery already: name an empty one, for this benchmark fills it");
            }

            await store.AddModelAsync(Encoder, [.. Spaces.Select(space => new GallerySpace(space, ClusteredVectors.Width))], [new StoredModelFile("model.json", "{}"u8.ToArray())]);
            return store;
        }
    }
}
