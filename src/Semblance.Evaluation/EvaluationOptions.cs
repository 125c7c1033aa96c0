namespace Semblance.Evaluation;

/// <summary>How an evaluation runs. Only <see cref="NoMatch"/> and <see cref="Exact"/> can change a figure.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Queries without a positive.</summary> <value>Skip.</value>
    public NoMatchRule NoMatch { get; init; } = NoMatchRule.Skip;

    /// <summary>Sums dot products in float64 in the order of the dimensions: reference results, some times slower and with twice the memory for a block.</summary> <value>False.</value>
    public bool Exact { get; init; }

    /// <summary>Queries whose distances are in memory at once, per thread; memory is 4 x BlockSize x G bytes a thread.</summary> <value>96.</value>
    public int BlockSize { get; init; } = 96;

    /// <summary>Threads; the result is the same bits for any number.</summary> <value>The processors of the machine.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How many values of the CMC the result lists; <see cref="RetrievalResult.RankAt"/> knows them all.</summary> <value>50.</value>
    public int CmcLength { get; init; } = 50;

    internal void Check()
    {
        if (BlockSize < 1 || Threads < 1 || CmcLength < 1)
        {
            throw new ArgumentException($"BlockSize is {BlockSize}, Threads {Threads}, CmcLength {CmcLength}; each must be 1 or more");
        }
    }
}
