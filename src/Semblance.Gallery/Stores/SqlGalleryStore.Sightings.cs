using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Semblance.Core;
using Semblance.Core.Vectors;

namespace Semblance.Gallery.Stores;

internal sealed partial class SqlGalleryStore
{
    private const string SightingColumns = "id, key, picture, camera, taken, person, track, box, source, frame, time, label, notes, filed, version";

    public Task<FilingOutcome> FileAsync(IReadOnlyList<NewSighting> sightings, WorkDone? work = null, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        return Write(async t =>
        {
            // First of all: a switch of models cannot slip in between, and numbers become visible in order.
            await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
            var model = await CurrentModelAsync(t) ?? throw new ArgumentException($"the gallery {Location} has no model yet: add one before filing");
            var rows = sightings.Select(sighting => Checked(sighting, model)).ToArray();
            foreach (var camera in sightings.Select(s => s.Sighting.Camera).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                await t.Run("INSERT INTO cameras (id) VALUES (@camera) ON CONFLICT (id) DO NOTHING", new { camera });
            }

            async Task<IEnumerable<KeyedRow>> Query(string sql, object values) => await t.Query<KeyedRow>(sql, values);
            var ids = await IdsAsync(sightings.Select(s => s.Sighting.Key), Query);
            var fresh = sightings.Where(s => !ids.ContainsKey(s.Sighting.Key)).DistinctBy(s => s.Sighting.Key).Select(s => (s.Sighting, s.Picture, Hash: Hash(s.Picture.Span))).ToArray();
            var (now, pictures) = (Now, fresh.DistinctBy(s => s.Hash).ToArray());
            foreach (var (_, picture, hash) in pictures)
            {
                dialect.Pictures?.Write(hash, picture);
            }

            await t.Insert("pictures (hash, size, content)", pictures.Select(s => (object?[])[s.Hash, (long)s.Picture.Length, dialect.Pictures is null ? s.Picture.ToArray() : null]), "ON CONFLICT (hash) DO NOTHING");
            foreach (var chunk in pictures.Select(s => s.Hash).Chunk(Chunk))
            {
                await t.Run($"DELETE FROM doomed WHERE hash {dialect.In("chunk")}", new { chunk });
            }

            await t.Insert(
                "sightings (key, picture, camera, taken, person, track, box, source, frame, time, label, notes, filed)",
                fresh.Select(s => SightingRow.Of(s.Sighting with { Picture = s.Hash }, now)).Select(row => (object?[])[
                    row.Key, row.Picture, row.Camera, row.Taken, row.Person, row.Track, row.Box, row.Source, row.Frame, row.Time, row.Label, row.Notes, row.Filed]));
            foreach (var (key, id) in await IdsAsync(fresh.Select(s => s.Sighting.Key), Query))
            {
                ids.Add(key, id);
            }

            await t.Insert("changes (kind, sighting, time)", fresh.Select(s => (object?[])[nameof(ChangeKind.Filed), ids[s.Sighting.Key], now]));
            var filed = fresh.Select(s => s.Sighting.Key).ToHashSet(StringComparer.Ordinal);
            List<(string Model, string Space, long Sighting, byte[] Vector)> vectors =
            [
                .. sightings.Zip(rows).Where(pair => filed.Remove(pair.First.Sighting.Key)).SelectMany(pair => pair.Second.Select(row => (model.Encoder.Fingerprint, row.Space, ids[pair.First.Sighting.Key], row.Bytes))),
            ];
            if (vectors.Count > 0)
            {
                await dialect.WriteVectorsAsync(t.Transaction, vectors, cancellation);
            }

            if (work is not null)
            {
                await SettleAsync(t, work);
            }

            await LogAsync(t, audit);
            await dialect.AnnounceAsync(t.Transaction, cancellation);
            return new FilingOutcome([.. sightings.Select(s => ids[s.Sighting.Key])], fresh.Length);
        }, cancellation);
    }

    /// <summary>Of these keys, the ids of those that are filed.</summary>
    private async Task<Dictionary<string, long>> IdsAsync(IEnumerable<string> keys, Func<string, object, Task<IEnumerable<KeyedRow>>> query) =>
        (await InChunks(keys.Distinct(StringComparer.Ordinal), chunk => query($"SELECT id, key FROM sightings WHERE key {dialect.In("chunk")}", new { chunk })))
            .ToDictionary(row => row.Key, row => row.Id, StringComparer.Ordinal);

