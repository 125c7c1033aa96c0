using Semblance.Gallery;
using Semblance.Imaging;

namespace Semblance.Cli.Report;

/// <summary>Ranked answers as pictures.</summary>
internal static class RankedPage
{
    /// <summary>The matches with rank and score; right and wrong are marked where the true identity is known.</summary>
    public static IEnumerable<HtmlFigure> Figures(GalleryFile gallery, IReadOnlyList<GalleryMatch> matches, string? trueIdentity = null)
    {
        foreach (var match in matches)
        {
            var mark = trueIdentity is null || match.Item.Identity is null ? FigureMark.None : match.Item.Identity == trueIdentity ? FigureMark.Right : FigureMark.Wrong;
            var place = match.Item.Camera is { } camera ? $", camera {camera}" : match.Item.Time is { } time ? $", {time:mm\\:ss\\.f}" : "";
            yield return new HtmlFigure(Thumbnail(gallery, match.Item), $"{match.Rank}{place}, {match.Score:0.00}", $"rank {match.Rank}, {match.Item.Id}", mark);
        }
    }

    /// <summary>The stored picture of an item; a grey one when the file has gone.</summary>
    public static Picture Thumbnail(GalleryFile gallery, GalleryItem item)
    {
        if (gallery.PicturePath(item) is { } path && File.Exists(path))
        {
            return PictureReader.Read(path);
        }

        var grey = new byte[3 * 64 * 128];
        Array.Fill(grey, (byte)128);
        return new Picture(64, 128, grey);
    }
}
