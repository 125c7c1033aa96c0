using Semblance.Evaluation;
using Semblance.Evaluation.Reranking;

namespace Semblance.Training;

/// <summary>What is measured beside the figures of the protocol; nothing by default.</summary>
public sealed record EvaluationExtras
{
    /// <summary>The figures after k-reciprocal re-ranking, in a row of their own.</summary>
    public RerankingOptions? Rerank { get; init; }

    /// <summary>With <see cref="Rerank"/>, also the figures after temporal lifting of the re-ranked distances, in a row of their own.</summary>
    public TemporalLiftingOptions? Lift { get; init; }

    /// <summary>The figures with expanded queries, in a row of their own.</summary>
    public QueryExpansionOptions? ExpandQueries { get; init; }

    /// <summary>Confidence intervals over identities.</summary>
    public BootstrapOptions? Bootstrap { get; init; }

    /// <summary>How similar right and wrong pairs are, for thresholds.</summary>
    public bool Calibrate { get; init; }
}
