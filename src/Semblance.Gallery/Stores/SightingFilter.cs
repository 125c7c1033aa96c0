namespace Semblance.Gallery.Stores;

/// <summary>Which sightings are meant; null admits all.</summary>
public sealed record SightingFilter
{
    public IReadOnlyCollection<string>? Cameras { get; init; }

    /// <summary>Taken at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Taken before.</summary>
    public DateTimeOffset? Until { get; init; }

    public long? Person { get; init; }

    public string? Label { get; init; }

    public string? Track { get; init; }

    /// <summary>Whether nothing is filtered.</summary>
    public bool IsEmpty => this is { Cameras: null, From: null, Until: null, Person: null, Label: null, Track: null };
}
