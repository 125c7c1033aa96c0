namespace Semblance.Gallery.Live;

/// <summary>One place of an answer.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">Greater is closer; see <see cref="SightingQuery"/>.</param>
/// <param name="Sighting">Its id.</param>
/// <param name="Terms">In the order of the question's terms.</param>
public sealed record SightingMatch(int Rank, double Score, long Sighting, IReadOnlyList<TermScore> Terms);
