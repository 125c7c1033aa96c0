using System.Text.Json;
using Dapper;

namespace Semblance.Gallery.Stores;

internal sealed partial class SqlGalleryStore
{
    /// <summary>Bytes of a model's file in one row: weights may be larger than a field can be.</summary>
    private const int FilePart = 16 << 20;

    private const string ModelColumns = "SELECT fingerprint, description, state, spaces, calibration, added FROM models";

    public Task<IReadOnlyList<StoredModel>> ModelsAsync(CancellationToken cancellation = default) => Read(async c => (IReadOnlyList<StoredModel>)[
        .. (await c.QueryAsync<ModelRow>(ModelColumns)).Select(row => row.Model()).OrderBy(model => model.State != ModelState.Current).ThenByDescending(model => model.Added)], cancellation);

    public Task<StoredModel> AddModelAsync(GalleryEncoder encoder, IReadOnlyList<GallerySpace> spaces, IReadOnlyList<StoredModelFile> files, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(spaces);
        ArgumentNullException.ThrowIfNull(files);
        if (spaces.Count == 0 || spaces.Any(space => space.Width < 1) || spaces.DistinctBy(space => space.Name).Count() != spaces.Count)
        {
            throw new ArgumentException($"the spaces are {string.Join(", ", spaces)}, expected at least one, each with its own name and a positive width", nameof(spaces));
        }

        return Write(async t =>
        {
            await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
            var known = (await t.Query<ModelRow>(ModelColumns)).Select(row => row.Model()).ToArray();
            if (known.FirstOrDefault(model => model.Encoder.Fingerprint == encoder.Fingerprint) is { } there)
            {
                return there;
            }

            var model = new StoredModel(encoder, spaces, known.Any(m => m.State == ModelState.Current) ? ModelState.Preparing : ModelState.Current, Time(Now), null);
            await t.Run(
                "INSERT INTO models (fingerprint, description, state, spaces, added) VALUES (@fingerprint, @description, @state, @spaces, @added)",
                new { fingerprint = encoder.Fingerprint, description = encoder.Description, state = model.State.ToString(), spaces = JsonSerializer.Serialize(spaces), added = Now });
            foreach (var file in files)
            {
                for (var (part, start) = (0L, 0); start < Math.Max(1, file.Content.Length); part++, start += FilePart)
                {
                    await t.Run(
                        "INSERT INTO model_files (model, name, part, content) VALUES (@model, @name, @part, @content)",
                        new { model = encoder.Fingerprint, name = file.Name, part, content = file.Content.Slice(start, Math.Min(FilePart, file.Content.Length - start)).ToArray() });
                }
            }

            if (model.State == ModelState.Current)
            {
                await ChangeAsync(t, ChangeKind.Switched, [(long?)null]);
            }

            await LogAsync(t, audit);
            return model;
        }, cancellation);
    }

    public Task<IReadOnlyList<StoredModelFile>> ModelFilesAsync(string fingerprint, CancellationToken cancellation = default) => Read(async c =>
    {
        List<StoredModelFile> files = [];
        foreach (var name in await c.QueryAsync<string>("SELECT DISTINCT name FROM model_files WHERE model = @fingerprint ORDER BY name", new { fingerprint }))
        {
            var parts = (await c.QueryAsync<byte[]>("SELECT content FROM model_files WHERE model = @fingerprint AND name = @name ORDER BY part", new { fingerprint, name })).AsList();
            files.Add(new StoredModelFile(name, parts.Count == 1 ? parts[0] : parts.SelectMany(part => part).ToArray()));
        }

        return (IReadOnlyList<StoredModelFile>)files;
    }, cancellation);

