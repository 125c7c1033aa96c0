using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Semblance.Server.Access;

namespace Semblance.Server.Api;

/// <summary><c>/api/searches</c>: questions in words, pictures, sightings, or any mixture.</summary>
internal static class SearchesApi
{
    public static void MapSearches(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/searches").WithTags("searches").RequireAuthorization(Roles.Viewer);
        group.MapPost("", Search).WithName("Search").WithSummary("Finds people. Each term has one of text, picture (Base64), queryPicture or sighting, and a weight; a negative weight means \"not this\".");
        group.MapPost("/pictures", Keep).DisableAntiforgery().WithName("KeepQueryPicture").WithSummary("Keeps a picture to ask with for an hour, in memory, and answers with its name. Of a photo of a whole scene, people has a picture of each person found in it, the surest first.");
        group.MapGet("/pictures/{name}", Kept).WithName("GetQueryPicture");
    }

    private static async Task<Ok<SearchAnswer>> Search(SearchRequest request, HttpContext context, Searcher searcher, ServerOptions options, CancellationToken cancellation)
    {
        Purposes.Check(context, options, request.Purpose);
        return TypedResults.Ok(await searcher.SearchAsync(request, context, cancellation));
    }

    private static async Task<Ok<KeptPicture>> Keep(HttpContext context, GalleryService gallery, ServerOptions options, CancellationToken cancellation)
    {
        List<string> names = [], people = [];
        await foreach (var (name, bytes) in Uploads.PartsAsync(context.Request, options, _ => { }, cancellation))
        {
            using var room = await gallery.RoomAsync(cancellation);
            var picture = Uploads.Decode(bytes, name, options);
            names.Add(gallery.KeepQueryPicture(picture));
            people.AddRange(gallery.KeepPeople(picture));
        }

        return TypedResults.Ok(new KeptPicture(names, people));
    }

    private static Results<FileContentHttpResult, NotFound> Kept(string name, GalleryService gallery) =>
        gallery.QueryPicture(name) is { } bytes ? TypedResults.Bytes(bytes, "image/jpeg") : TypedResults.NotFound();
}

/// <summary>Names of pictures to ask with.</summary>
internal sealed record KeptPicture(IReadOnlyList<string> QueryPictures, IReadOnlyList<string> People);

/// <summary>One term of a question: exactly one of the first four.</summary>
internal sealed record SearchTerm
{
    /// <summary>What the person looks like, in words.</summary>
    public string? Text { get; init; }

    /// <summary>A picture, Base64.</summary>
    public string? Picture { get; init; }

    /// <summary>A picture that was kept before.</summary>
    public string? QueryPicture { get; init; }

    /// <summary>"More like this one".</summary>
    public long? Sighting { get; init; }

    /// <summary>Negative for "not this".</summary> <value>1</value>
    public double Weight { get; init; } = 1;
}

/// <summary>A question.</summary>
internal sealed record SearchRequest
{
    public IReadOnlyList<SearchTerm> Terms { get; init; } = [];

    /// <summary>Length of the answer.</summary> <value>20</value>
    public int Top { get; init; } = 20;

    public IReadOnlyList<string>? Cameras { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public long? Person { get; init; }

    public string? Label { get; init; }

    /// <summary>Compare with every sighting in full precision, whatever the gallery is searched by otherwise.</summary>
    public bool Exact { get; init; }

    /// <summary>What the search is for; kept in the audit log.</summary>
    public string? Purpose { get; init; }
}

/// <summary>One place of an answer.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">Greater is closer.</param>
/// <param name="Probability">How often an answer with such a score was right where the model was calibrated; null where nobody calibrated it.</param>
/// <param name="Duplicates">Sightings further down that show nearly the same picture and are folded into this place.</param>
/// <param name="Sighting">Who was found.</param>
internal sealed record SearchMatch(int Rank, double Score, double? Probability, IReadOnlyList<long> Duplicates, SightingResource Sighting);

/// <summary>An answer.</summary>
/// <param name="Matches">Best first.</param>
/// <param name="Warnings">What the asker should know about the words.</param>
/// <param name="Nobody">Whether even the best is less likely right than not; null where nobody calibrated the model.</param>
/// <param name="Searched">Sightings that were searched.</param>
/// <param name="Model">Fingerprint of the model that answered.</param>
internal sealed record SearchAnswer(IReadOnlyList<SearchMatch> Matches, IReadOnlyList<string> Warnings, bool? Nobody, int Searched, string Model);
