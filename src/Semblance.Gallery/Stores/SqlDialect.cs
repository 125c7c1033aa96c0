using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;

namespace Semblance.Gallery.Stores;

/// <summary>What the databases do not have in common. Everything else is said once, in SQL that both understand, by <see cref="SqlGalleryStore"/>.</summary>
internal abstract class SqlDialect : IAsyncDisposable
{
    /// <summary>Where the database is, without a password.</summary>
    public abstract string Location { get; }

    /// <summary>Where pictures are kept beside the database; null when they are in it.</summary>
    public abstract PictureFolder? Pictures { get; }

    /// <summary>Where vectors may be kept that were read out of the database; null for nowhere.</summary>
    public virtual string? SnapshotFolder => null;

    /// <summary>Ends a SELECT that takes work: rows that another worker is just taking are passed over.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>The condition that a column is one of a list's values.</summary>
    public abstract string In(string parameter);

    /// <summary>An open connection; given back when disposed.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellation);

    /// <summary>Waits for this process's turn to write, where the database has one writer at a time; over when disposed.</summary>
    public virtual ValueTask<IDisposable> QueueAsync(CancellationToken cancellation) => ValueTask.FromResult<IDisposable>(NoQueue.Instance);

    /// <summary>A transaction that will write.</summary>
    public abstract ValueTask<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Waits until no other transaction holds that turn; held until the transaction ends.</summary>
    public abstract Task TakeTurnAsync(DbTransaction transaction, Turn turn, CancellationToken cancellation);

    /// <summary>Puts the database's own words into a script.</summary>
    public abstract string Spell(string script);

    /// <summary>Rows of vectors into the table <c>embeddings</c>.</summary>
    public abstract Task WriteVectorsAsync(DbTransaction transaction, IReadOnlyList<(string Model, string Space, long Sighting, byte[] Vector)> rows, CancellationToken cancellation);

    /// <summary>All vectors of a space above a sighting, by sighting.</summary>
    public abstract IAsyncEnumerable<StoredVector> ReadVectorsAsync(string model, string space, long above, CancellationToken cancellation);

    /// <summary>Makes the database ready to search a model's vectors.</summary>
    /// <exception cref="NotSupportedException">It cannot.</exception>
    public virtual Task PrepareSearchAsync(DbConnection connection, StoredModel model, CancellationToken cancellation) => throw new NotSupportedException(
        $"{Location} is no PostgreSQL database, so it cannot search by itself: let the server search in memory");

    /// <summary>Whether the database was made ready to search, whatever model is the current one.</summary>
    public virtual Task<bool> SearchesAsync(DbConnection connection, CancellationToken cancellation) => Task.FromResult(false);

    /// <summary>The sightings nearest to a vector.</summary>
    /// <exception cref="NotSupportedException">The database cannot search.</exception>
    public virtual Task<IReadOnlyList<(long Sighting, float Cosine)>> NearestAsync(
        DbConnection connection, string fingerprint, GallerySpace space, int top, IReadOnlyList<string> where, DynamicParameters values, float[] vector, bool exact, CancellationToken cancellation) =>
        throw new NotSupportedException($"{Location} cannot search by itself");

    /// <summary>Takes away what <see cref="PrepareSearchAsync"/> made for a model.</summary>
    public virtual Task ForgetSearchAsync(DbTransaction transaction, StoredModel model, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Tells waiters on this and other machines, once the transaction is committed.</summary>
    public abstract Task AnnounceAsync(DbTransaction transaction, CancellationToken cancellation);

    /// <summary>Returns when somebody announced something or the time is over.</summary>
    public abstract Task WaitAsync(long after, TimeSpan longest, CancellationToken cancellation);

    /// <summary>Removes what deleted rows left behind in files and pages.</summary>
    public abstract Task ScrubAsync(CancellationToken cancellation);

    /// <summary>Reads all of the database and says what is damaged; null when nothing is.</summary>
    public abstract Task<string?> ExamineAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>What the database's error means to a caller; null when it is a fault of ours.</summary>
    public abstract StoreFault? Fault(Exception problem);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Numbers to bytes, as stored: float32, little-endian.</summary>
    public static byte[] Bytes(ReadOnlySpan<float> vector) => MemoryMarshal.AsBytes(vector).ToArray();

    /// <summary>Bytes to numbers.</summary>
    public static float[] Numbers(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private sealed class NoQueue : IDisposable
    {
        public static readonly NoQueue Instance = new();

        public void Dispose()
        {
        }
    }

    /// <summary>What is done one after another, by all processes on one gallery.</summary>
    public enum Turn
    {
        /// <summary>Changes become visible in the order of their numbers only if whoever numbers them commits before the next one does.</summary>
        Changes = 1,

        /// <summary>Each line of the log needs the one before.</summary>
        Audit = 2,

        /// <summary>The tables are made and changed by one.</summary>
        Migration = 3,

        /// <summary>What lets the database search is made by one.</summary>
        Search = 4,
    }
}
