using Semblance.Gallery.Stores;

namespace Semblance.Gallery.Live;

/// <summary>One place of an answer.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">As <see cref="SightingMatch.Score"/>.</param>
/// <param name="Probability">That it is who is meant; null where the gallery was not calibrated for this kind of question.</param>
/// <param name="Duplicates">Sightings that show nearly the same picture and are not shown themselves.</param>
/// <param name="Sighting">What was found.</param>
/// <param name="Terms">What each term said.</param>
public sealed record RankedSighting(int Rank, double Score, double? Probability, IReadOnlyList<long> Duplicates, StoredSighting Sighting, IReadOnlyList<TermScore> Terms);
