namespace Semblance.Gallery.Stores;

/// <summary>Somebody seen once: a picture, and what is known about it. What is not known is null.</summary>
public sealed record StoredSighting
{
    /// <summary>Given by the store, never given again.</summary>
    public long Id { get; init; }

    /// <summary>Where it came from, in a form that is the same whenever it is filed again: filing a key twice makes one sighting.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the stored picture's bytes, hexadecimal.</summary>
    public required string Picture { get; init; }

    public string? Camera { get; init; }

    /// <summary>When the picture was taken, UTC.</summary>
    public DateTimeOffset? Taken { get; init; }

    /// <summary>Who it is, once somebody has said so.</summary>
    public long? Person { get; init; }

    /// <summary>One walk before one camera.</summary>
    public string? Track { get; init; }

    /// <summary>The person's place in <see cref="Source"/>.</summary>
    public GalleryBox? Box { get; init; }

    /// <summary>File or video.</summary>
    public string? Source { get; init; }

    /// <summary>Frame of a video, from 0.</summary>
    public long? Frame { get; init; }

    /// <summary>Time from the start of a video.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>One word to filter by.</summary>
    public string? Label { get; init; }

    /// <summary>Free words.</summary>
    public string? Notes { get; init; }

    /// <summary>When it came into the gallery.</summary>
    public DateTimeOffset Filed { get; init; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; init; }
}
