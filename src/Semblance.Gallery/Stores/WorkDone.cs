namespace Semblance.Gallery.Stores;

/// <summary>What a worker has settled.</summary>
/// <param name="Worker">Who.</param>
/// <param name="Results">What came of each piece.</param>
public sealed record WorkDone(string Worker, IReadOnlyList<WorkResult> Results);
