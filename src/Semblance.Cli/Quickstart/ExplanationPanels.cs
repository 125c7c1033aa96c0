using Semblance.Cli.Report;
using Semblance.Explanation;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Cli.Quickstart;

/// <summary>The explanations of the quickstart's page.</summary>
internal static class ExplanationPanels
{
    private const int WordsShown = 6;

    /// <summary>One match explained three ways: the query by itself, the query beside its match, and the query against its caption.</summary>
    public static Action<HtmlPage> Match(TorchEncoder encoder, Picture query, Picture match, string caption)
    {
        var explainer = new Explainer(encoder);
        var alike = explainer.ForPicture(query, match);
        var mirrored = explainer.ForPicture(match, query);
        var words = explainer.ForText(query, caption);
        var shares = explainer.Words(query, caption).OrderByDescending(share => share.Share).Take(WordsShown).ToArray();
        return page => page
            .Paragraph("Each row shows the picture, Grad-CAM over it, guided Grad-CAM, and attention rollout: what the encoder looked at whatever the question.", quiet: true)
            .Subheading($"Why the query resembles its first match (cosine {alike.Score:0.00})").Wide(alike.Panels(), "Grad-CAM panels of the query")
            .Subheading("The same from the match's side").Wide(mirrored.Panels(), "Grad-CAM panels of the match")
            .Subheading($"Where the query fits its caption (cosine {words.Score:0.00})").Quote(caption).Wide(words.Panels(), "Grad-CAM panels of the query for its caption")
            .Paragraph($"Words that count most: {string.Join(", ", shares.Select(share => $"{share.Word} {share.Share:+0.00;-0.00}"))}.");
    }
}
