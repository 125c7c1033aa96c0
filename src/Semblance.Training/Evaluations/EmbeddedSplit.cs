using System.Text.Json.Nodes;
using Semblance.Evaluation;
using Semblance.Evaluation.Distances;
using Semblance.Evaluation.Protocols;

namespace Semblance.Training;

/// <summary>A test split turned into embeddings for one task: what its protocol ranks.</summary>
/// <param name="Task">What is searched with what.</param>
/// <param name="Protocol">By which rules.</param>
/// <param name="Queries">Pictures, captions or pairs.</param>
/// <param name="Gallery">What they are searched in.</param>
/// <param name="Words">For each query its caption; empty where the queries have none.</param>
/// <param name="Data">Key, root and counts of the data set.</param>
/// <param name="Seconds">Decoding and embedding.</param>
public sealed record EmbeddedSplit(
    EvaluationTask Task, RetrievalProtocol Protocol, LabelledEmbeddings Queries, LabelledEmbeddings Gallery, IReadOnlyList<string> Words, JsonObject Data, double Seconds)
{
    /// <summary>Seconds of each picture by its path, for temporal lifting; empty where the set's names tell none.</summary>
    public IReadOnlyDictionary<string, double> Times { get; init; } = new Dictionary<string, double>();

    /// <summary>With picture and words fused late: the captions in the space that <see cref="GalleryForTexts"/> is in.</summary>
    public LabelledEmbeddings? Texts { get; init; }

    /// <summary>The gallery as the captions see it, in the order of <see cref="Gallery"/>.</summary>
    public LabelledEmbeddings? GalleryForTexts { get; init; }

    /// <summary>Ranks by the protocol; for a late fusion, the halves alone come beside it.</summary>
    public (RetrievalResult Result, IReadOnlyDictionary<string, RetrievalResult> Parts) Rank(EvaluationOptions? options = null)
    {
        if (Texts is null || GalleryForTexts is null)
        {
            return (Protocol.Evaluate(Queries, Gallery, options), new Dictionary<string, RetrievalResult>());
        }

        var fused = ((ImageAndTextProtocol)Protocol).Evaluate(Queries, Texts, Gallery, GalleryForTexts, options: options);
        return (fused.Fused, new Dictionary<string, RetrievalResult>(StringComparer.Ordinal) { ["image_only"] = fused.ImageOnly, ["text_only"] = fused.TextOnly });
    }

    /// <summary>The head of one query's ranked list, for looking at.</summary>
    public IReadOnlyList<RankedItem> RankedList(int query, int length) => Texts is null || GalleryForTexts is null
        ? Protocol.RankedList(Queries, Gallery, query, length)
        : Protocol.RankedList(
            Queries.Items, Gallery.Items,
            new FusedDistances(new CosineDistances(Queries, Gallery), new CosineDistances(Texts, GalleryForTexts), ImageAndTextProtocol.DefaultAlpha), query, length);
}
