namespace Semblance.Gallery.Stores;

/// <summary>What came of a filing.</summary>
/// <param name="Ids">The sighting of each entry, in order: the new one, or the one that had its key already.</param>
/// <param name="New">How many were not there before.</param>
public sealed record FilingOutcome(IReadOnlyList<long> Ids, int New);
