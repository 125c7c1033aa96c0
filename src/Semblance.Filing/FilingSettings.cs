namespace Semblance.Filing;

/// <summary>What is to be filed, as a job keeps it: any worker on any machine that reaches the same paths can go on with it.</summary>
public sealed record FilingSettings
{
    /// <summary>What <see cref="Path"/> is.</summary>
    public required FilingKind Kind { get; init; }

    /// <summary>Full path of a folder, an archive, a data set's root, or a video.</summary>
    public required string Path { get; init; }

    /// <summary>How a data set is laid out; see <see cref="Data.DataLayout"/>.</summary>
    public string? Layout { get; init; }

    /// <summary>Withdrawn data sets whose notice was accepted; see <see cref="Data.DatasetOptions.AcceptWithdrawn"/>.</summary>
    public IReadOnlyList<string> AcceptWithdrawn { get; init; } = [];

    /// <summary>The camera of all of it, where the source names none.</summary>
    public string? Camera { get; init; }

    /// <summary>When it was taken; of a video, its first frame. Left out, photos of folders and archives say it themselves where they hold EXIF.</summary>
    public DateTimeOffset? Taken { get; init; }

    /// <summary>Whether the photos of a folder or archive show whole scenes, in which people are to be found, and not one person each.</summary>
    public bool Scenes { get; init; }

    /// <summary>Of a video, one frame of so many is searched for people.</summary> <value>5</value>
    public int Every { get; init; } = 5;

    /// <summary>Of a video, the most pictures that are kept of one walk.</summary> <value>4</value>
    public int PicturesPerTrack { get; init; } = 4;
}
