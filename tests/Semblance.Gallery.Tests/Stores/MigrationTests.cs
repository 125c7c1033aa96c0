using Dapper;
using Microsoft.Data.Sqlite;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Tests.Stores;

public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task EveryOlderVersionIsBroughtUpToDateOnBothDatabases()
    {
        for (var version = 0; version < Migrations.Current; version++)
        {
            foreach (var location in new[] { Path.Combine(_folder.Root, $"from{version}"), PostgresServer.Shared.NewDatabase() })
            {
                await using (SqlDialect dialect = GalleryStores.IsPostgres(location) ? new PostgresDialect(GalleryStores.ConnectionString(location)) : new SqliteDialect(location))
                {
                    await Migrations.RunAsync(dialect, version);
                }

                await using var store = await GalleryStores.OpenAsync(location);
                await store.AddModelAsync(MadeUp.Encoder(), MadeUp.Spaces, MadeUp.Files);
                await store.FileAsync([MadeUp.Sighting(1, "door")]);
                Assert.Equal(1, await store.CountAsync());
            }
        }
    }

    [Fact]
    public async Task ManyWhoOpenANewGalleryAtOnceMakeItsTablesOnce()
    {
        var location = PostgresServer.Shared.NewDatabase();
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => GalleryStores.OpenAsync(location))));
        foreach (var store in stores)
        {
            Assert.Equal(0, await store.CountAsync());
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task ANewerGalleryIsRefused()
    {
        await using (await GalleryStores.OpenAsync(_folder.Root, create: true))
        {
        }

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Root, "gallery.db")}"))
        {
            await connection.ExecuteAsync("INSERT INTO semblance_schema (version) VALUES (99)");
        }

        var refused = await Assert.ThrowsAsync<GalleryStoreException>(() => GalleryStores.OpenAsync(_folder.Root));
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer Semblance", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("postgres://"), InlineData("postgres://host"), InlineData("postgres://host/")]
    public async Task ALocationThatNamesNoDatabaseIsRefused(string location) => await Assert.ThrowsAnyAsync<ArgumentException>(() => GalleryStores.OpenAsync(location));

    [Fact]
    public async Task AnotherThingThanADatabaseIsRefused()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "gallery.db"), new string('x', 5000));
        var refused = await Assert.ThrowsAsync<GalleryStoreException>(() => GalleryStores.OpenAsync(_folder.Root));
        Assert.Equal(StoreFault.Damaged, refused.Fault);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => GalleryStores.OpenAsync(Path.Combine(_folder.Root, "none")));
        var away = await Assert.ThrowsAsync<GalleryStoreException>(() => GalleryStores.OpenAsync("postgres://nobody@127.0.0.1:1/none?Timeout=2"));
        Assert.Equal(StoreFault.Unavailable, away.Fault);
        Assert.DoesNotContain("secret", (await Assert.ThrowsAsync<GalleryStoreException>(() => GalleryStores.OpenAsync("postgres://nobody:secret@127.0.0.1:1/none?Timeout=2"))).Message, StringComparison.Ordinal);
    }
}
