namespace Semblance.Data;

/// <summary>When the pictures of a set were taken, as far as their names tell.</summary>
public static class SightingTimes
{
    /// <summary>Market-1501's cameras, all but one; DukeMTMC's.</summary>
    private static readonly Dictionary<string, double> FramesPerSecond = new(StringComparer.Ordinal) { [Market1501.Key] = 25, [DukeMtmc.Key] = 60 };

    /// <summary>Seconds of each picture by its path, on one clock for each camera; empty where names tell no frames, or nobody published how many there are a second.</summary>
    /// <remarks>
    /// Market-1501's frames begin again with each sequence of a camera. As in QAConv's code (Liao and Shao, ECCV 2020), a sequence is taken to begin when the one before it ends, that is with the
    /// last frame that any picture of it has; unlike there, an earlier sequence's length is added once.
    /// </remarks>
    public static IReadOnlyDictionary<string, double> Of(PersonDataset set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var times = new Dictionary<string, double>(StringComparer.Ordinal);
        if (!FramesPerSecond.TryGetValue(set.Key, out var rate))
        {
            return times;
        }

        foreach (var camera in set.Records.Where(record => record is { Camera: not null, Frame: not null }).GroupBy(record => record.Camera))
        {
            long begins = 0;
            foreach (var sequence in camera.GroupBy(record => record.Sequence ?? 0).OrderBy(sequence => sequence.Key))
            {
                foreach (var record in sequence)
                {
                    times[record.ImagePath] = (begins + record.Frame!.Value) / rate;
                }

                begins += sequence.Max(record => record.Frame!.Value);
            }
        }

        return times;
    }
}
