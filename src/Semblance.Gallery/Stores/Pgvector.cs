using System.Data.Common;
using System.Globalization;
using Dapper;
using Npgsql;

namespace Semblance.Gallery.Stores;

/// <summary>
/// Searching inside PostgreSQL by pgvector: a column <c>near</c> beside each stored vector, and for each model and space an HNSW index over its rows alone. Filters go along with the
/// index (iterative scans), so that an answer is full however few sightings pass.
/// </summary>
internal static class Pgvector
{
    private const int RowsAtOnce = 500;
    private const int MostIndexed = 2000;
    private const int MostIndexedAsHalves = 4000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Iterative scans came with it.</summary>
    private static readonly Version Oldest = new(0, 8);

    /// <summary>Whether this gallery's vectors are kept for pgvector too.</summary>
    public static async Task<bool> IsOnAsync(DbConnection connection, DbTransaction? transaction, CancellationToken cancellation) =>
        await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('embeddings') AND attname = 'near' AND NOT attisdropped)", transaction: transaction, cancellationToken: cancellation));

    /// <summary>Adds the column, fills in what lacks it, and builds the model's indexes; each only where it is missing.</summary>
    /// <exception cref="NotSupportedException">pgvector is absent or too old, or a space is too wide.</exception>
    public static async Task PrepareAsync(DbConnection connection, StoredModel model, CancellationToken cancellation)
    {
        // Of several servers that start at once, one does it and the others find it done. They look again: whoever waited for the lock inside the database would be waited for by the build.
        var turn = new { turn = (int)SqlDialect.Turn.Search };
        while (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT pg_try_advisory_lock(7360001, @turn)", turn, cancellationToken: cancellation)))
        {
            await Task.Delay(Pause, cancellation);
        }

        try
        {
            await PrepareInTurnAsync(connection, model, cancellation);
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(7360001, @turn)", turn);
        }
    }

    private static async Task PrepareInTurnAsync(DbConnection connection, StoredModel model, CancellationToken cancellation)
    {
        if (model.Spaces.FirstOrDefault(space => space.Width > MostIndexedAsHalves) is { } wide)
        {
            throw new NotSupportedException($"space \"{wide.Name}\" has {wide.Width} dimensions, pgvector indexes at most {MostIndexedAsHalves}: let the server search in memory");
        }

        Task<int> Run(string sql, object? parameters = null) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, commandTimeout: 0, cancellationToken: cancellation));
        try
        {
            await Run("CREATE EXTENSION IF NOT EXISTS vector");
        }
        catch (PostgresException problem)
        {
            throw new NotSupportedException($"the database has no pgvector, or this user may not turn it on ({problem.MessageText}): install pgvector {Oldest} or newer on the server and run CREATE EXTENSION vector, or let the server search in memory", problem);
        }

        var version = await connection.ExecuteScalarAsync<string>("SELECT extversion FROM pg_extension WHERE extname = 'vector'");
        if (!Version.TryParse(version, out var found) || found < Oldest)
        {
            throw new NotSupportedException($"the database has pgvector {version}, expected {Oldest} or newer: filtered searches need its iterative scans");
        }

        if (!await IsOnAsync(connection, null, cancellation))
        {
            await Run("ALTER TABLE embeddings ADD COLUMN IF NOT EXISTS near vector; ALTER TABLE embeddings ALTER COLUMN near SET STORAGE EXTERNAL");
        }

        var fingerprint = model.Encoder.Fingerprint;
        while (true)
        {
            var rows = (await connection.QueryAsync<(string Space, long Sighting, byte[] Vector)>(new CommandDefinition(
                $"SELECT space, sighting, vector FROM embeddings WHERE model = @fingerprint AND near IS NULL LIMIT {RowsAtOnce}", new { fingerprint }, cancellationToken: cancellation))).AsList();
            if (rows.Count == 0)
            {
                break;
            }

            await Run(
                "UPDATE embeddings e SET near = u.near::vector FROM unnest(@spaces, @sightings, @nears) AS u (space, sighting, near) WHERE e.model = @fingerprint AND e.space = u.space AND e.sighting = u.sighting",
                new { fingerprint, spaces = rows.Select(row => row.Space).ToArray(), sightings = rows.Select(row => row.Sighting).ToArray(), nears = rows.Select(row => Text(SqlDialect.Numbers(row.Vector))).ToArray() });
        }

        foreach (var space in model.Spaces)
        {
            // A build that was cut off leaves an index that is written to and never read.
            var index = Index(fingerprint, space.Name);
            if (await connection.ExecuteScalarAsync<bool?>("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(@index)", new { index }) == false)
            {
                await Run($"DROP INDEX {index}");
            }

            // Concurrently: filing goes on meanwhile.
            var operators = space.Width > MostIndexed ? "halfvec_cosine_ops" : "vector_cosine_ops";
            await Run($"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON embeddings USING hnsw (({Indexed(space)}) {operators}) WHERE {Only(fingerprint, space.Name)}");
        }
    }

    /// <summary>Takes the indexes of a model away.</summary>
    public static async Task ForgetAsync(DbConnection connection, DbTransaction transaction, StoredModel model, CancellationToken cancellation)
    {
        foreach (var space in model.Spaces)
        {
            await connection.ExecuteAsync(new CommandDefinition($"DROP INDEX IF EXISTS {Index(model.Encoder.Fingerprint, space.Name)}", transaction: transaction, cancellationToken: cancellation));
        }
    }

    /// <summary>Rows of vectors with what pgvector reads.</summary>
    public static Task WriteAsync(DbConnection connection, DbTransaction transaction, IReadOnlyList<(string Model, string Space, long Sighting, byte[] Vector)> rows, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO embeddings (model, space, sighting, vector, near)
            SELECT u.model, u.space, u.sighting, u.vector, u.near::vector FROM unnest(@models, @spaces, @sightings, @vectors, @nears) AS u (model, space, sighting, vector, near)
            """,
            new
            {
                models = rows.Select(row => row.Model).ToArray(),
                spaces = rows.Select(row => row.Space).ToArray(),
                sightings = rows.Select(row => row.Sighting).ToArray(),
                vectors = rows.Select(row => row.Vector).ToArray(),
                nears = rows.Select(row => Text(SqlDialect.Numbers(row.Vector))).ToArray(),
            },
            transaction,
            cancellationToken: cancellation));

    /// <summary>The sightings nearest to a vector. The index finds them, full precision orders them; exact leaves the index aside.</summary>
    /// <param name="connection">Open, with a transaction.</param>
    /// <param name="transaction">The settings of the scan end with it.</param>
    /// <param name="space">One of the model's.</param>
    /// <param name="fingerprint">The model's.</param>
    /// <param name="top">At most so many.</param>
    /// <param name="where">Conditions on the sighting <c>s</c>; none when empty.</param>
    /// <param name="values">Their parameters.</param>
    /// <param name="vector">What is asked.</param>
    /// <param name="exact">Compare all.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<IReadOnlyList<(long Sighting, float Cosine)>> NearestAsync(
        DbConnection connection, DbTransaction transaction, string fingerprint, GallerySpace space, int top, IReadOnlyList<string> where, DynamicParameters values, float[] vector, bool exact, CancellationToken cancellation)
    {
        // Halves may order neighbours of nearly the same distance differently, and a scan that has to pass over sightings misses more neighbours: more of them are looked at.
        var some = space.Width > MostIndexed || where.Count > 0 ? (int)Math.Min(4L * top, int.MaxValue) : top;
        var breadth = Math.Clamp(some, 100, 1000).ToString(CultureInfo.InvariantCulture);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT set_config('hnsw.ef_search', @breadth, true), set_config('hnsw.iterative_scan', 'relaxed_order', true)", new { breadth }, transaction, cancellationToken: cancellation));
        values.Add("asked", Text(vector));
        values.Add("some", some);
        values.Add("top", top);
        var type = space.Width > MostIndexed ? "halfvec" : "vector";
        var order = exact ? "e.near <=> CAST(@asked AS vector)" : $"{Indexed(space, "e.")} <=> CAST(CAST(@asked AS vector) AS {type}({space.Width}))";
        return [.. await connection.QueryAsync<(long, float)>(new CommandDefinition(
            $"""
            WITH nearest AS MATERIALIZED (
              SELECT e.sighting, e.near FROM embeddings e{(where.Count > 0 ? " JOIN sightings s ON s.id = e.sighting" : "")}
              WHERE {Only(fingerprint, space.Name, "e.")}{string.Concat(where.Select(condition => $" AND {condition}"))}
              ORDER BY {order} LIMIT @some)
            SELECT sighting, CAST(1 - (near <=> CAST(@asked AS vector)) AS real) AS cosine FROM nearest ORDER BY near <=> CAST(@asked AS vector), sighting LIMIT @top
            """,
            values,
            transaction,
            cancellationToken: cancellation))];
    }

    private static string Indexed(GallerySpace space, string row = "") => $"{row}near::{(space.Width > MostIndexed ? "halfvec" : "vector")}({space.Width})";

    // Spelt out: a partial index serves only a condition that is known when the statement is planned.
    private static string Only(string fingerprint, string space, string row = "") => $"{row}model = {Quoted(fingerprint)} AND {row}space = {Quoted(space)}";

    private static string Index(string fingerprint, string space) => $"near_{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{fingerprint} {space}")))[..16]}";

    private static string Quoted(string word) => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Text(float[] vector) => $"[{string.Join(',', vector.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]";
}
