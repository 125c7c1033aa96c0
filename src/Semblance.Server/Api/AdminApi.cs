using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/galleries</c> and <c>/api/models</c>: what is served, and with which models.</summary>
internal static class GalleriesApi
{
    public static void MapGalleries(this IEndpointRouteBuilder api)
    {
        api.MapGet("/galleries", List).RequireAuthorization(Roles.Viewer).WithTags("galleries").WithName("ListGalleries");
        api.MapGet("/models", Models).RequireAuthorization(Roles.Viewer).WithTags("models").WithName("ListModels");
        api.MapDelete("/models/{fingerprint}", Drop).RequireAuthorization(Roles.Admin).WithTags("models").WithName("DropModel").WithSummary("Drops a model that is not current, with its vectors.");
    }

    private static async Task<Ok<GalleryResource[]>> List(GalleryService gallery, CancellationToken cancellation) => TypedResults.Ok<GalleryResource[]>([
        new(await gallery.Store.CountAsync(cancellation), gallery.Live.Count, gallery.Live.Change, gallery.Live.Model?.Encoder.Fingerprint, await gallery.Store.SettingAsync(SettingNames.Banner, cancellation))]);

    private static async Task<Ok<ModelResource[]>> Models(IGalleryStore store, CancellationToken cancellation) => TypedResults.Ok<ModelResource[]>([
        .. (await store.ModelsAsync(cancellation)).Select(model => new ModelResource(model.Encoder.Fingerprint, model.Encoder.Description, model.State, model.Added, model.Calibration is not null))]);

    private static async Task<Results<NoContent, NotFound>> Drop(string fingerprint, HttpContext context, IGalleryStore store, CancellationToken cancellation) =>
        await store.DropModelAsync(fingerprint, context.Draft("model.drop", $"model/{fingerprint}"), cancellation) ? TypedResults.NoContent() : TypedResults.NotFound();
}

/// <summary>The gallery that is served.</summary>
/// <param name="Sightings">Kept.</param>
/// <param name="Searchable">In memory.</param>
/// <param name="Change">The last change that is seen.</param>
/// <param name="Model">Fingerprint of the current model.</param>
/// <param name="Banner">What this instance is for.</param>
internal sealed record GalleryResource(long Sightings, int Searchable, long Change, string? Model, string? Banner);

/// <summary>A model.</summary>
internal sealed record ModelResource(string Fingerprint, string Description, ModelState State, DateTimeOffset Added, bool Calibrated);

/// <summary><c>/api/jobs</c>: bulk work and how far it is.</summary>
internal static class JobsApi
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/jobs").WithTags("jobs");
        group.MapGet("", List).RequireAuthorization(Roles.Viewer).WithName("ListJobs");
        group.MapGet("/{id:long}", Get).RequireAuthorization(Roles.Viewer).WithName("GetJob");
        group.MapGet("/{id:long}/failures", Failures).RequireAuthorization(Roles.Viewer).WithName("ListFailures");
        group.MapGet("/{id:long}/events", Events).RequireAuthorization(Roles.Viewer).WithName("FollowJob").WithSummary("Server-sent events: the job whenever it has come on, until it ends.");
        group.MapPost("/{id:long}/cancel", Cancel).RequireAuthorization(Roles.Operator).WithName("CancelJob").WithSummary("Stops a job; what was done stays.");
    }

    private static async Task<Ok<IReadOnlyList<JobResource>>> List(IGalleryStore store, CancellationToken cancellation, int? limit = null) =>
        TypedResults.Ok<IReadOnlyList<JobResource>>([.. (await store.JobsAsync(PageOf<JobResource>.Size(limit), cancellation)).Select(JobResource.Of)]);

    private static async Task<Results<Ok<JobResource>, NotFound>> Get(long id, IGalleryStore store, CancellationToken cancellation) =>
        await store.JobAsync(id, cancellation) is { } job ? TypedResults.Ok(JobResource.Of(job)) : TypedResults.NotFound();

    private static async Task<Ok<IReadOnlyList<FailedWork>>> Failures(long id, IGalleryStore store, CancellationToken cancellation, int? limit = null) =>
        TypedResults.Ok(await store.FailedWorkAsync(id, PageOf<FailedWork>.Size(limit), cancellation));

    private static async Task<Results<ServerSentEventsResult<JobResource>, NotFound>> Events(long id, IGalleryStore store, TimeProvider time, CancellationToken cancellation) =>
        await store.JobAsync(id, cancellation) is null ? TypedResults.NotFound() : TypedResults.ServerSentEvents(FollowAsync(id, store, time, cancellation), "job");

    private static async IAsyncEnumerable<JobResource> FollowAsync(long id, IGalleryStore store, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        JobResource? told = null;
        while (await store.JobAsync(id, cancellation) is { } job)
        {
            var now = JobResource.Of(job);
            if (now != told)
            {
                yield return told = now;
            }

            if (job.State is JobState.Finished or JobState.Cancelled)
            {
                yield break;
            }

            await Task.Delay(Between, time, cancellation);
        }
    }

    private static async Task<Results<Ok<JobResource>, NotFound>> Cancel(long id, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        if (await store.JobAsync(id, cancellation) is null)
        {
            return TypedResults.NotFound();
        }

        await store.SetJobAsync(id, JobState.Cancelled, context.Draft("job.cancel", $"job/{id}"), cancellation);
        return TypedResults.Ok(JobResource.Of((await store.JobAsync(id, cancellation))!));
    }
}

