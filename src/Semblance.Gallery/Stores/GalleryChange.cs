namespace Semblance.Gallery.Stores;

/// <summary>One step in a gallery's life, as those follow it who hold its vectors in memory.</summary>
/// <param name="Number">Grows; becomes visible in order.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Sighting">To which sighting; null where all are meant.</param>
public sealed record GalleryChange(long Number, ChangeKind Kind, long? Sighting);
