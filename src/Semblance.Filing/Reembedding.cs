using System.Globalization;
using System.Text.Json;
using Semblance.Core;
using Semblance.Gallery.Stores;
using Semblance.Imaging;

namespace Semblance.Filing;

/// <summary>
/// Brings a gallery over to another model while it is searched and filed into with the old one: a job that any number of workers share. Its items are ranges of sightings, and
/// last the switch, which is one step. What is embedded stays embedded, so a job that was killed, cancelled or failed goes on where it was.
/// </summary>
public static class Reembedding
{
    /// <summary>The kind of job that embeds again; all other work goes first.</summary>
    public const string Kind = StoredJob.Background;

    private const string Last = "switch";
    private const int SightingsInItem = 64;
    private const int ItemsAtOnce = 1000;
    private const int JobsLookedAt = 1000;

    /// <summary>Makes the job and opens it to workers, or finds the one that is under way.</summary>
    /// <param name="store">The gallery.</param>
    /// <param name="fingerprint">A model that the gallery has (see <see cref="GalleryModels.AddAsync"/>).</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="role">With which rights.</param>
    /// <param name="cancellation">Stops; the job is then cancelled.</param>
    /// <returns>Null when the gallery is searched with that model already.</returns>
    /// <exception cref="ArgumentException">The gallery has no such model.</exception>
    public static async Task<StoredJob?> MakeAsync(IGalleryStore store, string fingerprint, string actor, string role, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var model = (await store.ModelsAsync(cancellation)).FirstOrDefault(model => model.Encoder.Fingerprint == fingerprint)
            ?? throw new ArgumentException($"the gallery has no model {fingerprint}: add it first");
        var open = (await store.JobsAsync(JobsLookedAt, cancellation)).FirstOrDefault(job => job is { Kind: Kind, State: JobState.Open } && Settings(job).Fingerprint == fingerprint);
        if (open is not null || model.State == ModelState.Current)
        {
            return open;
        }

        var settings = JsonSerializer.Serialize(new ReembeddingSettings(fingerprint, role), JsonSerializerOptions.Web);
        var job = await store.MakeJobAsync(Kind, $"change to model {model.Encoder.Description}", settings, actor, new AuditDraft(actor, role, "job.make", Details: settings), cancellation);
        try
        {
            foreach (var items in (await RangesAsync(store, fingerprint, cancellation)).Append(Last).Chunk(ItemsAtOnce))
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

        return await store.JobAsync(job.Id, cancellation);
    }

    /// <summary>What a job is to come to.</summary>
    internal static ReembeddingSettings Settings(StoredJob job) => JsonSerializer.Deserialize<ReembeddingSettings>(job.Settings, JsonSerializerOptions.Web)
        ?? throw new ArgumentException($"job {job.Id} has no settings", nameof(job));

    /// <summary>Does one item of a job.</summary>
    /// <param name="store">The gallery.</param>
    /// <param name="filer">With the new model.</param>
    /// <param name="job">The item's.</param>
    /// <param name="item">A range, or the switch.</param>
    /// <param name="patience">For so long the switch waits for others who do not come on.</param>
    /// <param name="pause">Between two looks at them.</param>
    /// <param name="cancellation">Stops after the present sightings.</param>
    /// <returns>Sightings that were embedded.</returns>
    /// <exception cref="SemblanceFormatException">A stored picture is gone or damaged; the message names its sighting. Everything else was done.</exception>
    internal static async Task<int> WorkAsync(IGalleryStore store, SightingFiler filer, StoredJob job, string item, TimeSpan patience, TimeSpan pause, CancellationToken cancellation)
    {
        var (fingerprint, role) = Settings(job);
        if (item != Last)
        {
            var ends = item.Split('-');
            return await EmbedAsync(store, filer, fingerprint, long.Parse(ends[0], CultureInfo.InvariantCulture) - 1, long.Parse(ends[1], CultureInfo.InvariantCulture), cancellation);
        }

        await OthersAsync(store, job.Id, patience, pause, cancellation);
        var embedded = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();

            // What was filed with the old model meanwhile, and what a worker left who died.
            embedded += await EmbedAsync(store, filer, fingerprint, 0, long.MaxValue, cancellation);
            if ((await store.JobAsync(job.Id, cancellation))?.State is not JobState.Open)
            {
                throw new GalleryStoreException(StoreFault.Conflict, $"job {job.Id} was cancelled: the model stays as it is");
            }

            try
            {
                await store.SwitchAsync(fingerprint, new AuditDraft(job.Actor, role, "model.switch", $"model/{fingerprint}"), cancellation);
                return embedded;
            }
            catch (GalleryStoreException problem) when (problem.Fault == StoreFault.Conflict)
            {
                // Something was filed since we looked: that too, then.
            }
        }
    }

