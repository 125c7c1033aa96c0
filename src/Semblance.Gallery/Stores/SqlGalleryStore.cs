using System.Data.Common;
using System.Security.Cryptography;
using Dapper;

namespace Semblance.Gallery.Stores;

/// <summary>A gallery in an SQL database. One set of statements for all databases; what they do not share is the dialect's.</summary>
internal sealed partial class SqlGalleryStore(SqlDialect dialect, TimeProvider time) : IGalleryStore
{
    /// <summary>Parameters of one statement; SQLite takes 999 in its older builds.</summary>
    private const int Chunk = 500;

    private static readonly TimeSpan RequestsAreKept = TimeSpan.FromDays(1);

    public string Location => dialect.Location;

    public string? SnapshotFolder => dialect.SnapshotFolder;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Brings the tables up to date and finishes what a killed process left.</summary>
    public Task PrepareAsync(CancellationToken cancellation) => Guarded(async () =>
    {
        await Migrations.RunAsync(dialect, cancellation: cancellation);
        await DeleteDoomedAsync(cancellation);
        return 0;
    });

    public ValueTask DisposeAsync() => dialect.DisposeAsync();

    // ---- settings

    public Task<string?> SettingAsync(string name, CancellationToken cancellation = default) =>
        Read(c => c.ExecuteScalarAsync<string?>("SELECT value FROM settings WHERE name = @name", new { name }), cancellation);

