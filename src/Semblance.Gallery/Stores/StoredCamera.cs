namespace Semblance.Gallery.Stores;

/// <summary>A camera. Filing a sighting of a camera that is not known yet makes one with that id and nothing else.</summary>
public sealed record StoredCamera
{
    /// <summary>As sightings name it.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public string? Name { get; init; }

    /// <summary>Where it hangs, in words.</summary>
    public string? Place { get; init; }

    /// <summary>Place on the camera map: share of its width from the left, in [0, 1].</summary>
    public double? X { get; init; }

    /// <summary>Share of the map's height from the top, in [0, 1].</summary>
    public double? Y { get; init; }

    /// <summary>How long its sightings are kept, from when they were taken (when they were filed where that is not known); null for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; init; }
}
