using System.Collections.Concurrent;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Training;

/// <summary>Remembers the pictures of another source, so that several runs on the same data render or decode them once. Safe from any thread.</summary>
/// <param name="source">Asked once for each picture.</param>
public sealed class InMemoryPictures(IPictureSource source) : IPictureSource
{
    private readonly ConcurrentDictionary<string, (Picture Picture, LabelMap? Mask)> _known = new(StringComparer.Ordinal);

    /// <summary>The same data set with its pictures remembered.</summary>
    public static PersonDataset Over(PersonDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset with { Pictures = new InMemoryPictures(dataset.Pictures) };
    }

    public Picture LoadPicture(PersonRecord record) => LoadBoth(record).Picture;

    public LabelMap? LoadMask(PersonRecord record) => LoadBoth(record).Mask;

    public (Picture Picture, LabelMap? Mask) LoadBoth(PersonRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _known.GetOrAdd(record.ImagePath, _ => source.LoadBoth(record));
    }
}
