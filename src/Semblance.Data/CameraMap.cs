namespace Semblance.Data;

/// <summary>Camera numbers 0 to N - 1 for the pairs (data set, camera), shared by query and gallery, or the same-camera rule would compare different cameras.</summary>
public sealed class CameraMap
{
    private readonly Dictionary<(string Dataset, int Camera), int> _indices;

    private CameraMap(Dictionary<(string, int), int> indices) => _indices = indices;

    public int Count => _indices.Count;

    /// <summary>Numbers the cameras of these records, which should be all splits that meet; ordered by data set, then camera.</summary>
    public static CameraMap Of(IEnumerable<PersonRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return new CameraMap(records.Where(record => record.Camera is not null).Select(record => (record.Dataset, record.Camera!.Value)).Distinct()
            .OrderBy(key => key.Dataset, StringComparer.Ordinal).ThenBy(key => key.Value)
            .Select((key, index) => (key, index)).ToDictionary(entry => entry.key, entry => entry.index));
    }

    /// <summary>The index of a record's camera; null where the camera is unknown.</summary>
    /// <exception cref="ArgumentException">The camera is none of those that the map was made of; the message lists them.</exception>
    public int? IndexOf(PersonRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Camera is not { } camera)
        {
            return null;
        }

        return _indices.TryGetValue((record.Dataset, camera), out var index)
            ? index
            : throw new ArgumentException(
                $"{record.ImagePath}: camera {camera} of {record.Dataset} is unknown, expected one of {string.Join(", ", _indices.Keys.Where(key => key.Dataset == record.Dataset).Select(key => key.Camera).Order())}",
                nameof(record));
    }
}
