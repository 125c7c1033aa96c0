using System.Text.Json.Nodes;
using Semblance.Evaluation;

namespace Semblance.Training;

/// <summary>The outcome of one evaluation, with how it was made.</summary>
/// <param name="Task">What was searched with what.</param>
/// <param name="Result">Every figure, per query too.</param>
/// <param name="Seconds">Decoding, embedding and ranking, without what was asked for beside.</param>
/// <param name="Fingerprint">The encoder's; all its embeddings carry it.</param>
/// <param name="Data">Key, root and counts of the data set.</param>
/// <param name="Parts">Further rows by their names: the halves of a fused result on the same gallery, and what was asked for beside the protocol's figures.</param>
public sealed record EvaluationReport(
    EvaluationTask Task, RetrievalResult Result, double Seconds, string Fingerprint, JsonObject Data, IReadOnlyDictionary<string, RetrievalResult> Parts)
{
    /// <summary>Name of the row with expanded queries.</summary>
    public const string Expanded = "expanded";

    /// <summary>Name of the row after re-ranking.</summary>
    public const string Reranked = "reranked";

    /// <summary>Name of the row after re-ranking and temporal lifting.</summary>
    public const string Lifted = "lifted";

    private static readonly double[] Rates = [0.1, 0.01, 0.001, 0.0001];

    /// <summary>What the reader of the figures has to know: sets that share pictures.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Confidence intervals over identities, where asked for.</summary>
    public Bootstrap? Intervals { get; init; }

    /// <summary>How similar right and wrong pairs are, where asked for.</summary>
    public SimilarityDistribution? Similarities { get; init; }

    /// <summary>What <c>eval --json</c> prints; fractions in [0, 1].</summary>
    public JsonObject ToJson()
    {
        var json = Figures(Result);
        json.Insert(0, "task", Task.Key());
        json["protocol"] = Result.Protocol;
        json["rank20"] = Result.RankAt(20);
        json["junk"] = Result.JunkItems;
        json["same_camera_rule"] = Result.SameCameraRule;
        json["own_picture_excluded"] = Result.OwnPictureExcluded;
        json["no_match"] = Result.NoMatch.ToString().ToLowerInvariant();
        json["score"] = Result.Score;
        json["embedding_width"] = Result.EmbeddingWidth;
        json["zero_vectors"] = Result.ZeroQueries + Result.ZeroGalleryItems;
        json["seconds"] = Math.Round(Seconds, 3);
        json["fingerprint"] = Fingerprint;
        json["tied_queries"] = Result.Ties.TiedQueries;
        json["widest_tie_gap"] = Result.Ties.WidestGap;
        json["toolkit"] = Result.Toolkit;
        json["machine"] = new JsonObject
        {
            ["system"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
            ["processors"] = Environment.ProcessorCount,
            ["vector_bits"] = System.Numerics.Vector<byte>.Count * 8,
        };
        json["data"] = Data.DeepClone();
        if (Warnings.Count > 0)
        {
            json["warnings"] = new JsonArray([.. Warnings.Select(warning => JsonValue.Create(warning))]);
        }

        foreach (var (name, part) in Parts)
        {
            json[name] = Figures(part);
            if (name is Expanded or Reranked or Lifted)
            {
                json[name]!["how"] = part.Score;
            }
        }

        if (Intervals is { } intervals)
        {
            json["intervals"] = ToJson(intervals);
        }

        if (Similarities is { } similarities)
        {
            json["thresholds"] = ToJson(similarities);
        }

        return json;
    }

    /// <summary>Thresholds at usual rates of wrong matches, and what they cost.</summary>
    public static IEnumerable<(double Rate, double Threshold, double FalseNonMatchRate, double TruePositiveIdentificationRate, double FalsePositiveIdentificationRate)> OperatingPoints(
        SimilarityDistribution of) =>
        // A rate that would be less than one pair says nothing.
        Rates.Where(rate => rate * of.ImpostorPairs >= 1).Select(rate =>
        {
            var threshold = of.ThresholdAtFalseMatchRate(rate);
            return (rate, threshold, of.FalseNonMatchRate(threshold), of.TruePositiveIdentificationRate(threshold), of.FalsePositiveIdentificationRate(threshold));
        });

    private static JsonObject ToJson(Bootstrap intervals)
    {
        static JsonObject Interval(ConfidenceInterval interval) => new() { ["low"] = interval.Low, ["high"] = interval.High, ["standard_error"] = interval.StandardError };
        return new()
        {
            ["level"] = intervals.Level,
            ["over"] = "identities",
            ["identities"] = intervals.Identities,
            ["samples"] = intervals.Samples,
            ["rank1"] = Interval(intervals.Rank1),
            ["rank5"] = Interval(intervals.Rank5),
            ["rank10"] = Interval(intervals.Rank10),
            ["map"] = Interval(intervals.MeanAveragePrecision),
            ["map_trap"] = Interval(intervals.MeanAveragePrecisionTrapezoid),
            ["minp"] = Interval(intervals.MeanInverseNegativePenalty),
        };
    }

    private static JsonObject ToJson(SimilarityDistribution similarities)
    {
        var (threshold, rate) = similarities.EqualErrorRate();
        return new()
        {
            ["genuine_pairs"] = similarities.GenuinePairs,
            ["impostor_pairs"] = similarities.ImpostorPairs,
            ["equal_error_rate"] = rate,
            ["equal_error_threshold"] = threshold,
            ["points"] = new JsonArray([.. OperatingPoints(similarities).Select(point => new JsonObject
            {
                ["fmr"] = point.Rate,
                ["threshold"] = point.Threshold,
                ["fnmr"] = point.FalseNonMatchRate,
                ["tpir"] = point.TruePositiveIdentificationRate,
                ["fpir"] = point.FalsePositiveIdentificationRate,
            })]),
        };
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
