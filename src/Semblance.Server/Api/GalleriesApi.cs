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
