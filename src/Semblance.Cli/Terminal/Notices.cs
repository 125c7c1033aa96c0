using System.Text.Json.Nodes;
using Semblance.Data;

namespace Semblance.Cli.Terminal;

/// <summary>Whose pictures these are and what is allowed with them: said at each use, once for each data set.</summary>
internal static class Notices
{
    public static void Say(IEnumerable<PersonDataset> datasets) => Say(datasets.Select(dataset => dataset.Notice));

    /// <summary>Those of the sources that a run learnt from, as its record has them.</summary>
    public static void Say(JsonObject record) => Say(record["data"]!["sources"]!.AsArray().Select(source => (string?)source!["notice"] ?? DataNotice.Synthetic));

    private static void Say(IEnumerable<string> notices)
    {
        foreach (var notice in notices.Distinct().Where(notice => notice != DataNotice.Synthetic))
        {
            Talk.Line(notice);
        }
    }
}
