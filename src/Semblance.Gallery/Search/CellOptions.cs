namespace Semblance.Gallery.Search;

/// <summary>How <see cref="VectorIndex.BuildCells"/> divides the vectors.</summary>
public sealed record CellOptions
{
    /// <summary>Number of cells, 1 or more; never more than there are vectors.</summary> <value>Null: four times the root of the number of vectors.</value>
    public int? Cells { get; init; }

    /// <summary>Vectors per cell that the centres are found with, 1 or more.</summary> <value>32, a compromise with the time that it takes.</value>
    public int SamplePerCell { get; init; } = 32;

    /// <summary>Rounds of k-means, 1 or more.</summary> <value>8.</value>
    public int Rounds { get; init; } = 8;

    /// <summary>Share of the ten nearest that the default number of probes must reach on vectors of the index itself, in (0, 1].</summary>
    /// <value>0.999.</value>
    public double Recall { get; init; } = 0.999;

    /// <summary>
    /// Times as many probes as reach that recall, 1 or more: vectors of the index tell how vectors like them are found, and questions of another kind (words that ask for pictures)
    /// lie further off.
    /// </summary>
    /// <value>1.</value>
    public double ProbesFactor { get; init; } = 1;

    /// <summary>The same seed, vectors and options give the same cells, for any number of threads.</summary> <value>1.</value>
    public ulong Seed { get; init; } = 1;
}
