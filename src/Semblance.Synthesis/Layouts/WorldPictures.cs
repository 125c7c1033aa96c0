using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Synthesis.Layouts;

/// <summary>Renders the pictures of records on demand.</summary>
internal sealed class WorldPictures(IReadOnlyDictionary<string, (World World, int Identity, int Image)> pictures) : IPictureSource
{
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
        return pictures.TryGetValue(record.ImagePath, out var at)
            ? at.World.RenderAny(at.Identity, at.Image)
            : throw new ArgumentException($"{record.ImagePath} is not a picture of this world; take records from the data set itself", nameof(record));
    }
}
