namespace Semblance.Gallery.Search;

/// <summary>How a <see cref="VectorIndex"/> finds neighbours.</summary>
public enum SearchMode
{
    /// <summary>What is fastest for the number of vectors and still finds the same ones for practical purposes.</summary>
    Auto,

    /// <summary>Every vector is compared in float32: the oracle of the other modes.</summary>
    Exact,

    /// <summary>
    /// Every vector is compared in 8 bits, and the best of them again in float32. Scores are the exact ones; a neighbour is missed only if 8 bits put it far
    /// too low.
    /// </summary>
    Quantized,

    /// <summary>
    /// Only the cells nearest to the query are compared, in 8 bits, and the best again in float32. Needs <see cref="VectorIndex.BuildCells"/>.
    /// </summary>
    Cells,
}
