namespace Semblance.Gallery.Search;

/// <summary>
/// Float32 vectors, row by row, padded with zeros to whole lines of the cache, in chunks: appending copies nothing. Rows rather than the interleaved blocks of
/// <see cref="Core.Vectors.VectorBlocks"/>, because the best of an 8-bit scan are scored again one by one, and a row is then read in one piece;
/// a scan from rows is bound by memory too, so that one copy serves both.
/// </summary>
internal sealed unsafe class RowStore(int width)
{
    public const int RowsPerChunk = 1024;

    private readonly List<AlignedMemory<float>> _chunks = [];

    public int Stride { get; } = AlignedMemory<float>.Stride(width);

    public int Count { get; private set; }

    public int Chunks => _chunks.Count;

    public float* Row(int slot) => _chunks[slot / RowsPerChunk].Start + ((nint)(slot % RowsPerChunk) * Stride);

    public Span<float> Vector(int slot) => new(Row(slot), width);

    public int Append(ReadOnlySpan<float> vector)
    {
        if (Count % RowsPerChunk == 0)
        {
            _chunks.Add(new((long)RowsPerChunk * Stride));
        }

        vector.CopyTo(Vector(Count));
        return Count++;
    }
}
