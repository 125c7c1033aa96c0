namespace Semblance.Filing;

/// <summary>What a worker has done so far.</summary>
/// <param name="Items">Items settled, those that failed too.</param>
/// <param name="People">Sightings filed that were not there before, or embedded again.</param>
/// <param name="Failed">Items that could not be read or done.</param>
public readonly record struct WorkerProgress(long Items, long People, long Failed);