/// <summary>A job as programs see it.</summary>
internal sealed record JobResource(long Id, string Kind, string Title, string Actor, JobState State, DateTimeOffset Created, DateTimeOffset? Finished, long Total, long Done, long Failed, long Sightings)
{
    public static JobResource Of(StoredJob job) => new(job.Id, job.Kind, job.Title, job.Actor, job.State, job.Created, job.Finished, job.Total, job.Done, job.Failed, job.Sightings);
}

/// <summary><c>/api/audit</c>: the log of everything that was done.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/audit").WithTags("audit").RequireAuthorization(Roles.Auditor);
        group.MapGet("", List).WithName("ListAudit");
        group.MapGet("/verification", Verify).WithName("VerifyAudit").WithSummary("Walks along the whole log and proves its chain.");
    }

    private static async Task<Ok<PageOf<AuditEntry>>> List(IGalleryStore store, CancellationToken cancellation, long? before = null, int? limit = null)
    {
        var size = PageOf<AuditEntry>.Size(limit);
        var entries = await store.AuditAsync(before ?? long.MaxValue, size, cancellation);
        return TypedResults.Ok(new PageOf<AuditEntry>(entries, entries.Count == size ? entries[^1].Number : null));
    }

    private static async Task<Ok<AuditVerdict>> Verify(IGalleryStore store, CancellationToken cancellation) => TypedResults.Ok(await store.VerifyAuditAsync(cancellation));
}

/// <summary><c>/api/keys</c> and <c>/api/settings</c>.</summary>
internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/keys").WithTags("keys").RequireAuthorization(Roles.Admin);
        group.MapGet("", List).WithName("ListKeys");
        group.MapPost("", Make).WithName("MakeKey").WithSummary("Makes a key; the answer is the only place where it is ever shown.");
        group.MapDelete("/{id:long}", Revoke).WithName("RevokeKey");
        api.MapPut("/settings/{name}", Set).RequireAuthorization(Roles.Admin).WithTags("settings").WithName("Set");
    }

    private static async Task<Ok<IReadOnlyList<AccessKey>>> List(IGalleryStore store, CancellationToken cancellation) => TypedResults.Ok(await store.KeysAsync(cancellation));

    private static async Task<Created<NewKey>> Make(KeyRequest request, HttpContext context, IGalleryStore store, TimeProvider time, CancellationToken cancellation)
    {
        var secret = Secrets.NewKey();
        var key = await store.AddKeyAsync(request.CheckedName(), request.CheckedRole(), Secrets.Hash(secret), request.Days is { } days ? time.GetUtcNow().AddDays(days) : null, context.Draft("key.make"), cancellation);
        return TypedResults.Created($"/api/keys/{key.Id}", new NewKey(key.Id, key.Name, key.Role, key.Expires, secret));
    }

    private static async Task<Results<NoContent, NotFound>> Revoke(long id, HttpContext context, IGalleryStore store, CancellationToken cancellation) =>
        await store.RevokeKeyAsync(id, context.Draft("key.revoke", $"key/{id}"), cancellation) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static async Task<NoContent> Set(string name, SettingValue value, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        await store.SetAsync(SettingNames.Checked(name), value.Value, context.Draft("setting.change", $"setting/{name}"), cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>A key to be made.</summary>
internal sealed record KeyRequest(string Name, string Role, double? Days = null)
{
    private const int LongestName = 100;

    public string CheckedName() => Name is { Length: > 0 and <= LongestName } && Name.Trim().Length > 0 ? Name.Trim() : throw new ArgumentException($"the key's name has {Name?.Length ?? 0} characters, expected 1 to {LongestName}");

    public string CheckedRole() => Roles.All.Contains(Role, StringComparer.Ordinal) ? Role : throw new ArgumentException($"the role is \"{Role}\", expected one of: {string.Join(", ", Roles.All)}");
}

/// <summary>A key that was just made.</summary>
internal sealed record NewKey(long Id, string Name, string Role, DateTimeOffset? Expires, string Key);

/// <summary>A setting's value.</summary>
internal sealed record SettingValue(string Value);

/// <summary>What can be set.</summary>
internal static class SettingNames
{
    /// <summary>What the instance is for; stands on every page.</summary>
    public const string Banner = "banner";

    /// <summary>"true": faces are blurred in pictures of lists.</summary>
    public const string BlurFaces = "blur-faces";

    public static IReadOnlyList<string> All { get; } = [Banner, BlurFaces];

    public static string Checked(string name) => All.Contains(name, StringComparer.Ordinal) ? name : throw new ArgumentException($"there is no setting \"{name}\"; there are: {string.Join(", ", All)}");
}
