using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Live;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/galleries</c>: what is served.</summary>
internal static class GalleriesApi
{
    public static void MapGalleries(this IEndpointRouteBuilder api)
    {
        api.MapGet("/galleries", List).RequireAuthorization(Roles.Viewer).WithTags("galleries").WithName("ListGalleries");
    }

    private static async Task<Ok<GalleryResource[]>> List(GalleryService gallery, CancellationToken cancellation) => TypedResults.Ok<GalleryResource[]>([
        new(await gallery.Store.CountAsync(cancellation), gallery.Live.Count, gallery.Live.Change, gallery.Live.Model?.Encoder.Fingerprint, await gallery.Store.SettingAsync(SettingNames.Banner, cancellation), gallery.Live.Cells)]);
}

/// <summary>The gallery that is served.</summary>
/// <param name="Sightings">Kept.</param>
/// <param name="Searchable">In memory.</param>
/// <param name="Change">The last change that is seen.</param>
/// <param name="Model">Fingerprint of the current model.</param>
/// <param name="Banner">What this instance is for.</param>
/// <param name="Cells">Of each space that is searched in cells, with the share of the nearest that is found in them; none where everything is compared.</param>
internal sealed record GalleryResource(long Sightings, int Searchable, long Change, string? Model, string? Banner, IReadOnlyList<SpaceCells> Cells);
