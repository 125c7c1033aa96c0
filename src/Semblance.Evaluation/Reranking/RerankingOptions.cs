namespace Semblance.Evaluation.Reranking;

/// <summary>How k-reciprocal re-ranking runs. The defaults are those of Zhong et al. 2017.</summary>
public sealed record RerankingOptions
{
    /// <summary>Neighbours that must name each other, k1.</summary> <value>20.</value>
    public int K1 { get; init; } = 20;

    /// <summary>Neighbours, itself included, whose encodings are averaged, k2; 1 averages none.</summary> <value>6.</value>
    public int K2 { get; init; } = 6;

    /// <summary>Weight of the original distance beside the Jaccard distance, λ in [0, 1].</summary> <value>0.3.</value>
    public double Lambda { get; init; } = 0.3;

    /// <summary>
    /// Each query sees the gallery only, as when one person asks one question; by default queries are neighbours of each other too, as in the published figures. Takes
    /// the time of a whole gallery for each query.
    /// </summary>
    /// <value>False.</value>
    public bool QueriesIsolated { get; init; }

    /// <summary>Junk items are neighbours too, as in the MATLAB code; loaders of the Python code drop them first.</summary> <value>False.</value>
    public bool JunkTakesPart { get; init; }

    /// <summary>Threads; the result is the same bits for any number.</summary> <value>The processors of the machine.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The parameters as results name them.</summary>
    public string Description => $"k-reciprocal re-ranking, k1 {K1}, k2 {K2}, λ {Lambda}, squared Euclidean distances, {(QueriesIsolated ? "each query alone" : "queries see each other")}"
        + $"{(JunkTakesPart ? ", junk takes part" : "")}";

    internal string Describe<T>()
        where T : unmanaged => $"{Description}, float{8 * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()}";

    internal void Check()
    {
        if (K1 < 1 || K2 < 1 || !(Lambda is >= 0 and <= 1) || Threads < 1)
        {
            throw new ArgumentException($"k1 is {K1}, k2 {K2}, λ {Lambda}, threads {Threads}; expected k1, k2 and threads of 1 or more and λ in [0, 1]");
        }
    }
}
