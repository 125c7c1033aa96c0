namespace Semblance.Gallery.Stores;

/// <summary>What came of a piece of work.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Reason">Why it could not be done; null when it was.</param>
/// <param name="Sightings">How many it gave.</param>
public sealed record WorkResult(long Id, string? Reason = null, int Sightings = 0);
