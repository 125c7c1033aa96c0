namespace Semblance.Gallery.Stores;

/// <summary>Opens the store of a gallery, wherever it is.</summary>
public static class GalleryStores
{
    internal const string DatabaseName = "gallery.db";

    /// <summary>Whether a location names a PostgreSQL database and no folder.</summary>
    public static bool IsPostgres(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return location.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || location.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether there is a gallery: always true of a PostgreSQL database, which is asked only when it is opened.</summary>
    public static bool Exists(string location) => IsPostgres(location) || File.Exists(Path.Combine(location, DatabaseName));

    /// <summary>Opens a gallery, making its tables or bringing them to the present version.</summary>
    /// <param name="location">A folder, or <c>postgres://user:password@host:port/database</c>.</param>
    /// <param name="create">Make a folder's gallery when there is none.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="DirectoryNotFoundException">The folder holds no gallery.</exception>
    /// <exception cref="GalleryStoreException">It cannot be reached, is damaged, or was made by a newer Semblance.</exception>
    public static async Task<IGalleryStore> OpenAsync(string location, bool create = false, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        if (!create && !Exists(location))
        {
            throw new DirectoryNotFoundException($"{location} holds no {DatabaseName}, so it is no gallery: file something there first (semblance gallery build)");
        }

        SqlDialect dialect = IsPostgres(location) ? new PostgresDialect(ConnectionString(location)) : new SqliteDialect(location);
        var store = new SqlGalleryStore(dialect, time ?? TimeProvider.System);
        try
        {
            await store.PrepareAsync(cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    internal static string ConnectionString(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var uri) || uri.AbsolutePath.Length < 2)
        {
            throw new ArgumentException("the location of a PostgreSQL gallery is postgres://user:password@host:port/database (the password may also stand in PGPASSWORD or ~/.pgpass)", nameof(location));
        }

        var user = uri.UserInfo.Split(':', 2);
        var builder = new Npgsql.NpgsqlConnectionStringBuilder { Host = uri.Host, Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]) };
        if (uri.Port > 0)
        {
            builder.Port = uri.Port;
        }

        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length > 1)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = option.Split('=', 2);
            builder[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
        }

        return builder.ToString();
    }
}
