namespace Semblance.Gallery.Search;

/// <summary>A vector found by a search.</summary>
/// <param name="Slot">Where it stands in the <see cref="VectorIndex"/>.</param>
/// <param name="Score">Dot product with the query, its cosine where both have unit length: greater is closer.</param>
public readonly record struct Neighbour(int Slot, float Score);
