namespace Semblance.Gallery.Stores;

/// <summary>Somebody to whom sightings were assigned by a person's decision.</summary>
public sealed record StoredPerson
{
    /// <summary>Given by the store.</summary>
    public long Id { get; init; }

    public string? Name { get; init; }

    public string? Notes { get; init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Sightings assigned.</summary>
    public long Sightings { get; init; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; init; }
}