    public Task CalibrateAsync(string fingerprint, string calibration, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
        await t.Run("UPDATE models SET calibration = @calibration WHERE fingerprint = @fingerprint", new { fingerprint, calibration });
        await ChangeAsync(t, ChangeKind.Calibrated, [(long?)null]);
        await LogAsync(t, audit);
        return 0;
    }, cancellation);

    public Task<IReadOnlyList<StoredSighting>> UnembeddedAsync(string fingerprint, long above, int limit, CancellationToken cancellation = default) => Read(async c => (IReadOnlyList<StoredSighting>)[
        .. (await c.QueryAsync<SightingRow>(
            $"SELECT {SightingColumns} FROM sightings s WHERE id > @above AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.sighting = s.id AND e.model = @fingerprint) ORDER BY id LIMIT @limit",
            new { fingerprint, above, limit })).Select(row => row.Sighting())], cancellation);

    public Task EmbedAsync(IReadOnlyList<(long Sighting, IReadOnlyList<Embedding> Embeddings)> vectors, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return Write(async t =>
        {
            // An erasure is over before or comes after: a vector never outlives its sighting.
            await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
            var models = (await t.Query<ModelRow>(ModelColumns)).Select(row => row.Model()).ToDictionary(model => model.Encoder.Fingerprint, StringComparer.Ordinal);
            List<(string, string, long, byte[])> rows = [];
            foreach (var (sighting, embeddings) in vectors)
            {
                var fingerprint = embeddings.Count > 0 ? embeddings[0].Fingerprint : "";
                var model = models.GetValueOrDefault(fingerprint) ?? throw new ArgumentException($"the gallery has no model {fingerprint}: add it first");
                var space = Checked(embeddings, model, $"the embedding of sighting {sighting}");
                if (await t.Scalar<long>(
                    "SELECT count(*) FROM sightings s WHERE id = @sighting AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.sighting = s.id AND e.model = @fingerprint)", new { sighting, fingerprint }) == 1)
                {
                    rows.AddRange(space.Select(row => (fingerprint, row.Space, sighting, row.Bytes)));
                }
            }

            await dialect.WriteVectorsAsync(t.Transaction, rows, cancellation);
            return 0;
        }, cancellation);
    }

    public async Task SwitchAsync(string fingerprint, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        await IndexAsync(fingerprint, cancellation);
        await Write(async t =>
        {
            await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
            if (await t.Scalar<long>("SELECT count(*) FROM models WHERE fingerprint = @fingerprint", new { fingerprint }) == 0)
            {
                throw new ArgumentException($"the gallery has no model {fingerprint}: add it first");
            }

            var missing = await t.Scalar<long>("SELECT count(*) FROM sightings s WHERE NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.sighting = s.id AND e.model = @fingerprint)", new { fingerprint });
            if (missing > 0)
            {
                throw new GalleryStoreException(StoreFault.Conflict, $"{missing} sightings have no vectors of model {fingerprint} yet: embed them first; the current model stays");
            }

            await t.Run(
                "UPDATE models SET state = CASE WHEN fingerprint = @fingerprint THEN @current ELSE @retired END WHERE fingerprint = @fingerprint OR state = @current",
                new { fingerprint, current = nameof(ModelState.Current), retired = nameof(ModelState.Retired) });
            await ChangeAsync(t, ChangeKind.Switched, [(long?)null]);
            await LogAsync(t, audit);
            return 0;
        }, cancellation);
    }

    /// <summary>A database that searches has the new model's indexes before anybody asks with it; building them takes minutes for a large gallery.</summary>
    private Task<int> IndexAsync(string fingerprint, CancellationToken cancellation) => Read(async c =>
    {
        if (await dialect.SearchesAsync(c, cancellation) && (await c.QueryAsync<ModelRow>($"{ModelColumns} WHERE fingerprint = @fingerprint", new { fingerprint })).FirstOrDefault() is { } row)
        {
            await dialect.PrepareSearchAsync(c, row.Model(), cancellation);
        }

        return 0;
    }, cancellation);

    public Task<bool> DropModelAsync(string fingerprint, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
        var state = await t.Scalar<string?>("SELECT state FROM models WHERE fingerprint = @fingerprint", new { fingerprint });
        if (state == nameof(ModelState.Current))
        {
            throw new GalleryStoreException(StoreFault.Conflict, $"model {fingerprint} is the current one: switch to another first");
        }

        await t.Run("DELETE FROM embeddings WHERE model = @fingerprint", new { fingerprint });
        if (await t.Query<ModelRow>($"{ModelColumns} WHERE fingerprint = @fingerprint", new { fingerprint }) is [var row])
        {
            await dialect.ForgetSearchAsync(t.Transaction, row.Model(), cancellation);
        }

        await t.Run("DELETE FROM model_files WHERE model = @fingerprint", new { fingerprint });
        await t.Run("DELETE FROM models WHERE fingerprint = @fingerprint", new { fingerprint });
        await LogAsync(t, state is null ? null : audit);
        return state is not null;
    }, cancellation);

    public Task PrepareSearchAsync(StoredModel model, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Read(async c =>
        {
            await dialect.PrepareSearchAsync(c, model, cancellation);
            return 0;
        }, cancellation);
    }

    public IAsyncEnumerable<StoredVector> VectorsAsync(string fingerprint, string space, long above = 0, CancellationToken cancellation = default) =>
        dialect.ReadVectorsAsync(fingerprint, space, above, cancellation);

    public Task<IReadOnlyList<StoredVector>> VectorsAsync(string fingerprint, string space, IReadOnlyList<long> sightings, CancellationToken cancellation = default) => Read(async c => (IReadOnlyList<StoredVector>)[
        .. (await InChunks(sightings, chunk => c.QueryAsync<VectorRow>(
            $"SELECT sighting, vector FROM embeddings WHERE model = @fingerprint AND space = @space AND sighting {dialect.In("chunk")}", new { fingerprint, space, chunk })))
            .Select(row => new StoredVector(row.Sighting, SqlDialect.Numbers(row.Vector)))], cancellation);

    private static async Task<StoredModel?> CurrentModelAsync(Work t) =>
        await t.Query<ModelRow>($"{ModelColumns} WHERE state = @state", new { state = nameof(ModelState.Current) }) is [var row] ? row.Model() : null;

    private sealed record VectorRow
    {
        public long Sighting { get; init; }

        public required byte[] Vector { get; init; }
    }

    private sealed record ModelRow
    {
        public required string Fingerprint { get; init; }

        public required string Description { get; init; }

        public required string State { get; init; }

        public required string Spaces { get; init; }

        public string? Calibration { get; init; }

        public long Added { get; init; }

        public StoredModel Model() => new(
            new GalleryEncoder(Fingerprint, Description), JsonSerializer.Deserialize<GallerySpace[]>(Spaces) ?? [], Enum.Parse<ModelState>(State), Time(Added), Calibration);
    }
}
