using Dapper;

namespace Semblance.Gallery.Stores;

/// <summary>Brings a gallery's tables from any older version to the present one, each step in a transaction of its own.</summary>
internal static class Migrations
{
    /// <summary>The present version; one embedded script <c>Schema/N.sql</c> leads to each.</summary>
    public const int Current = 1;

    public static async Task RunAsync(SqlDialect dialect, int target = Current, CancellationToken cancellation = default)
    {
        await using var connection = await dialect.OpenAsync(cancellation);
        while (true)
        {
            await using var transaction = await dialect.BeginAsync(connection, cancellation);
            await dialect.TakeTurnAsync(transaction, SqlDialect.Turn.Migration, cancellation);
            await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS semblance_schema (version BIGINT NOT NULL)", transaction: transaction);
            var version = (int)(await connection.ExecuteScalarAsync<long?>("SELECT max(version) FROM semblance_schema", transaction: transaction) ?? 0);
            if (version > Current)
            {
                throw new GalleryStoreException(StoreFault.Conflict, $"{dialect.Location} has tables of version {version}, this Semblance knows versions up to {Current}: use a newer Semblance");
            }

            if (version >= target)
            {
                await transaction.CommitAsync(cancellation);
                return;
            }

            await connection.ExecuteAsync(dialect.Spell(Script(version + 1)), transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO semblance_schema (version) VALUES (@version)", new { version = version + 1 }, transaction);
            await transaction.CommitAsync(cancellation);
        }
    }

    private static string Script(int version)
    {
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream($"Semblance.Gallery.Stores.Schema.{version}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
