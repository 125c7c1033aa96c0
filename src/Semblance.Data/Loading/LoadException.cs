namespace Semblance.Data.Loading;

/// <summary>An item could not be loaded; the message names its record and the reason.</summary>
public sealed class LoadException : Exception
{
    public LoadException(LoadPlace place, string record, Exception inner)
        : base($"record {place.Index}{(record.Length > 0 ? $" ({record})" : "")} of batch {place.Batch}: {inner.Message}", inner)
    {
        Place = place;
        Record = record;
    }

    public LoadPlace Place { get; }

    /// <summary>What the loader's user calls the record, usually its path.</summary>
    public string Record { get; }
}
