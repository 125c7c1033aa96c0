using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Semblance.Core;
using Semblance.Gallery;
using Semblance.Gallery.Live;
using Semblance.Gallery.Stores;
using Semblance.Server.Access;
using Semblance.Server.Api;

namespace Semblance.Server;

/// <summary>Turns questions into answers, for programs and for pages alike, and writes each into the log before it is answered.</summary>
internal sealed class Searcher(GalleryService gallery, ServerOptions options)
{
    private const int MostTop = 200;
    private const int MostTerms = 20;
    private const int LongestText = 2000;

    public async Task<SearchAnswer> SearchAsync(SearchRequest request, HttpContext context, CancellationToken cancellation)
    {
        if (request.Top is < 1 or > MostTop)
        {
            throw new ArgumentException($"top is {request.Top}, expected 1 to {MostTop}");
        }

        if (request.Terms?.Count is not (> 0 and <= MostTerms) || request.Terms.Any(term => term is null))
        {
            throw new ArgumentException($"the question has {request.Terms?.Count(term => term is not null) ?? 0} terms, expected 1 to {MostTerms}: words, pictures or sightings");
        }

        if (request.Label?.Length > LongestText)
        {
            throw new ArgumentException($"the label has {request.Label.Length} characters, expected at most {LongestText}");
        }

        if (request.Cameras?.Any(camera => camera is null) == true)
        {
            throw new ArgumentException("a camera is null, expected its id");
        }

        if (request.Cameras is { Count: > 0 } cameras)
        {
            var known = (await gallery.Store.CamerasAsync(cancellation)).Select(camera => camera.Id).ToArray();
            if (cameras.FirstOrDefault(camera => !known.Contains(camera, StringComparer.Ordinal)) is { } unknown)
            {
                throw new ArgumentException($"the gallery has no camera \"{unknown}\"{Suggestion.DidYouMean(unknown, known)}");
            }
        }

        List<string> warnings = [];
        List<QueryTerm> terms = [];
        foreach (var term in request.Terms.Where(term => term.Weight != 0))
        {
            terms.Add(await TermAsync(term, warnings, cancellation));
        }

        var query = new SightingQuery
        {
            Terms = terms,
            Top = request.Top,
            Exact = request.Exact,
            Filter = new SightingFilter { Cameras = request.Cameras is { Count: > 0 } ? request.Cameras : null, From = request.From, Until = request.Until, Person = request.Person, Label = string.IsNullOrEmpty(request.Label) ? null : request.Label },
            Except = [.. request.Terms.Select(term => term.Sighting).OfType<long>()],
        };
        await gallery.Store.LogAsync(context.Draft("search", purpose: request.Purpose, details: Details(request)), cancellation);
        var answer = await RankedAnswer.OfAsync(gallery.Store, gallery.Live, query, await gallery.SearchAsync(query, cancellation), cancellation);
        return new SearchAnswer(
            [.. answer.Places.Select(place => new SearchMatch(place.Rank, place.Score, place.Probability, place.Duplicates, SightingResource.Of(place.Sighting)))],
            warnings, answer.Nobody, gallery.Live.Count, gallery.Live.Model!.Encoder.Fingerprint);
    }

    private async Task<QueryTerm> TermAsync(SearchTerm term, List<string> warnings, CancellationToken cancellation)
    {
        var given = new object?[] { term.Text, term.Picture, term.QueryPicture, term.Sighting }.Count(part => part is not null);
        if (given != 1)
        {
            throw new ArgumentException($"a term has {given} of text, picture, queryPicture and sighting, expected one");
        }

        if (!double.IsFinite(term.Weight) || Math.Abs(term.Weight) > 100)
        {
            throw new ArgumentException($"a term has weight {term.Weight}, expected a number from -100 to 100");
        }

        if (term.Text is { } text)
        {
            if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText)
            {
                throw new ArgumentException($"the words have {text.Length} characters, expected 1 to {LongestText}");
            }

            var (words, warning) = await gallery.EmbedAsync(text, cancellation);
            if (warning is not null)
            {
                warnings.Add(warning);
            }

            return new QueryTerm(words, term.Weight, text);
        }

        if (term.Sighting is { } id)
        {
            return new QueryTerm((await gallery.Live.EmbeddingsAsync(GallerySpaces.Image, [id], cancellation))[0] ?? throw new ArgumentException($"there is no sighting {id}"), term.Weight, $"sighting {id}");
        }

        byte[] bytes;
        if (term.QueryPicture is { } name)
        {
            bytes = gallery.QueryPicture(name) ?? throw new ArgumentException("the picture that was asked with is forgotten after an hour: send it again");
        }
        else
        {
            bytes = new byte[(term.Picture!.Length * 3L / 4) + 3];
            if (!Convert.TryFromBase64String(term.Picture, bytes, out var length))
            {
                throw new ArgumentException("a picture is not Base64");
            }

            Array.Resize(ref bytes, length);
        }

        using var room = await gallery.RoomAsync(cancellation);
        return new QueryTerm(await gallery.EmbedAsync(Uploads.Decode(bytes, "the picture", options), cancellation), term.Weight, "the picture");
    }

    /// <summary>What the log keeps of a question: words and numbers, no picture.</summary>
    private static string Details(SearchRequest request) => JsonSerializer.Serialize(
        request with { Purpose = null, Terms = [.. request.Terms.Select(term => term.Picture is null && term.QueryPicture is null ? term : term with { Picture = "(a picture)", QueryPicture = null })] }, Json.Options);
}
