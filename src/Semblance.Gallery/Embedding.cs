namespace Semblance.Gallery;

/// <summary>A vector with its origin. Two are compared only when space and fingerprint agree.</summary>
/// <param name="Space">Name of the space, such as <see cref="GallerySpaces.Image"/>.</param>
/// <param name="Vector"><c>[E]</c>, any norm; brought to unit length on use, a zero vector stays one and has similarity 0 with everything.</param>
/// <param name="Fingerprint">Fingerprint of the encoder that made it.</param>
public sealed record Embedding(string Space, ReadOnlyMemory<float> Vector, string Fingerprint);
