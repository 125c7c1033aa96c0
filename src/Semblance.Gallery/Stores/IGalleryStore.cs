namespace Semblance.Gallery.Stores;

/// <summary>
/// Everything a gallery holds, kept safely: cameras, sightings with their pictures and vectors, people, models, jobs, keys, and the log of what was done.
/// Each call is one transaction: all of it is kept, or nothing. Safe to use from many threads, and by many processes on one gallery.
/// </summary>
/// <remarks>Every call may throw a <see cref="GalleryStoreException"/>; what else a call may throw stands beside it. Times are UTC, to the millisecond.</remarks>
public interface IGalleryStore : IAsyncDisposable
{
    /// <summary>Where it is, without any password.</summary>
    string Location { get; }

    /// <summary>Where those who hold the vectors in memory may keep them for their next start; null where there is no such place. An erasure empties it.</summary>
    string? SnapshotFolder { get; }

    // Settings

    /// <summary>A setting's value; null when it was never set.</summary>
    Task<string?> SettingAsync(string name, CancellationToken cancellation = default);

    /// <summary>Sets it.</summary>
    Task SetAsync(string name, string value, AuditDraft? audit = null, CancellationToken cancellation = default);

    // Cameras

    /// <summary>All cameras, by id.</summary>
    Task<IReadOnlyList<StoredCamera>> CamerasAsync(CancellationToken cancellation = default);

