using System.Text.Json.Nodes;
using Semblance.Evaluation;

namespace Semblance.Training;

/// <summary>The outcome of one evaluation, with how it was made.</summary>
/// <param name="Task">What was searched with what.</param>
/// <param name="Result">Every figure, per query too.</param>
/// <param name="Seconds">Decoding, embedding and ranking.</param>
/// <param name="Fingerprint">The encoder's; all its embeddings carry it.</param>
/// <param name="Data">Key, root and counts of the data set.</param>
/// <param name="Parts">Beside a fused result: picture alone and words alone on the same gallery, by their names; else empty.</param>
public sealed record EvaluationReport(
    EvaluationTask Task, RetrievalResult Result, double Seconds, string Fingerprint, JsonObject Data, IReadOnlyDictionary<string, RetrievalResult> Parts)
{
    /// <summary>What <c>eval --json</c> prints; fractions in [0, 1].</summary>
    public JsonObject ToJson()
    {
        var json = Figures(Result);
        json.Insert(0, "task", Task.Key());
        json["protocol"] = Result.Protocol;
        json["seconds"] = Math.Round(Seconds, 3);
        json["fingerprint"] = Fingerprint;
        json["tied_queries"] = Result.Ties.TiedQueries;
        json["widest_tie_gap"] = Result.Ties.WidestGap;
        json["toolkit"] = Result.Toolkit;
        json["data"] = Data.DeepClone();
        foreach (var (name, part) in Parts)
        {
            json[name] = Figures(part);
        }

        return json;
    }

    private static JsonObject Figures(RetrievalResult result) => new()
    {
        ["queries"] = result.Queries,
        ["skipped"] = result.Skipped,
        ["gallery"] = result.GalleryItems,
        ["rank1"] = result.RankAt(1),
        ["rank5"] = result.RankAt(5),
        ["rank10"] = result.RankAt(10),
        ["map"] = result.MeanAveragePrecision,
        ["map_trap"] = result.MeanAveragePrecisionTrapezoid,
        ["minp"] = result.MeanInverseNegativePenalty,
    };
}
