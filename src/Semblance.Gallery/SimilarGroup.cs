namespace Semblance.Gallery;

/// <summary>Vectors that look alike.</summary>
/// <param name="Members">Their places in what was grouped, in order.</param>
/// <param name="Similarity">Mean cosine between the last two parts that were joined; 1 for one alone.</param>
public sealed record SimilarGroup(IReadOnlyList<int> Members, double Similarity);
