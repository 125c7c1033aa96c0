using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Semblance.Gallery.Search;

/// <summary>
/// Fetching rows from memory before they are needed. Eight rows side by side are eight streams, which start anew with each group: left to itself a processor
/// with AVX2 got two thirds of the bandwidth out of codes, fetched in one stream nearly all of it. Fetching past the end of an array is no error.
/// </summary>
internal static unsafe class Memory
{
    /// <summary>How far ahead codes are fetched, in groups of rows: a group of codes is only a page.</summary>
    public const int GroupsAhead = 2;

    private const int Line = 64;

    /// <summary>Fetches some bytes, a multiple of 64, and moves on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(ref byte* ahead, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < bytes; i += Line)
            {
                Sse.Prefetch0(ahead + i);
            }

            ahead += bytes;
        }
    }

    /// <summary>The same into the second cache, where it waits without driving out what is worked on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchForLater(void* start, nint bytes)
    {
        if (Sse.IsSupported)
        {
            for (nint i = 0; i < bytes; i += Line)
            {
                Sse.Prefetch1((byte*)start + i);
            }
        }
    }
}
