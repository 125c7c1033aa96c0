namespace Semblance.Gallery.Search;

/// <summary>What one call of <see cref="VectorIndex.Search"/> may choose.</summary>
public sealed record SearchOptions
{
    /// <summary>How neighbours are found.</summary> <value><see cref="SearchMode.Auto"/>.</value>
    public SearchMode Mode { get; init; } = SearchMode.Auto;

    /// <summary>Slots that may be found; applied before ranking, so that a filter costs no places. Not to be changed during the call.</summary> <value>Null:
    /// all.</value>
    public SlotMask? Admitted { get; init; }

    /// <summary>
    /// Cells that are looked at, 1 or more; only for <see cref="SearchMode.Cells"/>. When it is left out, a filter widens the search until as many vectors
    /// were compared
    /// as without one, because admitted neighbours lie further apart.
    /// </summary>
    /// <value>Null: the number found when the cells were built, see <see cref="VectorIndex.Probes"/>.</value>
    public int? Probes { get; init; }

    /// <summary>
    /// How many of the best in 8 bits are scored again in float32, 1 or more; never fewer than four times the neighbours asked for, whose order they decide.
    /// </summary>
    /// <value>100: on clustered vectors of width 512 the ten best are all among them.</value>
    public int Rescore { get; init; } = 100;
}
