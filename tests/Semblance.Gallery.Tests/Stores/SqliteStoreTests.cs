using Dapper;
using Microsoft.Data.Sqlite;

namespace Semblance.Gallery.Tests.Stores;

/// <summary>The contract in a folder.</summary>
public sealed class SqliteStoreTests : StoreContract
{
    private readonly Semblance.TemporaryFolder _folder = new();

    private protected override string Place => Path.Combine(_folder.Root, "gallery");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private protected override async Task RefusesToChangeTheLog()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Place, "gallery.db")}");
        await connection.OpenAsync();
        await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("UPDATE audit SET purpose = 'none' WHERE seq = 3"));
        await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("DELETE FROM audit WHERE seq = 3"));
    }
}
