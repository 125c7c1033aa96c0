using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/sightings</c>: people's pictures and what is known about them.</summary>
internal static class SightingsApi
{
    public static void MapSightings(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/sightings").WithTags("sightings");
        group.MapGet("", List).RequireAuthorization(Roles.Viewer).WithName("ListSightings").WithSummary("Sightings, newest first.");
        group.MapPost("", File).RequireAuthorization(Roles.Operator).AddEndpointFilter<Idempotency>().WithName("FileSightings").DisableAntiforgery()
            .WithSummary("Files pictures, one person each: a form of pictures, or one picture as the body. Bad pictures are reported; the rest is filed.");
        group.MapGet("/{id:long}", Get).RequireAuthorization(Roles.Viewer).WithName("GetSighting");
        group.MapPatch("/{id:long}", Edit).RequireAuthorization(Roles.Operator).WithName("EditSighting").WithSummary("Changes person, label or notes; If-Match makes sure that nobody changed it in between.");
        group.MapDelete("/{id:long}", Erase).RequireAuthorization(Roles.Operator).WithName("EraseSighting").WithSummary("Removes it for good and answers with a certificate.");
        group.MapGet("/{id:long}/picture", Picture).RequireAuthorization(Roles.Viewer).WithName("GetSightingPicture");
        group.MapGet("/{id:long}/explanation", Explain).RequireAuthorization(Roles.Viewer).WithName("ExplainSighting").WithSummary("Where the model looked, as a PNG: for words, or for another sighting.");
        group.MapGet("/{id:long}/regions", Regions).RequireAuthorization(Roles.Viewer).WithName("ExplainWords").WithSummary("Where each of the words that add most is found, as a PNG.");
    }

    private static async Task<Ok<PageOf<SightingResource>>> List(
        HttpContext context, IGalleryStore store, ServerOptions options, CancellationToken cancellation, string[]? camera = null, DateTimeOffset? from = null, DateTimeOffset? until = null, long? person = null, string? label = null, string? track = null,
        long? before = null, int? limit = null)
    {
        Purposes.Check(context, options);
        var size = PageOf<SightingResource>.Size(limit);
        var filter = new SightingFilter { Cameras = camera is { Length: > 0 } ? camera : null, From = from, Until = until, Person = person, Label = label, Track = track };
        var found = await store.SightingsAsync(filter, before ?? long.MaxValue, size, cancellation);
        await store.LogAsync(context.Draft("sighting.list", details: context.Request.Asked()), cancellation);
        return TypedResults.Ok(new PageOf<SightingResource>([.. found.Select(SightingResource.Of)], found.Count == size ? found[^1].Id : null));
    }

    private static async Task<Ok<Filed>> File(HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation, string? camera = null, DateTimeOffset? taken = null, string? label = null, string? notes = null)
    {
        var filed = await gallery.FileAsync(Uploads.ReadAsync(context.Request, options, new Uploads.Facts(camera, taken, label, notes), cancellation), options, context, cancellation);
        return filed.Sightings.Count > 0 ? TypedResults.Ok(filed) : throw new Core.SemblanceFormatException(
            "the request", filed.Problems.Count == 0 ? "holds no picture: send a form with pictures, or one picture as the body" : $"holds no readable picture; the first problem: {filed.Problems[0].Reason}");
    }

    private static async Task<Results<Ok<SightingResource>, NotFound>> Get(long id, HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation)
    {
        Purposes.Check(context, options);
        if (await gallery.Store.SightingsAsync([id], cancellation) is not [var sighting])
        {
            return TypedResults.NotFound();
        }

        await gallery.Store.LogAsync(context.Draft("sighting.view", $"sighting/{id}"), cancellation);
        context.SetVersion(sighting.Version);
        return TypedResults.Ok(SightingResource.Of(sighting));
    }

    private static async Task<Results<Ok<SightingResource>, NotFound>> Edit(long id, SightingEdit edit, HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        var edited = await context.Request.AtVersionAsync(version => gallery.Store.EditAsync(id, edit, version, context.Draft("sighting.edit", $"sighting/{id}"), cancellation));
        if (edited is null)
        {
            return TypedResults.NotFound();
        }

        await gallery.Live.CatchUpAsync(cancellation);
        context.SetVersion(edited.Version);
        return TypedResults.Ok(SightingResource.Of(edited));
    }

    private static async Task<Results<Ok<Certificate>, NotFound>> Erase(long id, HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        if (await gallery.Store.SightingsAsync([id], cancellation) is [])
        {
            return TypedResults.NotFound();
        }

        var erasure = await gallery.EraseAsync([id], [], context.Draft("sighting.erase", $"sighting/{id}"), cancellation);
        return TypedResults.Ok(Certificate.Of(erasure));
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> Picture(long id, HttpContext context, IGalleryStore store, ServerOptions options, CancellationToken cancellation)
    {
        Purposes.Check(context, options);
        if (await store.SightingsAsync([id], cancellation) is not [var sighting] || await store.PictureAsync(sighting.Picture, cancellation) is not { } bytes)
        {
            return TypedResults.NotFound();
        }

        await store.LogAsync(context.Draft("sighting.picture", $"sighting/{id}"), cancellation);
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(bytes, "image/jpeg", entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{sighting.Picture}\""));
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> Explain(
        long id, HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation, string? text = null, long? sighting = null)
    {
        Purposes.Check(context, options);
        if (await gallery.Store.SightingsAsync([id], cancellation) is not [var subject] || await gallery.PictureAsync(subject, cancellation) is not { } picture)
        {
            return TypedResults.NotFound();
        }

        var other = sighting is not { } named ? null
            : await gallery.Store.SightingsAsync([named], cancellation) is [var reference] ? await gallery.PictureAsync(reference, cancellation)
            : throw new ArgumentException($"there is no sighting {named} to compare with");
        var explanation = await gallery.ExplainAsync(picture, string.IsNullOrWhiteSpace(text) ? null : text, other, cancellation);
        await gallery.Store.LogAsync(context.Draft("sighting.explain", $"sighting/{id}"), cancellation);
        return TypedResults.Bytes(explanation.Panels().EncodePng(), "image/png");
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> Regions(long id, string text, HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation)
    {
        Purposes.Check(context, options);
        if (await gallery.Store.SightingsAsync([id], cancellation) is not [var subject] || await gallery.PictureAsync(subject, cancellation) is not { } picture)
        {
            return TypedResults.NotFound();
        }

        var regions = await gallery.RegionsAsync(picture, string.IsNullOrWhiteSpace(text) ? throw new ArgumentException("there are no words to look for: say which in text") : text, cancellation);
        await gallery.Store.LogAsync(context.Draft("sighting.explain", $"sighting/{id}"), cancellation);
        return TypedResults.Bytes(regions.Sheet().EncodePng(), "image/png");
    }
}

/// <summary>What came of a filing.</summary>
internal sealed record Filed(IReadOnlyList<long> Sightings, int New, IReadOnlyList<UploadProblem> Problems);
