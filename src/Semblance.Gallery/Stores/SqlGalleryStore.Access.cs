using Dapper;

namespace Semblance.Gallery.Stores;

internal sealed partial class SqlGalleryStore
{
    private const string KeyColumns = "k.id, k.name, k.role, k.created, k.expires, k.revoked";

    public Task<AccessKey> AddKeyAsync(string name, string role, string hash, DateTimeOffset? expires, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        // The log names keys by it.
        if (await t.Scalar<long>("SELECT count(*) FROM keys WHERE lower(name) = lower(@name)", new { name }) > 0)
        {
            throw new ArgumentException($"there is, or was, a key named \"{name}\" already, and the log tells keys by their names: take another name");
        }

        var now = Now;
        var id = await t.Scalar<long>(
            "INSERT INTO keys (name, role, hash, created, expires) VALUES (@name, @role, @hash, @now, @expires) RETURNING id",
            new { name, role, hash, now, expires = expires?.ToUnixTimeMilliseconds() });
        await LogAsync(t, audit is null ? null : audit with { Subject = audit.Subject ?? $"key/{id}" });
        return new AccessKey { Id = id, Name = name, Role = role, Created = Time(now), Expires = expires };
    }, cancellation);

    public Task<IReadOnlyList<AccessKey>> KeysAsync(CancellationToken cancellation = default) =>
        Read(async c => (IReadOnlyList<AccessKey>)[.. (await c.QueryAsync<KeyRow>($"SELECT {KeyColumns} FROM keys k ORDER BY k.id")).Select(row => row.Key())], cancellation);

    public Task<AccessKey?> KeyAsync(string hash, CancellationToken cancellation = default) =>
        Read(async c => (await c.QuerySingleOrDefaultAsync<KeyRow>($"SELECT {KeyColumns} FROM keys k WHERE k.hash = @hash", new { hash }))?.Key(), cancellation);

    public Task<bool> RevokeKeyAsync(long id, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        var revoked = await t.Run("UPDATE keys SET revoked = @now WHERE id = @id AND revoked IS NULL", new { id, now = Now }) > 0;
        await t.Run("DELETE FROM sessions WHERE key = @id", new { id });
        await LogAsync(t, revoked ? audit : null);
        return revoked;
    }, cancellation);

    public Task BeginSessionAsync(string hash, long key, DateTimeOffset expires, CancellationToken cancellation = default) => Write(async t =>
    {
        await t.Run("DELETE FROM sessions WHERE expires <= @now", new { now = Now });
        return await t.Run("INSERT INTO sessions (hash, key, created, expires) VALUES (@hash, @key, @now, @expires)", new { hash, key, now = Now, expires = expires.ToUnixTimeMilliseconds() });
    }, cancellation);

    public Task<AccessKey?> SessionAsync(string hash, CancellationToken cancellation = default) => Read(async c => (await c.QuerySingleOrDefaultAsync<KeyRow>(
        $"SELECT {KeyColumns} FROM sessions s JOIN keys k ON k.id = s.key WHERE s.hash = @hash AND s.expires > @now", new { hash, now = Now }))?.Key(), cancellation);

    public Task EndSessionAsync(string hash, CancellationToken cancellation = default) => Write(t => t.Run("DELETE FROM sessions WHERE hash = @hash", new { hash }), cancellation);

    public Task<RememberedRequest?> RequestAsync(string actor, string key, CancellationToken cancellation = default) => Read(async c => (await c.QuerySingleOrDefaultAsync<RequestRow>(
        "SELECT digest, status, body FROM requests WHERE actor = @actor AND key = @key AND created > @since", new { actor, key, since = Now - (long)RequestsAreKept.TotalMilliseconds })) is { } row
            ? new RememberedRequest(row.Digest, (int)row.Status, row.Body) : null, cancellation);

    public Task RememberAsync(string actor, string key, RememberedRequest request, CancellationToken cancellation = default) => Write(async t =>
    {
        await t.Run("DELETE FROM requests WHERE created <= @since", new { since = Now - (long)RequestsAreKept.TotalMilliseconds });
        return await t.Run(
            "INSERT INTO requests (actor, key, digest, status, body, created) VALUES (@actor, @key, @Digest, @status, @Body, @now) ON CONFLICT (actor, key) DO NOTHING",
            new { actor, key, request.Digest, status = (long)request.Status, request.Body, now = Now });
    }, cancellation);

    private sealed record RequestRow
    {
        public required string Digest { get; init; }

        public long Status { get; init; }

        public required string Body { get; init; }
    }

    private sealed record KeyRow
    {
        public long Id { get; init; }

        public required string Name { get; init; }

        public required string Role { get; init; }

        public long Created { get; init; }

        public long? Expires { get; init; }

        public long? Revoked { get; init; }

        public AccessKey Key() => new() { Id = Id, Name = Name, Role = Role, Created = Time(Created), Expires = Time(Expires), Revoked = Time(Revoked) };
    }
}
