using System.Text.Json;
using System.Text.Json.Serialization;
using Semblance.Filing.Sources;
using Semblance.Gallery.Stores;

namespace Semblance.Filing;

/// <summary>Bulk filing as jobs in the store.</summary>
public static class FilingJobs
{
    /// <summary>The kind of job that files pictures.</summary>
    public const string Kind = "file";

    private const int ItemsAtOnce = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Makes a job of a source and opens it to workers.</summary>
    /// <param name="store">The gallery.</param>
    /// <param name="settings">The source.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="role">With which rights.</param>
    /// <param name="cancellation">Stops; the job is then cancelled.</param>
    /// <returns>The job, and what could not become an item.</returns>
    /// <exception cref="Core.SemblanceFormatException">The source cannot be read.</exception>
    public static async Task<(StoredJob Job, IReadOnlyList<(string Path, string Reason)> Problems)> MakeAsync(
        IGalleryStore store, FilingSettings settings, string actor, string role, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        settings = settings with { Path = Path.GetFullPath(settings.Path) };
        using var source = Open(settings);
        var text = JsonSerializer.Serialize(settings, Json);
        var job = await store.MakeJobAsync(
            Kind, $"{settings.Kind.ToString().ToLowerInvariant()} {Path.GetFileName(settings.Path.TrimEnd('/'))}", text, actor, new AuditDraft(actor, role, "job.make", Details: text), cancellation);
        try
        {
            foreach (var items in source.Items().Chunk(ItemsAtOnce))
            {
                await store.AddWorkAsync(job.Id, items, cancellation);
            }

            await store.SetJobAsync(job.Id, JobState.Open, cancellation: cancellation);
        }
        catch
        {
            await store.SetJobAsync(job.Id, JobState.Cancelled, cancellation: CancellationToken.None);
            throw;
        }

        return ((await store.JobAsync(job.Id, cancellation))!, source.Problems);
    }

    /// <summary>Proves that a source can be read, before anything is made of it.</summary>
    /// <exception cref="Core.SemblanceFormatException">It cannot; the message says why.</exception>
    public static void Check(FilingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var source = Open(settings);
    }

    /// <summary>A job's settings.</summary>
    internal static FilingSettings Settings(StoredJob job) => JsonSerializer.Deserialize<FilingSettings>(job.Settings, Json)
        ?? throw new ArgumentException($"job {job.Id} has no settings", nameof(job));

    /// <summary>Opens what settings name.</summary>
    /// <exception cref="ArgumentException">People are to be found where there is one in each picture, or are found anyway.</exception>
    internal static IFilingSource Open(FilingSettings settings) => settings switch
    {
        { Scenes: true, Kind: FilingKind.Dataset or FilingKind.Video } => throw new ArgumentException($"scenes are photos in a folder or an archive, this is a {settings.Kind.ToString().ToLowerInvariant()}"),
        { Scenes: true } => new SceneSource(Open(settings with { Scenes = false })),
        { Kind: FilingKind.Archive } => new ArchiveSource(settings),
        { Kind: FilingKind.Video } => new VideoSource(settings),
        _ => new DatasetSource(settings),
    };
}
