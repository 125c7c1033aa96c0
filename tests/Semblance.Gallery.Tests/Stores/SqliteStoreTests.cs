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

    [Fact]
    public async Task PicturesThatAKilledFilingLeftAreSweptAndNoOthers()
    {
        var ids = (await Store.FileAsync([MadeUp.Sighting(1), MadeUp.Sighting(2)])).Ids;
        var orphan = Path.Combine(Place, "pictures", "ab", new string('a', 64));
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        await File.WriteAllTextAsync(orphan, "somebody");
        await File.WriteAllTextAsync($"{orphan}.12.tmp", "half of somebody");
        Assert.Equal(2, await Store.SweepAsync());
        Assert.False(File.Exists(orphan));
        foreach (var sighting in await Store.SightingsAsync(ids))
        {
            Assert.NotNull(await Store.PictureAsync(sighting.Picture));
        }

        Assert.Equal(0, await Store.SweepAsync());
    }

    private protected override async Task RefusesToChangeTheLog()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Place, "gallery.db")}");
        await connection.OpenAsync();
        await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("UPDATE audit SET purpose = 'none' WHERE seq = 3"));
        await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("DELETE FROM audit WHERE seq = 3"));
    }
}
