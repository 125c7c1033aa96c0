namespace Semblance.Gallery.Stores;

/// <summary>Work that is done piece by piece, by any number of workers.</summary>
public sealed record StoredJob
{
    /// <summary>A kind of work that all other kinds go before: embedding again.</summary>
    public const string Background = "embed";

    public long Id { get; init; }

    /// <summary>What kind of work; says how items and settings are read.</summary>
    public required string Kind { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary>JSON.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }

    public JobState State { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Finished { get; init; }

    /// <summary>Items in all.</summary>
    public long Total { get; init; }

    /// <summary>Items done.</summary>
    public long Done { get; init; }

    /// <summary>Items that could not be done; each has its reason.</summary>
    public long Failed { get; init; }

    /// <summary>Sightings that came of it.</summary>
    public long Sightings { get; init; }
}
