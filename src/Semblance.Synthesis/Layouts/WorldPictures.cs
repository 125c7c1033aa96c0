using System.Collections.Concurrent;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Synthesis.Layouts;

/// <summary>Renders the pictures of records on demand, and keeps them while there is room.</summary>
internal sealed class WorldPictures(World world, IReadOnlyDictionary<string, (int Identity, int Image)> pictures, long cacheBytes) : IPictureSource
{
    // A loader asks for the picture and then for its mask: one rendering serves both.
    [ThreadStatic]
    private static (WorldPictures Owner, string Path, RenderedPicture Rendered) _last;

    private readonly ConcurrentDictionary<string, RenderedPicture> _kept = new(StringComparer.Ordinal);
    private long _room = cacheBytes;

    public Picture LoadPicture(PersonRecord record) => Render(record).Picture;

    public LabelMap? LoadMask(PersonRecord record) => Render(record).Parts;

    public (Picture Picture, LabelMap? Mask) LoadBoth(PersonRecord record)
    {
        var rendered = Render(record);
        return (rendered.Picture, rendered.Parts);
    }

    private RenderedPicture Render(PersonRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var path = record.ImagePath;
        if (_kept.TryGetValue(path, out var kept))
        {
            return kept;
        }

        if (_last.Owner == this && _last.Path == path)
        {
            return _last.Rendered;
        }

        if (!pictures.TryGetValue(path, out var at))
        {
            throw new ArgumentException($"{path} is not a picture of this world; take records from the data set itself", nameof(record));
        }

        var rendered = world.RenderAny(at.Identity, at.Image);
        _last = (this, path, rendered);
        if (Interlocked.Add(ref _room, -rendered.Picture.Rgb.Length - rendered.Parts.Labels.Length) >= 0)
        {
            _kept[path] = rendered;
        }

        return rendered;
    }
}
