using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/people</c>: who sightings were assigned to, always by a person's decision.</summary>
internal static class PeopleApi
{
    private const int ExportedAtOnce = 200;

    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/people").WithTags("people");
        group.MapGet("", List).RequireAuthorization(Roles.Viewer).WithName("ListPeople");
        group.MapPost("", Make).RequireAuthorization(Roles.Operator).AddEndpointFilter<Idempotency>().WithName("MakePerson").WithSummary("Makes a person of sightings.");
        group.MapGet("/suggestions", Suggest).RequireAuthorization(Roles.Operator).WithName("SuggestPeople").WithSummary("Groups of sightings that look like one person each; nothing is assigned until somebody confirms it.");
        group.MapGet("/{id:long}", Get).RequireAuthorization(Roles.Viewer).WithName("GetPerson");
        group.MapPatch("/{id:long}", Edit).RequireAuthorization(Roles.Operator).WithName("EditPerson");
        group.MapDelete("/{id:long}", Erase).RequireAuthorization(Roles.Operator).WithName("ErasePerson").WithSummary("Removes the person and every sighting for good.");
        group.MapGet("/{id:long}/export", Export).RequireAuthorization(Roles.Operator).WithName("ExportPerson").WithSummary("All that is held about one person, pictures too.");
    }

    private static async Task<Ok<PageOf<StoredPerson>>> List(HttpContext context, IGalleryStore store, ServerOptions options, CancellationToken cancellation, long? before = null, int? limit = null)
    {
        Purposes.Check(context, options);
        var size = PageOf<StoredPerson>.Size(limit);
        var people = await store.PeopleAsync(before ?? long.MaxValue, size, cancellation);
        await store.LogAsync(context.Draft("person.list", details: context.Request.Asked()), cancellation);
        return TypedResults.Ok(new PageOf<StoredPerson>(people, people.Count == size ? people[^1].Id : null));
    }

    private static async Task<Created<StoredPerson>> Make(PersonRequest request, HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        var person = await gallery.Store.MakePersonAsync(request.Name, request.Notes, request.Sightings, context.Draft("person.make"), cancellation);
        await gallery.Live.CatchUpAsync(cancellation);
        context.SetVersion(person.Version);
        return TypedResults.Created($"/api/people/{person.Id}", person);
    }

    private static async Task<Results<Ok<StoredPerson>, NotFound>> Get(long id, HttpContext context, IGalleryStore store, ServerOptions options, CancellationToken cancellation)
    {
        Purposes.Check(context, options);
        if (await store.PersonAsync(id, cancellation) is not { } person)
        {
            return TypedResults.NotFound();
        }

        await store.LogAsync(context.Draft("person.view", $"person/{id}"), cancellation);
        context.SetVersion(person.Version);
        return TypedResults.Ok(person);
    }

    private static async Task<Results<Ok<StoredPerson>, NotFound>> Edit(long id, PersonRequest request, HttpContext context, IGalleryStore store, CancellationToken cancellation)
    {
        var person = await context.Request.AtVersionAsync(version => store.EditPersonAsync(id, request.Name, request.Notes, version, context.Draft("person.edit", $"person/{id}"), cancellation));
        if (person is null)
        {
            return TypedResults.NotFound();
        }

        context.SetVersion(person.Version);
        return TypedResults.Ok(person);
    }

    private static async Task<Results<Ok<Certificate>, NotFound>> Erase(long id, HttpContext context, GalleryService gallery, CancellationToken cancellation)
    {
        if (await gallery.Store.PersonAsync(id, cancellation) is null)
        {
            return TypedResults.NotFound();
        }

        var erasure = await gallery.EraseAsync([], [id], context.Draft("person.erase", $"person/{id}"), cancellation);
        return TypedResults.Ok(Certificate.Of(erasure));
    }

    private static async Task<Results<Ok<PersonExport>, NotFound>> Export(long id, HttpContext context, IGalleryStore store, ServerOptions options, CancellationToken cancellation)
    {
        Purposes.Check(context, options);
        if (await store.PersonAsync(id, cancellation) is not { } person)
        {
            return TypedResults.NotFound();
        }

        List<ExportedSighting> exported = [];
        var models = await store.ModelsAsync(cancellation);
        for (var before = long.MaxValue; await store.SightingsAsync(new SightingFilter { Person = id }, before, ExportedAtOnce, cancellation) is { Count: > 0 } sightings; before = sightings[^1].Id)
        {
            long[] ids = [.. sightings.Select(sighting => sighting.Id)];
            var vectors = new List<(long Sighting, ExportedVector Vector)>();
            foreach (var (model, space) in models.SelectMany(model => model.Spaces.Select(space => (model.Encoder.Fingerprint, space.Name))))
            {
                vectors.AddRange((await store.VectorsAsync(model, space, ids, cancellation)).Select(vector => (vector.Sighting, new ExportedVector(model, space, vector.Vector.ToArray()))));
            }

            var known = vectors.ToLookup(vector => vector.Sighting, vector => vector.Vector);
            foreach (var sighting in sightings)
            {
                exported.Add(new ExportedSighting(
                    SightingResource.Of(sighting), await store.PictureAsync(sighting.Picture, cancellation) is { } bytes ? Convert.ToBase64String(bytes) : null, [.. known[sighting.Id]]));
            }
        }

        await store.LogAsync(context.Draft("person.export", $"person/{id}"), cancellation);
        return TypedResults.Ok(new PersonExport(person, exported));
    }

    private static async Task<Ok<IReadOnlyList<SuggestedGroup>>> Suggest(
        HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation, double threshold = 0.8, string[]? camera = null, int sample = 500)
    {
        Purposes.Check(context, options);
        const int most = 2000;
        if (sample is < 2 or > most || threshold is not (> 0 and < 1))
        {
            throw new ArgumentException($"sample is {sample} and threshold {threshold}, expected 2 to {most} sightings and a cosine between 0 and 1");
        }

        var groups = await gallery.SuggestPeopleAsync(new SightingFilter { Cameras = camera is { Length: > 0 } ? camera : null }, sample, threshold, cancellation);
        await gallery.Store.LogAsync(context.Draft("person.suggest", details: JsonSerializer.Serialize(new { threshold, camera, sample })), cancellation);
        return TypedResults.Ok<IReadOnlyList<SuggestedGroup>>([.. groups.Select(group => new SuggestedGroup(group.Sightings, group.Similarity))]);
    }
}

/// <summary>What to know about a person.</summary>
internal sealed record PersonRequest(string? Name = null, string? Notes = null)
{
    /// <summary>Sightings of a new person.</summary>
    public IReadOnlyList<long> Sightings { get; init; } = [];
}

/// <summary>Sightings that look like one person.</summary>
/// <param name="Sightings">Two or more.</param>
/// <param name="Similarity">Mean cosine at which the last two parts were joined.</param>
internal sealed record SuggestedGroup(IReadOnlyList<long> Sightings, double Similarity);

/// <summary>What a model made of a picture.</summary>
internal sealed record ExportedVector(string Model, string Space, float[] Vector);

/// <summary>A sighting with its picture, Base64, and the vectors of every model.</summary>
internal sealed record ExportedSighting(SightingResource Sighting, string? Jpeg, IReadOnlyList<ExportedVector> Vectors);

/// <summary>All that is held about one person.</summary>
internal sealed record PersonExport(StoredPerson Person, IReadOnlyList<ExportedSighting> Sightings);
