using Dapper;

namespace Semblance.Gallery.Stores;

internal sealed partial class SqlGalleryStore
{
    private const string PersonColumns = "p.id, p.name, p.notes, p.created, p.version, (SELECT count(*) FROM sightings s WHERE s.person = p.id) AS sightings";

    public Task<IReadOnlyList<StoredPerson>> PeopleAsync(long before, int limit, CancellationToken cancellation = default) => Read(async c => (IReadOnlyList<StoredPerson>)[
        .. (await c.QueryAsync<PersonRow>($"SELECT {PersonColumns} FROM people p WHERE p.id < @before ORDER BY p.id DESC LIMIT @limit", new { before, limit })).Select(row => row.Person())], cancellation);

    public Task<StoredPerson?> PersonAsync(long id, CancellationToken cancellation = default) =>
        Read(async c => (await c.QuerySingleOrDefaultAsync<PersonRow>($"SELECT {PersonColumns} FROM people p WHERE p.id = @id", new { id }))?.Person(), cancellation);

    public Task<StoredPerson> MakePersonAsync(string? name, string? notes, IReadOnlyList<long> sightings, AuditDraft? audit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sightings);
        return Write(async t =>
        {
            await dialect.TakeTurnAsync(t.Transaction, SqlDialect.Turn.Changes, cancellation);
            if (sightings.Count > 0)
            {
                long[] wanted = [.. sightings.Distinct()];
                var known = await InChunks(wanted, chunk => QueryIds(chunk));
                if (wanted.Except(known).ToArray() is { Length: > 0 } missing)
                {
                    throw new ArgumentException($"there is no sighting {string.Join(", ", missing.Take(5))}{(missing.Length > 5 ? ", ..." : "")}");
                }

                async Task<IEnumerable<long>> QueryIds(long[] chunk) => await t.Query<long>($"SELECT id FROM sightings WHERE id {dialect.In("chunk")}", new { chunk });
            }

            var id = await t.Scalar<long>("INSERT INTO people (name, notes, created) VALUES (@name, @notes, @now) RETURNING id", new { name, notes, now = Now });
            foreach (var chunk in sightings.Distinct().Chunk(Chunk))
            {
                await t.Run($"UPDATE sightings SET person = @id, version = version + 1 WHERE id {dialect.In("chunk")}", new { id, chunk });
            }

            await ChangeAsync(t, ChangeKind.Edited, sightings);
            await LogAsync(t, audit is null ? null : audit with { Subject = audit.Subject ?? $"person/{id}" });
            return (await t.Query<PersonRow>($"SELECT {PersonColumns} FROM people p WHERE p.id = @id", new { id }))[0].Person();
        }, cancellation);
    }

    public Task<StoredPerson?> EditPersonAsync(long id, string? name, string? notes, long version = 0, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        // The condition stands in the statement that writes: of two who edit at once, one is too late.
        if (await t.Run(
            "UPDATE people SET name = COALESCE(@name, name), notes = COALESCE(@notes, notes), version = version + 1 WHERE id = @id AND (@version = 0 OR version = @version)", new { id, name, notes, version }) == 0)
        {
            return await t.Scalar<long>("SELECT count(*) FROM people WHERE id = @id", new { id }) == 0 ? null : throw Changed($"person {id}");
        }

        await LogAsync(t, audit);
        return (StoredPerson?)(await t.Query<PersonRow>($"SELECT {PersonColumns} FROM people p WHERE p.id = @id", new { id }))[0].Person();
    }, cancellation);

    private sealed record PersonRow
    {
        public long Id { get; init; }

        public string? Name { get; init; }

        public string? Notes { get; init; }

        public long Created { get; init; }

        public long Version { get; init; }

        public long Sightings { get; init; }

        public StoredPerson Person() => new() { Id = Id, Name = Name, Notes = Notes, Created = Time(Created), Sightings = Sightings, Version = Version };
    }
}
