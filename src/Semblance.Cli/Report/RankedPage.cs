using Semblance.Cli.Galleries;
using Semblance.Gallery.Live;

namespace Semblance.Cli.Report;

/// <summary>Ranked answers as pictures.</summary>
internal static class RankedPage
{
    /// <summary>The answers with rank and score; right and wrong are marked where the true identity is known.</summary>
    public static async Task<IReadOnlyList<HtmlFigure>> FiguresAsync(OpenedGallery gallery, IReadOnlyList<RankedSighting> answers, string? trueIdentity = null)
    {
        List<HtmlFigure> figures = [];
        foreach (var answer in answers)
        {
            var sighting = answer.Sighting;
            var mark = trueIdentity is null || sighting.Label is null ? FigureMark.None : sighting.Label == trueIdentity ? FigureMark.Right : FigureMark.Wrong;
            var place = sighting.Time is { } time ? $", {time:mm\\:ss\\.f}" : sighting.Camera is { } camera ? $", camera {camera}" : "";
            figures.Add(new HtmlFigure(await gallery.PictureAsync(sighting), $"{answer.Rank}{place}, {answer.Score:0.00}{(answer.Probability is { } probability ? $", {probability:P0}" : "")}", $"rank {answer.Rank}, {sighting.Key}", mark));
        }

        return figures;
    }
}
