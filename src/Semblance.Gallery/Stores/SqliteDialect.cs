using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Semblance.Gallery.Stores;

/// <summary>A gallery in a folder: <c>gallery.db</c>, <c>pictures/</c> by content hash, and <c>snapshots/</c> of a large gallery's vectors.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const int Corrupt = 11, NotADatabase = 26, Full = 13, InputOutput = 10, Busy = 5, CannotOpen = 14;
    private const int PollMilliseconds = 100;
    private readonly string _connection;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly ConditionalWeakTable<object, object> _prepared = [];

    public SqliteDialect(string folder)
    {
        Directory.CreateDirectory(folder);
        Location = folder;
        Pictures = new PictureFolder(Path.Combine(folder, "pictures"));
        _connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, GalleryStores.DatabaseName), ForeignKeys = true, DefaultTimeout = 60 }.ToString();
    }

    public override string Location { get; }

    public override PictureFolder? Pictures { get; }

    public override string? SnapshotFolder => Path.Combine(Location, "snapshots");

    public override string SkipLocked => "";

    public override string In(string parameter) => $"IN @{parameter}";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancellation);

            if (!_prepared.TryGetValue(connection.Handle!, out _))
            {
                // Deleted content is overwritten, pages prove their cells before they are read, and a commit is on the disk. A connection out of the pool remembers it.
                await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON; PRAGMA busy_timeout = 60000");
                _prepared.AddOrUpdate(connection.Handle!, connection.Handle!);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // In the order of asking: left to itself, SQLite lets whoever wakes first go first, and some wait for seconds.
    public override async ValueTask<IDisposable> QueueAsync(CancellationToken cancellation)
    {
        await _writer.WaitAsync(cancellation);
        return new Turns(_writer);
    }

    // Immediate: two readers that both turn into writers would wait for each other.
    public override ValueTask<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation) =>
        ValueTask.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    // There is one writer at a time anyway.
    public override Task TakeTurnAsync(DbTransaction transaction, Turn turn, CancellationToken cancellation) => Task.CompletedTask;

    public override string Spell(string script) => script
        .Replace("{id}", "INTEGER PRIMARY KEY AUTOINCREMENT", StringComparison.Ordinal)
        .Replace("{blob}", "BLOB", StringComparison.Ordinal)
        .Replace("{real}", "REAL", StringComparison.Ordinal)
        .Replace("{vectors}", "", StringComparison.Ordinal)
        .Replace("{append_only}", """
            CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
            CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
            """, StringComparison.Ordinal);

    public override async Task WriteVectorsAsync(DbTransaction transaction, IReadOnlyList<(string Model, string Space, long Sighting, byte[] Vector)> rows, CancellationToken cancellation)
    {
        await using var command = ((SqliteConnection)transaction.Connection!).CreateCommand();
        command.Transaction = (SqliteTransaction)transaction;
        command.CommandText = "INSERT INTO embeddings (model, space, sighting, vector) VALUES (@model, @space, @sighting, @vector)";
        var model = command.Parameters.Add("@model", SqliteType.Text);
        var space = command.Parameters.Add("@space", SqliteType.Text);
        var sighting = command.Parameters.Add("@sighting", SqliteType.Integer);
        var vector = command.Parameters.Add("@vector", SqliteType.Blob);
        foreach (var row in rows)
        {
            (model.Value, space.Value, sighting.Value, vector.Value) = (row.Model, row.Space, row.Sighting, row.Vector);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public override async IAsyncEnumerable<StoredVector> ReadVectorsAsync(string model, string space, long above, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var reader = await connection.ExecuteReaderAsync(
            "SELECT sighting, vector FROM embeddings WHERE model = @model AND space = @space AND sighting > @above ORDER BY sighting", new { model, space, above });
        while (await reader.ReadAsync(cancellation))
        {
            yield return new StoredVector(reader.GetInt64(0), Numbers(await reader.GetFieldValueAsync<byte[]>(1, cancellation)));
        }
    }

    public override Task AnnounceAsync(DbTransaction transaction, CancellationToken cancellation) => Task.CompletedTask;

    public override async Task WaitAsync(long after, TimeSpan longest, CancellationToken cancellation)
    {
        var end = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        await using var connection = await OpenAsync(cancellation);
        while ((await connection.ExecuteScalarAsync<long?>("SELECT max(seq) FROM changes") ?? 0) <= after && Environment.TickCount64 < end)
        {
            await Task.Delay(PollMilliseconds, cancellation);
        }
    }

    public override async Task ScrubAsync(CancellationToken cancellation)
    {
        Live.LiveSnapshot.Delete(SnapshotFolder!);

        // The log still holds the pages as they were before; readers that are in the middle of something keep it for the next time.
        await using var connection = await OpenAsync(cancellation);
        await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public override async Task<string?> ExamineAsync(DbConnection connection, CancellationToken cancellation)
    {
        var answer = string.Join("; ", await connection.QueryAsync<string>("PRAGMA integrity_check(5)"));
        return answer == "ok" ? null : answer;
    }

    public override StoreFault? Fault(Exception problem) => problem switch
    {
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => StoreFault.Damaged,
        SqliteException { SqliteErrorCode: Full } => StoreFault.Full,
        SqliteException { SqliteErrorCode: InputOutput or Busy or CannotOpen } => StoreFault.Unavailable,
        IOException { HResult: 28 } => StoreFault.Full,
        _ => null,
    };

    public override ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    private sealed class Turns(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }
}
