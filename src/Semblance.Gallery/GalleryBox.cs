namespace Semblance.Gallery;

/// <summary>Where a person stands in a larger picture, in pixels from its upper left corner.</summary>
public sealed record GalleryBox(int X, int Y, int Width, int Height);
