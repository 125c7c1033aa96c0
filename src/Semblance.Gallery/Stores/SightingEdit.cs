namespace Semblance.Gallery.Stores;

/// <summary>What to change in a sighting; null leaves a field as it is, an empty word (0 for a person) clears it.</summary>
public sealed record SightingEdit
{
    public long? Person { get; init; }

    public string? Label { get; init; }

    public string? Notes { get; init; }
}
