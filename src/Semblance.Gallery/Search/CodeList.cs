namespace Semblance.Gallery.Search;

/// <summary>Vectors in 8 bits with their slots, one after another in memory, in groups of eight; removing one moves the last into its place.</summary>
internal sealed unsafe class CodeList
{
    private const int Least = 8;

    private readonly int _stride;
    private AlignedMemory<byte> _codes;
    private float[] _scales;
    private int[] _slots;

    public CodeList(int stride, int capacity)
    {
        _stride = stride;
        var rounded = (Math.Max(capacity, Least) + ScanKernels.Rows - 1) / ScanKernels.Rows * ScanKernels.Rows;
        _codes = new((long)rounded * stride);
        _scales = new float[rounded];
        _slots = new int[rounded];
    }

    public int Count { get; private set; }

    /// <summary>Groups of eight; the last may be partly filled.</summary>
    public int Groups => (Count + ScanKernels.Rows - 1) / ScanKernels.Rows;

    public bool IsFull => Count == _slots.Length;

    public byte* Group(int group) => _codes.Start + ((nint)group * ScanKernels.Rows * _stride);

    public ReadOnlySpan<float> Scales => _scales;

    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);

    public ReadOnlySpan<byte> Code(int place) => Place(place);

    /// <summary>Appends; returns the place.</summary>
    public int Add(int slot, ReadOnlySpan<byte> code, float scale)
    {
        if (IsFull)
        {
            Grow();
        }

        Set(Count, slot, code, scale);
        return Count++;
    }

    public void Set(int place, int slot, ReadOnlySpan<byte> code, float scale)
    {
        code.CopyTo(Place(place));
        _scales[place] = scale;
        _slots[place] = slot;
    }

    /// <summary>Takes one out and overwrites its codes.</summary>
    /// <returns>The slot that stands at <paramref name="place"/> now; null if the removed was the last.</returns>
    public int? RemoveAt(int place)
    {
        var last = --Count;
        if (place != last)
        {
            Set(place, _slots[last], Place(last), _scales[last]);
        }

        Place(last).Clear();
        _scales[last] = 0;
        _slots[last] = 0;
        return place == last ? null : _slots[place];
    }

    /// <summary>Overwrites everything, so that what is erased later does not linger in memory that waits for its collection.</summary>
    public void Wipe()
    {
        _codes.Span.Clear();
        Array.Clear(_scales);
        Count = 0;
    }

    private Span<byte> Place(int place) => new(_codes.Start + ((nint)place * _stride), _stride);

    private void Grow()
    {
        var old = _codes;
        var capacity = (_slots.Length + (_slots.Length / 4) + ScanKernels.Rows - 1) / ScanKernels.Rows * ScanKernels.Rows;
        _codes = new((long)capacity * _stride);
        old.Span.CopyTo(_codes.Span);
        old.Span.Clear();
        Array.Resize(ref _scales, capacity);
        Array.Resize(ref _slots, capacity);
    }
}
