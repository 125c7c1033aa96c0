namespace Semblance.Gallery.Stores;

/// <summary>A sighting to be filed.</summary>
/// <param name="Sighting">Id, filing time and version are given by the store; <see cref="StoredSighting.Picture"/> by the bytes.</param>
/// <param name="Picture">The encoded picture; the store keeps these bytes.</param>
/// <param name="Embeddings">One for each space of the gallery's model, all of its fingerprint.</param>
public sealed record NewSighting(StoredSighting Sighting, ReadOnlyMemory<byte> Picture, IReadOnlyList<Embedding> Embeddings);
