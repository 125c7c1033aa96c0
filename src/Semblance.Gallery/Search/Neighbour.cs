namespace Semblance.Gallery.Search;

/// <summary>A vector that was found.</summary>
/// <param name="Slot">Its place in the index.</param>
/// <param name="Score">Cosine with the query; greater is closer.</param>
public readonly record struct Neighbour(int Slot, float Score);