    /// <summary>Makes a camera or replaces what is known about it.</summary>
    /// <param name="camera">Its version is the one that was read; 0 does not ask.</param>
    /// <param name="audit">Logged with it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GalleryStoreException">Conflict: it was changed since.</exception>
    Task<StoredCamera> SaveCameraAsync(StoredCamera camera, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Takes a camera away.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="GalleryStoreException">Conflict: it has sightings.</exception>
    Task<bool> RemoveCameraAsync(string id, AuditDraft? audit = null, CancellationToken cancellation = default);

    // Sightings

    /// <summary>Files sightings with their pictures and vectors.</summary>
    /// <param name="sightings">Any number; some hundreds at once are quick.</param>
    /// <param name="work">The pieces of work that this settles, in the same transaction; refused as a conflict when another worker has taken them over.</param>
    /// <param name="audit">Logged with it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentException">An embedding comes from another model than the current one, or its space or width is not the gallery's.</exception>
    Task<FilingOutcome> FileAsync(IReadOnlyList<NewSighting> sightings, WorkDone? work = null, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Some sightings by id, in the order of the ids; those that are gone are left out.</summary>
    Task<IReadOnlyList<StoredSighting>> SightingsAsync(IReadOnlyList<long> ids, CancellationToken cancellation = default);

    /// <summary>A page of sightings, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only ids below this one: the last of the page before.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<StoredSighting>> SightingsAsync(SightingFilter filter, long before, int limit, CancellationToken cancellation = default);

    /// <summary>Every sighting from an id on, by id: for those who hold them all in memory.</summary>
    IAsyncEnumerable<StoredSighting> AllSightingsAsync(long above = 0, CancellationToken cancellation = default);

    /// <summary>Which of these keys are filed already, and as which sightings.</summary>
    Task<IReadOnlyDictionary<string, long>> FiledAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation = default);

    /// <summary>How many sightings there are.</summary>
    Task<long> CountAsync(CancellationToken cancellation = default);

    /// <summary>Changes what is known about a sighting.</summary>
    /// <param name="id">Which.</param>
    /// <param name="edit">What.</param>
    /// <param name="version">The version that was read; 0 does not ask.</param>
    /// <param name="audit">Logged with it.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>How it is now; null when there is none.</returns>
    /// <exception cref="ArgumentException">There is no such person.</exception>
    /// <exception cref="GalleryStoreException">Conflict: it was changed since.</exception>
    Task<StoredSighting?> EditAsync(long id, SightingEdit edit, long version = 0, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Removes sightings and people with all that belongs to them: rows, vectors of every model, and pictures that no other sighting shows.</summary>
    /// <param name="sightings">Ids; those that are gone already are left out of the report.</param>
    /// <param name="people">People to erase as well, with all their sightings.</param>
    /// <param name="audit">Logged in the same transaction, with the report as its details.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<Erasure> EraseAsync(IReadOnlyList<long> sightings, IReadOnlyList<long> people, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Deletes picture files that no sighting shows: a process that was killed while filing leaves them.</summary>
    /// <returns>How many there were; always 0 where pictures are in the database.</returns>
    Task<int> SweepAsync(CancellationToken cancellation = default);

    /// <summary>Sightings that their camera's retention no longer allows.</summary>
    Task<IReadOnlyList<long>> ExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation = default);

    /// <summary>A picture's bytes; null when there is none.</summary>
    Task<byte[]?> PictureAsync(string hash, CancellationToken cancellation = default);

    // People

    /// <summary>A page of people, newest first.</summary>
    Task<IReadOnlyList<StoredPerson>> PeopleAsync(long before, int limit, CancellationToken cancellation = default);

    /// <summary>One person; null when there is none.</summary>
    Task<StoredPerson?> PersonAsync(long id, CancellationToken cancellation = default);

    /// <summary>Makes a person of these sightings; they leave whoever they were assigned to.</summary>
    Task<StoredPerson> MakePersonAsync(string? name, string? notes, IReadOnlyList<long> sightings, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Changes a person's name and notes; null leaves them.</summary>
    /// <exception cref="GalleryStoreException">Conflict: it was changed since.</exception>
    Task<StoredPerson?> EditPersonAsync(long id, string? name, string? notes, long version = 0, AuditDraft? audit = null, CancellationToken cancellation = default);

    // Models and vectors

    /// <summary>Every model, the current one first.</summary>
    Task<IReadOnlyList<StoredModel>> ModelsAsync(CancellationToken cancellation = default);

    /// <summary>Takes a model in with its files. The first becomes current, later ones are prepared; one that is there already stays as it is.</summary>
    Task<StoredModel> AddModelAsync(GalleryEncoder encoder, IReadOnlyList<GallerySpace> spaces, IReadOnlyList<StoredModelFile> files, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>The files of a model, so that it can be opened on any machine.</summary>
    Task<IReadOnlyList<StoredModelFile>> ModelFilesAsync(string fingerprint, CancellationToken cancellation = default);

    /// <summary>Remembers what turns a model's similarities into probabilities.</summary>
    Task CalibrateAsync(string fingerprint, string calibration, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Some sightings that a model has not embedded yet, by id.</summary>
    Task<IReadOnlyList<StoredSighting>> UnembeddedAsync(string fingerprint, long above, int limit, CancellationToken cancellation = default);

    /// <summary>Adds a model's vectors to sightings that exist; those of sightings that are gone, and those that are there already, are left out.</summary>
    Task EmbedAsync(IReadOnlyList<(long Sighting, IReadOnlyList<Embedding> Embeddings)> vectors, CancellationToken cancellation = default);

    /// <summary>Makes a prepared model the current one.</summary>
    /// <exception cref="GalleryStoreException">Conflict: some sightings have no vectors of it yet, and nothing has changed.</exception>
    Task SwitchAsync(string fingerprint, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Drops a model that is not current, with its vectors and files.</summary>
    Task<bool> DropModelAsync(string fingerprint, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>A model's vectors in one space, by sighting.</summary>
    IAsyncEnumerable<StoredVector> VectorsAsync(string fingerprint, string space, long above = 0, CancellationToken cancellation = default);

    /// <summary>The vectors of some sightings.</summary>
    Task<IReadOnlyList<StoredVector>> VectorsAsync(string fingerprint, string space, IReadOnlyList<long> sightings, CancellationToken cancellation = default);

    // Searching in the database

    /// <summary>Makes the database ready to search a model's vectors by itself: fills in what is missing and builds an index for each space. Quick when there is nothing to do.</summary>
    /// <exception cref="NotSupportedException">The database cannot; the message says what it lacks.</exception>
    Task PrepareSearchAsync(StoredModel model, CancellationToken cancellation = default);

    /// <summary>The sightings nearest to a vector, nearest first, equal ones by id.</summary>
    /// <param name="model">Prepared.</param>
    /// <param name="space">One of its spaces.</param>
    /// <param name="vector">Of any length but 0.</param>
    /// <param name="top">At most so many.</param>
    /// <param name="filter">Only these sightings.</param>
    /// <param name="except">Not these.</param>
    /// <param name="exact">Compare all, without the index, which may miss some.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="NotSupportedException">The database cannot search.</exception>
    Task<IReadOnlyList<(long Sighting, float Cosine)>> NearestAsync(
        StoredModel model, string space, ReadOnlyMemory<float> vector, int top, SightingFilter filter, IReadOnlyCollection<long> except, bool exact = false, CancellationToken cancellation = default);

    /// <summary>Some sightings from all over the gallery, the same ones as long as it stays as it is; all of them when there are no more.</summary>
    Task<IReadOnlyList<long>> SampleAsync(int count, CancellationToken cancellation = default);

    // Changes

    /// <summary>Number of the latest change; 0 before the first.</summary>
    Task<long> LatestChangeAsync(CancellationToken cancellation = default);

    /// <summary>Changes after a number, in order.</summary>
    Task<IReadOnlyList<GalleryChange>> ChangesAsync(long after, int limit, CancellationToken cancellation = default);

    /// <summary>Returns when there may be a change after that number, at the latest after a while. One waiter for each store object.</summary>
    Task WaitForChangeAsync(long after, TimeSpan longest, CancellationToken cancellation = default);

    // Jobs

    /// <summary>Makes a job; its items are put in before it is opened.</summary>
    Task<StoredJob> MakeJobAsync(string kind, string title, string settings, string actor, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Puts items into a job that is being prepared.</summary>
    Task AddWorkAsync(long job, IReadOnlyList<string> items, CancellationToken cancellation = default);

    /// <summary>Lets workers begin, stops them, or ends the job.</summary>
    Task SetJobAsync(long job, JobState state, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>One job with its counts; null when there is none.</summary>
    Task<StoredJob?> JobAsync(long id, CancellationToken cancellation = default);

    /// <summary>Jobs, newest first.</summary>
    Task<IReadOnlyList<StoredJob>> JobsAsync(int limit, CancellationToken cancellation = default);

    /// <summary>What could not be done, with the reasons.</summary>
    Task<IReadOnlyList<FailedWork>> FailedWorkAsync(long job, int limit, CancellationToken cancellation = default);

    /// <summary>
    /// Takes some pieces of one open job for a while. Who neither settles nor renews them in time, because it was killed for instance, loses them to the next who asks.
    /// </summary>
    /// <param name="worker">Unique among all workers.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="job">Only of this job; null for any.</param>
    /// <param name="except">Jobs that are left to other workers.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<IReadOnlyList<WorkItem>> ClaimAsync(
        string worker, int count, TimeSpan lease, long? job = null, IReadOnlyCollection<long>? except = null, CancellationToken cancellation = default);

    /// <summary>Gives work back untried, for anybody to take at once.</summary>
    Task ReleaseAsync(string worker, IReadOnlyList<long> items, CancellationToken cancellation = default);

    /// <summary>Keeps what a worker has taken for longer.</summary>
    Task RenewAsync(string worker, TimeSpan lease, CancellationToken cancellation = default);

    /// <summary>Settles work that filed nothing.</summary>
    Task SettleAsync(WorkDone work, CancellationToken cancellation = default);

    // The log

    /// <summary>Writes a line.</summary>
    Task<AuditEntry> LogAsync(AuditDraft draft, CancellationToken cancellation = default);

    /// <summary>A page of the log, newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> AuditAsync(long before, int limit, CancellationToken cancellation = default);

    /// <summary>Walks along the whole log and proves its chain.</summary>
    Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellation = default);

    // Access

    /// <summary>Keeps a new key's hash.</summary>
    Task<AccessKey> AddKeyAsync(string name, string role, string hash, DateTimeOffset? expires, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>All keys, also the revoked ones.</summary>
    Task<IReadOnlyList<AccessKey>> KeysAsync(CancellationToken cancellation = default);

    /// <summary>The key with this hash; null when there is none.</summary>
    Task<AccessKey?> KeyAsync(string hash, CancellationToken cancellation = default);

    /// <summary>Revokes a key and ends its sessions.</summary>
    Task<bool> RevokeKeyAsync(long id, AuditDraft? audit = null, CancellationToken cancellation = default);

    /// <summary>Begins a browser's session under a key.</summary>
    Task BeginSessionAsync(string hash, long key, DateTimeOffset expires, CancellationToken cancellation = default);

    /// <summary>The key of a session that has not expired; null when there is none.</summary>
    Task<AccessKey?> SessionAsync(string hash, CancellationToken cancellation = default);

    /// <summary>Ends a session.</summary>
    Task EndSessionAsync(string hash, CancellationToken cancellation = default);

    /// <summary>The answer given before to a request with this idempotency key; null when there is none.</summary>
    Task<RememberedRequest?> RequestAsync(string actor, string key, CancellationToken cancellation = default);

    /// <summary>Remembers an answer for a day.</summary>
    Task RememberAsync(string actor, string key, RememberedRequest request, CancellationToken cancellation = default);

    // Health

    /// <summary>Asks the database whether it is there and whole.</summary>
    /// <param name="thorough">Reads all of it; can take long.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GalleryStoreException">It is not.</exception>
    Task CheckAsync(bool thorough = false, CancellationToken cancellation = default);
}
