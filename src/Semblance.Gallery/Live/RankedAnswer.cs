using System.Numerics.Tensors;
using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>What people are shown of a search: what is still in the store, nearly the same picture once, and how probable it is that each is right.</summary>
/// <param name="Places">The best first.</param>
/// <param name="Nobody">True when the best is rather wrong than right, or nothing was found; null where no probability is known.</param>
public sealed record RankedAnswer(IReadOnlyList<RankedSighting> Places, bool? Nobody)
{
    /// <summary>Cosine above which two pictures of one camera are nearly the same.</summary>
    public const float NearDuplicate = 0.995f;

    /// <summary>Looks up, folds and calibrates what a search found.</summary>
    /// <param name="store">Has the sightings.</param>
    /// <param name="search">What was searched: has the vectors and the calibration of its model.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="matches">What was found.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static async Task<RankedAnswer> OfAsync(IGalleryStore store, IGallerySearch search, SightingQuery query, IReadOnlyList<SightingMatch> matches, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(matches);
        var sightings = (await store.SightingsAsync([.. matches.Select(match => match.Sighting)], cancellation)).ToDictionary(sighting => sighting.Id);
        SightingMatch[] kept = [.. matches.Where(match => sightings.ContainsKey(match.Sighting))];
        var vectors = await search.EmbeddingsAsync(GallerySpaces.Image, [.. kept.Select(match => match.Sighting)], cancellation);
        var calibration = MatchCalibration.Read(search.Model?.Calibration);
        List<RankedSighting> places = [];
        foreach (var (match, duplicates) in Folded(kept, [.. vectors.Select(vector => vector?.Vector.ToArray())], sightings))
        {
            places.Add(new RankedSighting(places.Count + 1, match.Score, calibration?.Probability(query.Terms, match.Score), duplicates, sightings[match.Sighting], match.Terms));
        }

        return new RankedAnswer(places, calibration is null ? null : places is [] ? true : places[0].Probability is { } best ? best < 0.5 : null);
    }

    private static IEnumerable<(SightingMatch Match, IReadOnlyList<long> Duplicates)> Folded(SightingMatch[] matches, float[]?[] vectors, Dictionary<long, StoredSighting> sightings)
    {
        var folded = new bool[matches.Length];
        for (var i = 0; i < matches.Length; i++)
        {
            if (folded[i])
            {
                continue;
            }

            List<long> duplicates = [];
            for (var j = i + 1; j < matches.Length; j++)
            {
                var same = sightings[matches[i].Sighting].Picture == sightings[matches[j].Sighting].Picture
                    || (vectors[i] is { } a && vectors[j] is { } b && sightings[matches[i].Sighting].Camera == sightings[matches[j].Sighting].Camera && TensorPrimitives.Dot(a, b) > NearDuplicate);
                if (!folded[j] && same)
                {
                    folded[j] = true;
                    duplicates.Add(matches[j].Sighting);
                }
            }

            yield return (matches[i], duplicates);
        }
    }
}
