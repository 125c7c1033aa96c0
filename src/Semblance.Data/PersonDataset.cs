namespace Semblance.Data;

/// <summary>A data set that was read: its records in canonical order, and where their pixels come from. Immutable.</summary>
/// <param name="Key">Stable key, such as <c>market1501</c>.</param>
/// <param name="Root">Folder, or a name for a streamed world.</param>
/// <param name="Records">All splits, in canonical order.</param>
/// <param name="Pictures">Gives the pixels of a record.</param>
/// <param name="Report">What was found and what was wrong; nothing is dropped in silence.</param>
public sealed record PersonDataset(string Key, string Root, IReadOnlyList<PersonRecord> Records, IPictureSource Pictures, DatasetReport Report)
{
    /// <summary>Who published it, what is allowed, and how the people depicted are concerned; one of <see cref="DataNotice"/>. To be shown on first use.</summary>
    public string Notice { get; init; } = DataNotice.Synthetic;

    /// <summary>The records of one split, in canonical order.</summary>
    public IReadOnlyList<PersonRecord> Of(Split split) => [.. Records.Where(record => record.Split == split)];
}
