namespace Semblance.Gallery.Search;

/// <summary>How an index is searched.</summary>
public sealed record SearchOptions
{
    /// <summary>Only these slots; null for all. Applied before ranking, so that it costs no places.</summary>
    public SlotMask? Admitted { get; init; }
}
