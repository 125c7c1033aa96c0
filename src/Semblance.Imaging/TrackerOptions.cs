namespace Semblance.Imaging;

/// <summary>When two detections in neighbouring frames are one person's.</summary>
public sealed record TrackerOptions
{
    /// <summary>Greatest distance between where a person is expected and where one is found, in body heights.</summary> <value>0.5</value>
    public double MostDistance { get; init; } = 0.5;

    /// <summary>Greatest ratio of heights between two detections of one person.</summary> <value>1.5</value>
    public double MostGrowth { get; init; } = 1.5;

    /// <summary>Frames in a row in which a person may be missed, behind a lamp post for instance.</summary> <value>3</value>
    public int MostMissed { get; init; } = 3;
}