    public Task<IReadOnlyList<StoredSighting>> SightingsAsync(IReadOnlyList<long> ids, CancellationToken cancellation = default) => Read(async c =>
    {
        var found = await InChunks(ids, chunk => c.QueryAsync<SightingRow>($"SELECT {SightingColumns} FROM sightings WHERE id {dialect.In("chunk")}", new { chunk }));
        var byId = found.ToDictionary(row => row.Id);
        return (IReadOnlyList<StoredSighting>)[.. ids.Where(byId.ContainsKey).Select(id => byId[id].Sighting())];
    }, cancellation);

    public Task<IReadOnlyList<StoredSighting>> SightingsAsync(SightingFilter filter, long before, int limit, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (where, values) = Conditions(filter);
        values.AddDynamicParams(new { before, limit });
        return Read(async c => (IReadOnlyList<StoredSighting>)[.. (await c.QueryAsync<SightingRow>(
            $"SELECT {SightingColumns} FROM sightings s WHERE {string.Join(" AND ", where.Prepend("s.id < @before"))} ORDER BY s.id DESC LIMIT @limit", values)).Select(row => row.Sighting())], cancellation);
    }

    /// <summary>A filter in SQL, on sightings called <c>s</c>, with its parameters.</summary>
    private (List<string> Where, DynamicParameters Values) Conditions(SightingFilter filter)
    {
        List<string> where = [];
        void Add(bool wanted, string condition)
        {
            if (wanted)
            {
                where.Add(condition);
            }
        }

        Add(filter.Cameras is not null, $"s.camera {dialect.In("cameras")}");
        Add(filter.From is not null, "s.taken >= @from");
        Add(filter.Until is not null, "s.taken < @until");
        Add(filter.Person is not null, "s.person = @Person");
        Add(filter.Label is not null, "s.label = @Label");
        Add(filter.Track is not null, "s.track = @Track");
        return (where, new DynamicParameters(new
        {
            filter.Person,
            filter.Label,
            filter.Track,
            from = filter.From?.ToUnixTimeMilliseconds(),
            until = filter.Until?.ToUnixTimeMilliseconds(),
            cameras = filter.Cameras?.ToArray(),
        }));
    }

    public Task<IReadOnlyList<(long Sighting, float Cosine)>> NearestAsync(
        StoredModel model, string space, ReadOnlyMemory<float> vector, int top, SightingFilter filter, IReadOnlyCollection<long> except, bool exact = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(except);
        var (where, values) = Conditions(filter);
        if (except.Count > 0)
        {
            where.Add($"NOT s.id {dialect.In("except")}");
            values.Add("except", except.ToArray());
        }

        var known = model.Spaces.FirstOrDefault(one => one.Name == space) ?? throw new ArgumentException($"the model has no space \"{space}\"", nameof(space));
        return Read(c => dialect.NearestAsync(c, model.Encoder.Fingerprint, known, top, where, values, vector.ToArray(), exact, cancellation), cancellation);
    }

    public Task<IReadOnlyList<long>> SampleAsync(int count, CancellationToken cancellation = default) => Read(async c =>
    {
        var all = await c.ExecuteScalarAsync<long>("SELECT count(*) FROM sightings");
        if (all <= count)
        {
            return (IReadOnlyList<long>)(await c.QueryAsync<long>("SELECT id FROM sightings ORDER BY id")).AsList();
        }

        // Ids have few holes, so twice as many guesses are enough.
        var (low, high) = (await c.ExecuteScalarAsync<long>("SELECT min(id) FROM sightings"), await c.ExecuteScalarAsync<long>("SELECT max(id) FROM sightings"));
        var random = Randomness.For(1, Randomness.Key("sample"), low, high);
        var guesses = new HashSet<long>();
        while (guesses.Count < Math.Min(2L * count, high - low + 1))
        {
            guesses.Add(low + (long)(random.NextBits() % (ulong)(high - low + 1)));
        }

        var found = await InChunks(guesses, chunk => c.QueryAsync<long>($"SELECT id FROM sightings WHERE id {dialect.In("chunk")}", new { chunk }));
        return (IReadOnlyList<long>)[.. found.Take(count).Order()];
    }, cancellation);

