using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

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
