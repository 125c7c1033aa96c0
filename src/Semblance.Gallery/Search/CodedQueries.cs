namespace Semblance.Gallery.Search;

/// <summary>Queries in 8 bits.</summary>
internal sealed unsafe class CodedQueries
{
    private readonly AlignedMemory<sbyte> _codes;
    private readonly int[] _excess;

    /// <summary>Makes the codes.</summary>
    /// <param name="queries"><c>[n, E]</c>.</param>
    /// <param name="width">E.</param>
    public CodedQueries(ReadOnlySpan<float> queries, int width)
    {
        Count = queries.Length / width;
        Stride = AlignedMemory<sbyte>.Stride(width);
        _codes = new((long)Count * Stride);
        _excess = new int[Count];
        for (var q = 0; q < Count; q++)
        {
            _excess[q] = ByteCodes.OfQuery(queries.Slice(q * width, width), _codes.Span.Slice(q * Stride, Stride));
        }
    }

    public int Count { get; }

    public int Stride { get; }

    public sbyte* Query(int query) => _codes.Start + ((nint)query * Stride);

    public int Excess(int query) => _excess[query];
}
