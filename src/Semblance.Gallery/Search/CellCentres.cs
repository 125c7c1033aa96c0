namespace Semblance.Gallery.Search;

/// <summary>The middles of the cells, unit vectors, compared in 8 bits: which cells are looked at first matters, by how much hardly. Immutable.</summary>
internal sealed unsafe class CellCentres
{
    private readonly ScanKernels _kernels;
    private readonly CodeList _codes;
    private readonly float[] _vectors;
    private readonly int _width;

    /// <summary>Keeps the vectors.</summary>
    /// <param name="vectors"><c>[cells, E]</c>.</param>
    /// <param name="width">E.</param>
    /// <param name="kernels">What compares.</param>
    public CellCentres(float[] vectors, int width, ScanKernels kernels)
    {
        (_kernels, _vectors, _width) = (kernels, vectors, width);
        Count = vectors.Length / width;
        var code = new byte[AlignedMemory<byte>.Stride(width)];
        _codes = new(code.Length, Count);
        for (var cell = 0; cell < Count; cell++)
        {
            _codes.Add(cell, code, ByteCodes.OfRow(vectors.AsSpan(cell * width, width), code));
        }
    }

    public int Count { get; }

    /// <summary><c>[cells, E]</c>.</summary>
    public ReadOnlySpan<float> Vectors => _vectors;

    /// <summary>The nearest cells of some queries, as many as each list holds.</summary>
    public void Nearest(CodedQueries queries, int first, int count, ReadOnlySpan<BestList> best, CodeScan scan) =>
        scan.Scan(_codes, queries, first, count, admitted: null, best);

    /// <summary>The nearest cell of some queries; of equally near ones the first.</summary>
    public void Nearest(CodedQueries queries, Span<int> nearest)
    {
        var best = new BestList[queries.Count];
        for (var q = 0; q < best.Length; q++)
        {
            best[q] = new(1);
        }

        Nearest(queries, 0, best.Length, best, new CodeScan(_kernels));
        for (var q = 0; q < best.Length; q++)
        {
            nearest[q] = best[q].Slots[0];
        }
    }

    /// <summary>The nearest cell of one vector.</summary>
    public int Nearest(ReadOnlySpan<float> vector)
    {
        Span<int> nearest = stackalloc int[1];
        Nearest(new CodedQueries(vector, _width), nearest);
        return nearest[0];
    }
}
