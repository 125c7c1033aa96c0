namespace Semblance.Gallery;

/// <summary>One embedding space of a gallery: a unit vector for every item.</summary>
/// <param name="Name">Such as <see cref="GallerySpaces.Image"/>.</param>
/// <param name="Width">Embedding size, E.</param>
public sealed record GallerySpace(string Name, int Width);