    /// <summary>Ranges of ids that hold all that is not embedded; erased ids may lie in them.</summary>
    private static async Task<IEnumerable<string>> RangesAsync(IGalleryStore store, string fingerprint, CancellationToken cancellation)
    {
        if (await store.UnembeddedAsync(fingerprint, 0, 1, cancellation) is not [var first] || await store.SightingsAsync(new SightingFilter(), long.MaxValue, 1, cancellation) is not [var latest])
        {
            return [];
        }

        var ranges = ((latest.Id - first.Id) / SightingsInItem) + 1;
        return Enumerable.Range(0, (int)Math.Min(ranges, int.MaxValue)).Select(i => first.Id + ((long)i * SightingsInItem)).Select(start => $"{start}-{start + SightingsInItem - 1}");
    }

    /// <summary>Embeds whom the model has not embedded yet, above one id and up to another.</summary>
    private static async Task<int> EmbedAsync(IGalleryStore store, SightingFiler filer, string fingerprint, long above, long last, CancellationToken cancellation)
    {
        var embedded = 0;
        SemblanceFormatException? fault = null;
        while (await store.UnembeddedAsync(fingerprint, above, SightingsInItem, cancellation) is { Count: > 0 } some && some[0].Id <= last)
        {
            cancellation.ThrowIfCancellationRequested();
            above = some[^1].Id;
            List<(long Id, Picture Picture)> whole = [];
            foreach (var sighting in some.Where(sighting => sighting.Id <= last))
            {
                try
                {
                    whole.Add((sighting.Id, await PictureAsync(store, sighting, cancellation)));
                }
                catch (SemblanceFormatException problem)
                {
                    fault ??= problem;
                }
            }

            var vectors = filer.Embed([.. whole.Select(entry => entry.Picture)]);
            await store.EmbedAsync([.. whole.Select((entry, i) => (entry.Id, vectors[i]))], cancellation);
            embedded += whole.Count;
        }

        return fault is null ? embedded : throw fault;
    }

    private static async Task<Picture> PictureAsync(IGalleryStore store, StoredSighting sighting, CancellationToken cancellation)
    {
        var name = $"sighting {sighting.Id}";
        var bytes = await store.PictureAsync(sighting.Picture, cancellation)
            ?? throw new SemblanceFormatException(name, "its picture is gone from the store: erase the sighting, or restore the picture; until then the model stays as it is");
        return PictureReader.Decode(bytes, name);
    }

    /// <summary>Waits until all items but the switch are settled, or until nobody has come on for a while: who took them may be dead.</summary>
    private static async Task OthersAsync(IGalleryStore store, long job, TimeSpan patience, TimeSpan pause, CancellationToken cancellation)
    {
        var (settled, since) = (-1L, DateTimeOffset.MinValue);
        while (await store.JobAsync(job, cancellation) is { State: JobState.Open } now && now.Done + now.Failed < now.Total - 1)
        {
            if (now.Done + now.Failed > settled)
            {
                (settled, since) = (now.Done + now.Failed, DateTimeOffset.UtcNow);
            }

            if (DateTimeOffset.UtcNow - since > patience)
            {
                return;
            }

            await Task.Delay(pause, cancellation);
        }
    }
}

/// <summary>What a job of re-embedding is to come to.</summary>
/// <param name="Fingerprint">The new model's.</param>
/// <param name="Role">Rights of who asked for it.</param>
internal sealed record ReembeddingSettings(string Fingerprint, string Role);
