using Microsoft.Data.Sqlite;

namespace Semblance.Gallery.Tests.Live;

/// <summary>On a folder.</summary>
public sealed class LiveGalleryOnSqliteTests : LiveGalleryContract
{
    private readonly TemporaryFolder _folder = new();

    private protected override string Place => Path.Combine(_folder.Root, "gallery");

    private protected override string Another() => Path.Combine(_folder.Root, "another");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}

/// <summary>On Debian's PostgreSQL.</summary>
public sealed class LiveGalleryOnPostgresTests : LiveGalleryContract
{
    private readonly string _location = PostgresServer.Shared.NewDatabase();

    private protected override string Place => _location;

    private protected override string Another() => PostgresServer.Shared.NewDatabase();
}
