namespace Semblance.Gallery.Stores;

/// <summary>A piece of work that could not be done, and why.</summary>
public sealed record FailedWork(long Id, string Item, string Reason);
