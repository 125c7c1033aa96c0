using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Semblance.Gallery.Search;

/// <summary>
/// Zeroed memory at an address that is a multiple of 64 and stays: a load of a register then touches one line of the cache. Whoever uses the address keeps
/// this alive.
/// </summary>
internal sealed unsafe class AlignedMemory<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _offset;

    public AlignedMemory(long length)
    {
        Length = checked((int)length);
        _array = GC.AllocateArray<T>(checked((int)(length + (Alignment / sizeof(T)))), pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0);
        _offset = (int)((-address & (Alignment - 1)) / sizeof(T));
        Start = (T*)address + _offset;
    }

    public int Length { get; }

    public T* Start { get; }

    public Span<T> Span => _array.AsSpan(_offset, Length);

    /// <summary>The length of a row of some values, rounded up so that rows need no rest and stay aligned.</summary>
    public static int Stride(int width) => (width + (Alignment / Unsafe.SizeOf<T>()) - 1) & -(Alignment / Unsafe.SizeOf<T>());
}