    public Task SetAsync(string name, string value, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        await t.Run("INSERT INTO settings (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", new { name, value });
        await LogAsync(t, audit);
        return 0;
    }, cancellation);

    // ---- cameras

    public Task<IReadOnlyList<StoredCamera>> CamerasAsync(CancellationToken cancellation = default) => Read(async c =>
        (IReadOnlyList<StoredCamera>)[.. (await c.QueryAsync<CameraRow>("SELECT id, name, place, x, y, retention, version FROM cameras ORDER BY id")).Select(row => row.Camera())], cancellation);

    public Task<StoredCamera> SaveCameraAsync(StoredCamera camera, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        var row = new { id = camera.Id, name = camera.Name, place = camera.Place, x = camera.X, y = camera.Y, retention = (long?)camera.Retention?.TotalMilliseconds, version = camera.Version };
        var version = await t.Scalar<long?>("SELECT version FROM cameras WHERE id = @id", row);
        if (camera.Version > 0 && version != camera.Version)
        {
            throw Changed($"camera {camera.Id}");
        }

        // The condition stands in the statement that writes: of two who edit at once, one is too late.
        if (await t.Run("""
            INSERT INTO cameras (id, name, place, x, y, retention) VALUES (@id, @name, @place, @x, @y, @retention)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, place = excluded.place, x = excluded.x, y = excluded.y, retention = excluded.retention, version = cameras.version + 1
              WHERE @version = 0 OR cameras.version = @version
            """, row) == 0)
        {
            throw Changed($"camera {camera.Id}");
        }

        await LogAsync(t, audit);
        return camera with { Version = (version ?? 0) + 1 };
    }, cancellation);

    public Task<bool> RemoveCameraAsync(string id, AuditDraft? audit = null, CancellationToken cancellation = default) => Write(async t =>
    {
        var sightings = await t.Scalar<long>("SELECT count(*) FROM sightings WHERE camera = @id", new { id });
        if (sightings > 0)
        {
            throw new GalleryStoreException(StoreFault.Conflict, $"camera {id} has {sightings} sightings: erase them first");
        }

        var gone = await t.Run("DELETE FROM cameras WHERE id = @id", new { id });
        await LogAsync(t, gone > 0 ? audit : null);
        return gone > 0;
    }, cancellation);

    // ---- health

    public Task CheckAsync(bool thorough = false, CancellationToken cancellation = default) => Read(async c =>
    {
        await c.ExecuteScalarAsync<long?>("SELECT max(version) FROM semblance_schema");
        if (thorough && await dialect.ExamineAsync(c, cancellation) is { } damage)
        {
            throw new GalleryStoreException(StoreFault.Damaged, $"{Location} is damaged: {damage}. Stop filing, keep a copy of it, and restore the last good one");
        }

        foreach (var hashes in thorough ? (await c.QueryAsync<string>("SELECT hash FROM pictures ORDER BY hash")).Chunk(Chunk) : [])
        {
            foreach (var hash in hashes)
            {
                var content = dialect.Pictures is { } folder ? folder.Read(hash) : await c.ExecuteScalarAsync<byte[]?>("SELECT content FROM pictures WHERE hash = @hash", new { hash });
                if (content is null || Hash(content) != hash)
                {
                    throw new GalleryStoreException(
                        StoreFault.Damaged, $"{Location}: picture {hash} {(content is null ? "is missing" : "is not what was filed")}: restore it from a copy of the gallery, or erase the sightings that show it");
                }
            }
        }

        return 0;
    }, cancellation);

    // ---- how statements run

    /// <summary>A transaction with its connection, so that statements stay short.</summary>
    private readonly record struct Work(DbTransaction Transaction, CancellationToken Cancellation)
    {
        public Task<int> Run(string sql, object? parameters = null) => Transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, Transaction, cancellationToken: Cancellation));

        public Task<T?> Scalar<T>(string sql, object? parameters = null) => Transaction.Connection!.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, Transaction, cancellationToken: Cancellation));

        public async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
            [.. await Transaction.Connection!.QueryAsync<T>(new CommandDefinition(sql, parameters, Transaction, cancellationToken: Cancellation))];

        /// <summary>Rows in the order given, many to a statement: to a database elsewhere each statement is a journey.</summary>
        /// <param name="into">Table and columns, as in "changes (kind, sighting, time)".</param>
        /// <param name="rows">A value for each column.</param>
        /// <param name="ending">What follows the values.</param>
        public async Task Insert(string into, IEnumerable<object?[]> rows, string ending = "")
        {
            var columns = into.Count(letter => letter == ',') + 1;
            foreach (var chunk in rows.Chunk(Chunk / columns))
            {
                var (values, parameters) = (new List<string>(chunk.Length), new DynamicParameters());
                foreach (var row in chunk)
                {
                    var names = row.Select((_, column) => $"v{(values.Count * columns) + column}").ToArray();
                    foreach (var (name, value) in names.Zip(row))
                    {
                        parameters.Add(name, value);
                    }

                    values.Add($"(@{string.Join(", @", names)})");
                }

                await Run($"INSERT INTO {into} VALUES {string.Join(", ", values)} {ending}", parameters);
            }
        }
    }

    private Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellation) => Guarded(async () =>
    {
        await using var connection = await dialect.OpenAsync(cancellation);
        return await work(connection);
    });

    private Task<T> Write<T>(Func<Work, Task<T>> work, CancellationToken cancellation) => Guarded(async () =>
    {
        using var turn = await dialect.QueueAsync(cancellation);
        await using var connection = await dialect.OpenAsync(cancellation);
        await using var transaction = await dialect.BeginAsync(connection, cancellation);
        var result = await work(new Work(transaction, cancellation));
        await transaction.CommitAsync(cancellation);
        return result;
    });

    /// <summary>The database's errors as ours.</summary>
    private async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception problem) when (problem is not GalleryStoreException && dialect.Fault(problem) is { } fault)
        {
            throw new GalleryStoreException(fault, $"{Location}: {fault switch
            {
                StoreFault.Damaged => "the database is damaged. Stop filing, keep a copy of it, and restore the last good one",
                StoreFault.Full => "there is no room left. Make room; what was not filed can be filed again",
                StoreFault.Conflict => "another transaction was in the way. Try again",
                _ => "the database cannot be reached. It will be tried again",
            }} ({problem.Message})", problem);
        }
    }

    /// <summary>Some ids at a time.</summary>
    private static async Task<List<T>> InChunks<TId, T>(IEnumerable<TId> ids, Func<TId[], Task<IEnumerable<T>>> query)
    {
        List<T> all = [];
        foreach (var chunk in ids.Chunk(Chunk))
        {
            all.AddRange(await query(chunk));
        }

        return all;
    }

    private static GalleryStoreException Changed(string what) => new(StoreFault.Conflict, $"{what} was changed by somebody else since it was read: read it again");

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known ? Time(known) : null;

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed record CameraRow
    {
        public required string Id { get; init; }

        public string? Name { get; init; }

        public string? Place { get; init; }

        public double? X { get; init; }

        public double? Y { get; init; }

        public long? Retention { get; init; }

        public long Version { get; init; }

        public StoredCamera Camera() => new() { Id = Id, Name = Name, Place = Place, X = X, Y = Y, Retention = Retention is { } kept ? TimeSpan.FromMilliseconds(kept) : null, Version = Version };
    }
}
