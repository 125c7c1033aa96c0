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
    private const float NearDuplicate = 0.995f;

    public async Task<SearchAnswer> SearchAsync(SearchRequest request, HttpContext context, CancellationToken cancellation)
    {
        if (request.Top is < 1 or > MostTop)
        {
            throw new ArgumentException($"top is {request.Top}, expected 1 to {MostTop}");
        }

        if (request.Terms.Count is 0 or > MostTerms)
        {
            throw new ArgumentException($"the question has {request.Terms.Count} terms, expected 1 to {MostTerms}: words, pictures or sightings");
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
            Filter = new SightingFilter { Cameras = request.Cameras is { Count: > 0 } ? request.Cameras : null, From = request.From, Until = request.Until, Person = request.Person, Label = string.IsNullOrEmpty(request.Label) ? null : request.Label },
            Except = [.. request.Terms.Select(term => term.Sighting).OfType<long>()],
        };
        await gallery.Store.LogAsync(context.Draft("search", purpose: request.Purpose, details: Details(request)), cancellation);
        var model = gallery.Live.Model!;
        var matches = await gallery.SearchAsync(query, cancellation);
        var sightings = (await gallery.Store.SightingsAsync([.. matches.Select(match => match.Sighting)], cancellation)).ToDictionary(sighting => sighting.Id);
        var calibration = MatchCalibration.Read(model.Calibration);
        List<SearchMatch> places = [];
        matches = [.. matches.Where(match => sightings.ContainsKey(match.Sighting))];
        var vectors = await gallery.Live.EmbeddingsAsync(GallerySpaces.Image, [.. matches.Select(match => match.Sighting)], cancellation);
        foreach (var (match, duplicates) in Folded(matches, [.. vectors.Select(vector => vector?.Vector.ToArray())], sightings))
        {
            places.Add(new SearchMatch(places.Count + 1, match.Score, calibration?.Probability(terms, match.Score), duplicates, SightingResource.Of(sightings[match.Sighting])));
        }

        return new SearchAnswer(places, warnings, calibration is null ? null : places.Count == 0 || places[0].Probability < 0.5, gallery.Live.Count, model.Encoder.Fingerprint);
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

        return new QueryTerm(await gallery.EmbedAsync(Uploads.Decode(bytes, "the picture", options), cancellation), term.Weight, "the picture");
    }

    /// <summary>Nearly the same picture stands in an answer once.</summary>
    private static IEnumerable<(SightingMatch Match, IReadOnlyList<long> Duplicates)> Folded(IReadOnlyList<SightingMatch> matches, float[]?[] vectors, Dictionary<long, StoredSighting> sightings)
    {
        var folded = new bool[matches.Count];
        for (var i = 0; i < matches.Count; i++)
        {
            if (folded[i])
            {
                continue;
            }

            List<long> duplicates = [];
            for (var j = i + 1; j < matches.Count; j++)
            {
                var same = sightings[matches[i].Sighting].Picture == sightings[matches[j].Sighting].Picture
                    || (vectors[i] is { } a && vectors[j] is { } b && sightings[matches[i].Sighting].Camera == sightings[matches[j].Sighting].Camera && System.Numerics.Tensors.TensorPrimitives.Dot(a, b) > NearDuplicate);
                if (!folded[j] && same)
                {
                    folded[j] = true;
                    duplicates.Add(matches[j].Sighting);
                }
            }

            yield return (matches[i], duplicates);
        }
    }

    /// <summary>What the log keeps of a question: words and numbers, no picture.</summary>
    private static string Details(SearchRequest request) => JsonSerializer.Serialize(
        request with { Purpose = null, Terms = [.. request.Terms.Select(term => term.Picture is null && term.QueryPicture is null ? term : term with { Picture = "(a picture)", QueryPicture = null })] }, Json.Options);
}
