namespace Semblance.Evaluation;

/// <summary>One place of a ranked list, for looking at.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="GalleryIndex">Which gallery item.</param>
/// <param name="Distance">Smaller is closer.</param>
/// <param name="IsMatch">Whether it shows the query's identity.</param>
public readonly record struct RankedItem(int Rank, int GalleryIndex, double Distance, bool IsMatch);
