namespace Semblance.Evaluation;

/// <summary>Where the positives of one query stand. CMC, average precision and INP need no more than this.</summary>
/// <param name="Ranks">Ranks of the positives, from 1, ascending, in the order (distance, gallery index).</param>
/// <param name="Optimistic">The same if every positive stood before all negatives of its distance.</param>
/// <param name="Pessimistic">The same if every positive stood behind all negatives of its distance.</param>
/// <param name="Admissible">Length of the ranked list: all items that were not removed.</param>
public sealed record PositiveRanks(IReadOnlyList<int> Ranks, IReadOnlyList<int> Optimistic, IReadOnlyList<int> Pessimistic, int Admissible)
{
    /// <summary>True when a positive and a negative share a distance, so that the gallery's order decided.</summary>
    public bool Tied
    {
        get
        {
            for (var k = 0; k < Ranks.Count; k++)
            {
                if (Optimistic[k] != Pessimistic[k])
                {
                    return true;
                }
            }

            return false;
        }
    }
}
