namespace Semblance.Gallery;

/// <summary>One sighting in a gallery. What is not known is null.</summary>
public sealed record GalleryItem
{
    /// <summary>Unique in its gallery.</summary>
    public required string Id { get; init; }

    /// <summary>The stored picture, relative to the gallery's folder with <c>/</c> as separator.</summary>
    public string? Picture { get; init; }

    /// <summary>Where the picture came from: a file, or a video.</summary>
    public string? Source { get; init; }

    public string? Camera { get; init; }

    public string? Identity { get; init; }

    /// <summary>The person's place in <see cref="Source"/>.</summary>
    public GalleryBox? Box { get; init; }

    /// <summary>Frame of a video, from 0.</summary>
    public int? Frame { get; init; }

    /// <summary>Time from the start of a video.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Free words.</summary>
    public string? Notes { get; init; }
}
