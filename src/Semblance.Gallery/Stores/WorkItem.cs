namespace Semblance.Gallery.Stores;

/// <summary>One piece of a job.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Job">Its job's number.</param>
/// <param name="Item">What it is about, as its kind of job reads it.</param>
/// <param name="Attempts">How often it was taken, this time included.</param>
public sealed record WorkItem(long Id, long Job, string Item, long Attempts);
