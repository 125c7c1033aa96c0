using Semblance.Gallery;
using Semblance.Gallery.Stores;

namespace Semblance.Server.Api;

/// <summary>A sighting as programs see it.</summary>
public sealed record SightingResource(
    long Id, string? Source, string? Camera, DateTimeOffset? Taken, long? Person, string? Track, GalleryBox? Box, long? Frame, double? TimeSeconds, string? Label, string? Notes, DateTimeOffset Filed, long Version, string Picture)
{
    public static SightingResource Of(StoredSighting sighting) => new(
        sighting.Id, sighting.Source, sighting.Camera, sighting.Taken, sighting.Person, sighting.Track, sighting.Box, sighting.Frame, sighting.Time?.TotalSeconds, sighting.Label, sighting.Notes,
        sighting.Filed, sighting.Version, $"/api/sightings/{sighting.Id}/picture");
}

/// <summary>A page of something, and where the next one begins.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">What to give as <c>before</c> for the next page; null on the last.</param>
internal sealed record PageOf<T>(IReadOnlyList<T> Items, long? Next)
{
    public const int Limit = 50;
    public const int MostItems = 500;

    /// <summary>A page size that was asked for, within bounds.</summary>
    public static int Size(int? limit) => limit is null or (>= 1 and <= MostItems) ? limit ?? Limit : throw new ArgumentException($"limit is {limit}, expected 1 to {MostItems}");
}
