namespace Semblance.Filing;

/// <summary>How a worker works.</summary>
public sealed record FilingWorkerOptions
{
    /// <summary>Unique among all workers of a gallery.</summary> <value>Machine, process and a random number.</value>
    public string Name { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <summary>Items taken at once.</summary> <value>32</value>
    public int ItemsAtOnce { get; init; } = 32;

    /// <summary>People embedded and filed at once.</summary> <value>64</value>
    public int PeopleAtOnce { get; init; } = 64;

    /// <summary>How long a silent worker keeps what it took.</summary> <value>A minute.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Between two looks for work, and between two tries of a store that is away.</summary> <value>Half a second.</value>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a store that is away is tried.</summary> <value>240: two minutes.</value>
    public int Attempts { get; init; } = 240;

    /// <summary>How long a job whose files cannot be reached from here is left to other workers.</summary> <value>Ten minutes.</value>
    public TimeSpan Unreached { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often an item is tried: one at which workers die, rather than fail, is given up in the end.</summary> <value>5</value>
    public int Tries { get; init; } = 5;

    /// <summary>Wait for new work when there is none.</summary>
    public bool Stay { get; init; }
}
