namespace Semblance.Gallery.Search;

/// <summary>What a <see cref="VectorIndex"/> is made with; none of it is written into a snapshot, and none of it changes an answer.</summary>
public sealed record VectorIndexOptions
{
    /// <summary>Threads of one call, 1 or more. The answer is the same for any number.</summary> <value>The processors of the machine.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The instructions that compare; for tests. Null: the best that this machine has.</summary>
    internal ScanKernels? Kernels { get; init; }
}
