namespace Semblance.Evaluation;

/// <summary>What a protocol has to know about one query or gallery item, be it a picture, a caption or both.</summary>
/// <param name="Identity">Who it is; compared letter for letter, never interpreted.</param>
/// <param name="Camera">The camera of the picture; null where unknown, and then the same-camera rule spares it.</param>
/// <param name="Role">Counts in the gallery only.</param>
/// <param name="Picture">Key of the picture itself, or of the picture that the caption was written for; null where no protocol needs it.</param>
public sealed record Sighting(string Identity, int? Camera = null, GalleryRole Role = GalleryRole.Person, string? Picture = null)
{
    /// <summary>When, in seconds of one clock for each camera; null where unknown. Only temporal lifting asks.</summary>
    public double? Time { get; init; }

    /// <summary>The sighting as error messages name it.</summary>
    internal string Describe() => Picture is null ? $"identity {Identity}" : $"identity {Identity}, picture {Picture}";
}
