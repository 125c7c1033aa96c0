using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/cameras</c>: where sightings come from, and how long they are kept.</summary>
internal static class CamerasApi
{
    public static void MapCameras(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/cameras").WithTags("cameras");
        group.MapGet("", List).RequireAuthorization(Roles.Viewer).WithName("ListCameras");
        group.MapPut("/{id}", Save).RequireAuthorization(Roles.Operator).WithName("SaveCamera").WithSummary("Makes a camera or replaces what is known about it, its retention too.");
        group.MapDelete("/{id}", Remove).RequireAuthorization(Roles.Operator).WithName("RemoveCamera").WithSummary("Takes a camera without sightings away.");
    }

    private static async Task<Ok<IReadOnlyList<CameraResource>>> List(IGalleryStore store, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<CameraResource>>([.. (await store.CamerasAsync(cancellation)).Select(CameraResource.Of)]);

    private static async Task<Ok<CameraResource>> Save(string id, CameraEdit edit, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        var saved = await context.Request.AtVersionAsync(version => store.SaveCameraAsync(edit.Camera(id, version), context.Draft("camera.save", $"camera/{id}"), cancellation));
        context.SetVersion(saved.Version);
        return TypedResults.Ok(CameraResource.Of(saved));
    }

    private static async Task<Results<NoContent, NotFound>> Remove(string id, HttpContext context, IGalleryStore store, CancellationToken cancellation) =>
        await store.RemoveCameraAsync(id, context.Draft("camera.remove", $"camera/{id}"), cancellation) ? TypedResults.NoContent() : TypedResults.NotFound();
}

/// <summary>A camera as programs see it.</summary>
/// <param name="Id">As sightings name it.</param>
/// <param name="Name">For people.</param>
/// <param name="Place">In words.</param>
/// <param name="X">On the map, share of its width.</param>
/// <param name="Y">Share of its height.</param>
/// <param name="RetentionDays">How long sightings are kept; null for ever.</param>
/// <param name="Version">For If-Match.</param>
internal sealed record CameraResource(string Id, string? Name, string? Place, double? X, double? Y, double? RetentionDays, long Version)
{
    public static CameraResource Of(StoredCamera camera) => new(camera.Id, camera.Name, camera.Place, camera.X, camera.Y, camera.Retention?.TotalDays, camera.Version);
}

/// <summary>What to know about a camera.</summary>
internal sealed record CameraEdit(string? Name = null, string? Place = null, double? X = null, double? Y = null, double? RetentionDays = null)
{
    private const int LongestId = 100;
    private const double MostDays = 36500;

    /// <exception cref="ArgumentException">A value is out of bounds; the message says which.</exception>
    public StoredCamera Camera(string id, long version)
    {
        if (string.IsNullOrWhiteSpace(id) || id.Length > LongestId)
        {
            throw new ArgumentException($"the camera's id has {id.Length} characters, expected 1 to {LongestId}");
        }

        if (X is < 0 or > 1 || Y is < 0 or > 1)
        {
            throw new ArgumentException($"the camera's place on the map is {X}, {Y}, expected shares from 0 to 1");
        }

        if (RetentionDays is { } days && !(days is > 0 and <= MostDays))
        {
            throw new ArgumentException($"retention is {days} days, expected more than 0 and at most {MostDays}; leave it out to keep for ever");
        }

        return new StoredCamera { Id = id, Name = Name, Place = Place, X = X, Y = Y, Retention = RetentionDays is { } kept ? TimeSpan.FromDays(kept) : null, Version = version };
    }
}