    public async IAsyncEnumerable<StoredSighting> AllSightingsAsync(long above = 0, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        const int page = 5000;
        while (true)
        {
            var from = above;
            var rows = await Read(async c => (await c.QueryAsync<SightingRow>(
                $"SELECT {SightingColumns} FROM sightings WHERE id > @from ORDER BY id LIMIT {page}", new { from })).AsList(), cancellation);
            foreach (var row in rows)
            {
                yield return row.Sighting();
            }

            if (rows.Count < page)
            {
                yield break;
            }

            above = rows[^1].Id;
        }
    }

    public Task<IReadOnlyDictionary<string, long>> FiledAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation = default) => Read(async c =>
        (IReadOnlyDictionary<string, long>)await IdsAsync(keys, (sql, values) => c.QueryAsync<KeyedRow>(sql, values)), cancellation);

    public Task<long> CountAsync(CancellationToken cancellation = default) => Read(c => c.ExecuteScalarAsync<long>("SELECT count(*) FROM sightings"), cancellation);

    public Task<StoredSighting?> EditAsync(long id, SightingEdit edit, long version = 0, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return Write(async t =>
        {
            await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
            if (await t.Scalar<long?>("SELECT version FROM sightings WHERE id = @id", new { id }) is not { } present)
            {
                return null;
            }

            if (version > 0 && version != present)
            {
                throw Changed($"sighting {id}");
            }

            if (edit.Person is > 0 and var person && await t.Scalar<long>("SELECT count(*) FROM people WHERE id = @person", new { person }) == 0)
            {
                throw new ArgumentException($"there is no person {person}");
            }

            await t.Run("""
                UPDATE sightings SET version = version + 1,
                  person = CASE WHEN @setPerson = 1 THEN @person ELSE person END,
                  label = CASE WHEN @setLabel = 1 THEN @label ELSE label END,
                  notes = CASE WHEN @setNotes = 1 THEN @notes ELSE notes END
                WHERE id = @id
                """, new
            {
                id,
                setPerson = edit.Person is null ? 0 : 1,
                person = edit.Person is 0 ? null : edit.Person,
                setLabel = edit.Label is null ? 0 : 1,
                label = string.IsNullOrEmpty(edit.Label) ? null : edit.Label,
                setNotes = edit.Notes is null ? 0 : 1,
                notes = string.IsNullOrEmpty(edit.Notes) ? null : edit.Notes,
            });
            await ChangeAsync(t, ChangeKind.Edited, [id]);
            await LogAsync(t, audit);
            return (await t.Query<SightingRow>($"SELECT {SightingColumns} FROM sightings WHERE id = @id", new { id }))[0].Sighting();
        }, cancellation);
    }

    public async Task<Erasure> EraseAsync(IReadOnlyList<long> sightings, IReadOnlyList<long> people, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        ArgumentNullException.ThrowIfNull(people);
        var erasure = await Write(async t =>
        {
            await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
            List<long> ids = [], erasedPeople = [];
            HashSet<string> pictures = new(StringComparer.Ordinal);
            long vectors = 0;
            foreach (var chunk in people.Distinct().Chunk(Chunk))
            {
                erasedPeople.AddRange(await t.Query<long>($"SELECT id FROM people WHERE id {dialect.In("chunk")}", new { chunk }));
                ids.AddRange(await t.Query<long>($"SELECT id FROM sightings WHERE person {dialect.In("chunk")}", new { chunk }));
            }

            long[] all = [.. ids.Concat(sightings).Distinct().Order()];
            ids.Clear();
            foreach (var chunk in all.Chunk(Chunk))
            {
                foreach (var row in await t.Query<SightingRow>($"SELECT id, key, picture, filed, version FROM sightings WHERE id {dialect.In("chunk")}", new { chunk }))
                {
                    ids.Add(row.Id);
                    pictures.Add(row.Picture);
                }

                vectors += await t.Run($"DELETE FROM embeddings WHERE sighting {dialect.In("chunk")}", new { chunk });
                await t.Run($"DELETE FROM sightings WHERE id {dialect.In("chunk")}", new { chunk });
            }

            foreach (var chunk in erasedPeople.Chunk(Chunk))
            {
                await t.Run($"DELETE FROM people WHERE id {dialect.In("chunk")}", new { chunk });
            }

            if (erasedPeople.Count > 0)
            {
                // Answers that are remembered for writers who send again hold people's names.
                await t.Run("DELETE FROM requests");
            }

            List<string> gone = [];
            foreach (var chunk in pictures.Chunk(Chunk))
            {
                var unused = await t.Query<string>($"SELECT hash FROM pictures WHERE hash {dialect.In("chunk")} AND NOT EXISTS (SELECT 1 FROM sightings WHERE picture = hash)", new { chunk });
                gone.AddRange(unused);
            }

            foreach (var chunk in gone.Chunk(Chunk))
            {
                await t.Run($"DELETE FROM pictures WHERE hash {dialect.In("chunk")}", new { chunk });
            }

            if (dialect.Pictures is not null)
            {
                foreach (var hash in gone)
                {
                    await t.Run("INSERT INTO doomed (hash) VALUES (@hash) ON CONFLICT (hash) DO NOTHING", new { hash });
                }
            }

            await ChangeAsync(t, ChangeKind.Removed, ids);
            var report = new Erasure(ids, vectors, gone, pictures.Count - gone.Count, erasedPeople);
            return report with { Line = await LogAsync(t, audit is null ? null : audit with { Details = JsonSerializer.Serialize(report) }) };
        }, cancellation);

        // The rows are gone for good; what follows can be taken up again by whoever opens the gallery next.
        await Guarded(async () =>
        {
            await DeleteDoomedAsync(cancellation);
            await dialect.ScrubAsync(cancellation);
            return 0;
        });
        return erasure;
    }

    // Files are written inside the transaction that names them, and this is one too: no filing is under way meanwhile.
    public Task<int> SweepAsync(CancellationToken cancellation = default) => dialect.Pictures is not { } folder
        ? Task.FromResult(0)
        : Write(async t => folder.DeleteAllBut((await t.Query<string>("SELECT hash FROM pictures")).ToHashSet(StringComparer.Ordinal)), cancellation);

    public Task<IReadOnlyList<long>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default) => Read(async c => (IReadOnlyList<long>)(await c.QueryAsync<long>(
        "SELECT s.id FROM sightings s JOIN cameras c ON c.id = s.camera WHERE c.retention IS NOT NULL AND CASE WHEN s.taken < s.filed THEN s.taken ELSE s.filed END + c.retention <= @now ORDER BY s.id LIMIT @limit",
        new { now = now.ToUnixTimeMilliseconds(), limit })).AsList(), cancellation);

    public Task<byte[]?> PictureAsync(string hash, CancellationToken cancellation = default) => Read(async c =>
    {
        if (dialect.Pictures is null)
        {
            return await c.ExecuteScalarAsync<byte[]?>("SELECT content FROM pictures WHERE hash = @hash", new { hash });
        }

        return await c.ExecuteScalarAsync<string?>("SELECT hash FROM pictures WHERE hash = @hash", new { hash }) is { } known ? dialect.Pictures.Read(known) : null;
    }, cancellation);

    // ---- changes

    public Task<long> LatestChangeAsync(CancellationToken cancellation = default) => Read(async c => await c.ExecuteScalarAsync<long?>("SELECT max(seq) FROM changes") ?? 0, cancellation);

    public Task<IReadOnlyList<GalleryChange>> ChangesAsync(long after, int limit, CancellationToken cancellation = default) => Read(async c =>
        (IReadOnlyList<GalleryChange>)[.. (await c.QueryAsync<ChangeRow>("SELECT seq, kind, sighting FROM changes WHERE seq > @after ORDER BY seq LIMIT @limit", new { after, limit }))
            .Select(row => new GalleryChange(row.Seq, Enum.Parse<ChangeKind>(row.Kind), row.Sighting))], cancellation);

    public Task WaitForChangeAsync(long after, TimeSpan longest, CancellationToken cancellation = default) => Guarded(async () =>
    {
        await dialect.WaitAsync(after, longest, cancellation);
        return 0;
    });

    /// <summary>Numbers changes; the transaction has its turn already.</summary>
    private async Task ChangeAsync(Work t, ChangeKind kind, IEnumerable<long?> sightings)
    {
        var now = Now;
        await t.Insert("changes (kind, sighting, time)", sightings.Select(sighting => (object?[])[kind.ToString(), sighting, now]));
        await dialect.AnnounceAsync(t.Transaction, t.Cancellation);
    }

    private Task ChangeAsync(Work t, ChangeKind kind, IReadOnlyList<long> sightings) => ChangeAsync(t, kind, sightings.Select(id => (long?)id));

    /// <summary>The vectors of a sighting to be filed, as stored, once they are known to fit.</summary>
    private static (string Space, byte[] Bytes)[] Checked(NewSighting sighting, StoredModel model) => Checked(sighting.Embeddings, model, $"the embedding of \"{sighting.Sighting.Key}\"");

    private static (string Space, byte[] Bytes)[] Checked(IReadOnlyList<Embedding> embeddings, StoredModel model, string what)
    {
        var names = string.Join(", ", model.Spaces.Select(space => space.Name));
        return
        [
            .. model.Spaces.Select(space =>
            {
                if (embeddings.Count != model.Spaces.Count || embeddings.SingleOrDefault(e => e.Space == space.Name) is not { } embedding)
                {
                    throw new ArgumentException($"{what}: {embeddings.Count} embeddings in {string.Join(", ", embeddings.Select(e => e.Space))}, expected one for each of: {names}");
                }

                model.Encoder.Check(embedding, what);
                if (embedding.Vector.Length != space.Width)
                {
                    throw new ArgumentException($"{what} has {embedding.Vector.Length} dimensions in space \"{space.Name}\", expected {space.Width}");
                }

                var vector = embedding.Vector.ToArray();
                UnitVectors.NormaliseInPlace(vector);
                return (space.Name, SqlDialect.Bytes(vector));
            }),
        ];
    }

    /// <summary>Deletes the files of pictures whose rows are gone, and what a killed process left half written.</summary>
    private async Task DeleteDoomedAsync(CancellationToken cancellation)
    {
        if (dialect.Pictures is not { } folder)
        {
            return;
        }

        using var turn = await dialect.QueueAsync(cancellation);
        await using var connection = await dialect.OpenAsync(cancellation);
        var doomed = (await connection.QueryAsync<string>("SELECT hash FROM doomed")).AsList();
        if (doomed.Count == 0)
        {
            return;
        }

        // In a transaction: a filing of the same picture waits, and then writes its file again.
        await using var transaction = await dialect.BeginAsync(connection, cancellation);
        foreach (var hash in doomed)
        {
            if (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM pictures WHERE hash = @hash", new { hash }, transaction) == 0)
            {
                folder.Delete(hash);
            }

            await connection.ExecuteAsync("DELETE FROM doomed WHERE hash = @hash", new { hash }, transaction);
        }

        await transaction.CommitAsync(cancellation);
    }

    private sealed record KeyedRow
    {
        public long Id { get; init; }

        public required string Key { get; init; }
    }

    private sealed record ChangeRow
    {
        public long Seq { get; init; }

        public required string Kind { get; init; }

        public long? Sighting { get; init; }
    }

    private sealed record SightingRow
    {
        public long Id { get; init; }

        public required string Key { get; init; }

        public required string Picture { get; init; }

        public string? Camera { get; init; }

        public long? Taken { get; init; }

        public long? Person { get; init; }

        public string? Track { get; init; }

        public string? Box { get; init; }

        public string? Source { get; init; }

        public long? Frame { get; init; }

        public long? Time { get; init; }

        public string? Label { get; init; }

        public string? Notes { get; init; }

        public long Filed { get; init; }

        public long Version { get; init; }

        public static SightingRow Of(StoredSighting sighting, long now) => new()
        {
            Key = sighting.Key,
            Picture = sighting.Picture,
            Camera = sighting.Camera,
            Taken = sighting.Taken?.ToUnixTimeMilliseconds(),
            Person = sighting.Person,
            Track = sighting.Track,
            Box = sighting.Box is { } box ? $"{box.X} {box.Y} {box.Width} {box.Height}" : null,
            Source = sighting.Source,
            Frame = sighting.Frame,
            Time = (long?)sighting.Time?.TotalMilliseconds,
            Label = sighting.Label,
            Notes = sighting.Notes,
            Filed = now,
        };

        public StoredSighting Sighting()
        {
            var box = Box?.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            return new()
            {
                Id = Id,
                Key = Key,
                Picture = Picture,
                Camera = Camera,
                Taken = SqlGalleryStore.Time(Taken),
                Person = Person,
                Track = Track,
                Box = box is [var x, var y, var width, var height] ? new GalleryBox(x, y, width, height) : null,
                Source = Source,
                Frame = Frame,
                Time = Time is { } time ? TimeSpan.FromMilliseconds(time) : null,
                Label = Label,
                Notes = Notes,
                Filed = SqlGalleryStore.Time(Filed),
                Version = Version,
            };
        }
    }
}
