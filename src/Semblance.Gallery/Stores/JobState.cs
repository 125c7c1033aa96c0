namespace Semblance.Gallery.Stores;

/// <summary>How far a job is.</summary>
public enum JobState
{
    /// <summary>Items are still being put in; no worker touches it.</summary>
    Preparing,

    /// <summary>Workers may take its items.</summary>
    Open,

    /// <summary>Every item is done or has failed.</summary>
    Finished,

    /// <summary>Somebody stopped it; what was done stays.</summary>
    Cancelled,
}
