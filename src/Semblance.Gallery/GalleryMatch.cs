namespace Semblance.Gallery;

/// <summary>One place of an answer.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">Greater is closer; see <see cref="GalleryQuery"/>.</param>
/// <param name="Index">Which item of the gallery, from 0.</param>
/// <param name="Item">The item.</param>
/// <param name="Terms">In the order of the question's terms.</param>
public sealed record GalleryMatch(int Rank, double Score, int Index, GalleryItem Item, IReadOnlyList<TermScore> Terms);
