using Dapper;
using Npgsql;

namespace Semblance.Gallery.Tests.Stores;

/// <summary>The contract in Debian's PostgreSQL.</summary>
public sealed class PostgresStoreTests : StoreContract
{
    private readonly string _location = PostgresServer.Shared.NewDatabase();

    private protected override string Place => _location;

    private protected override async Task RefusesToChangeTheLog()
    {
        var uri = new Uri(_location);
        await using var connection = new NpgsqlConnection($"Host={uri.Host};Port={uri.Port};Username=semblance;Database={uri.AbsolutePath[1..]}");
        await connection.OpenAsync();
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("UPDATE audit SET purpose = 'none' WHERE seq = 3"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("DELETE FROM audit WHERE seq = 3"));
        await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync("TRUNCATE audit"));
    }
}
