using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Imaging;

/// <summary>What pictures and label maps share: moving rows of bytes about.</summary>
internal static class Grid
{
    /// <summary>Copies the box of <c>[H, W, C]</c>; the channels of <paramref name="padding"/> fill what lies outside.</summary>
    /// <param name="from">Source.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="to">Receives every pixel of the box.</param>
    /// <param name="box">In pixels of the source, mirrored first when <paramref name="mirrored"/>.</param>
    /// <param name="padding">One byte for each channel, 1 or 3.</param>
    /// <param name="mirrored">Exchange left and right of the source.</param>
    public static void Crop(ReadOnlySpan<byte> from, int width, int height, Span<byte> to, Box box, ReadOnlySpan<byte> padding, bool mirrored = false)
    {
        var channels = padding.Length;
        var (left, right) = (Math.Clamp(box.X, 0, width), Math.Clamp(box.Right, 0, width));
        var (top, bottom) = (Math.Clamp(box.Y, 0, height), Math.Clamp(box.Bottom, 0, height));
        if (left != box.X || right != box.Right || top != box.Y || bottom != box.Bottom)
        {
            Fill(to, padding);
        }

        if (left >= right)
        {
            return;
        }

        var start = mirrored ? width - right : left;
        for (var y = top; y < bottom; y++)
        {
            var source = from.Slice(((y * width) + start) * channels, (right - left) * channels);
            var target = to.Slice((((y - box.Y) * box.Width) + left - box.X) * channels, source.Length);
            if (mirrored)
            {
                Reverse(source, target, channels);
            }
            else
            {
                source.CopyTo(target);
            }
        }
    }

    private static void Fill(Span<byte> to, ReadOnlySpan<byte> pixel)
    {
        if (!pixel.ContainsAnyExcept(pixel[0]))
        {
            to.Fill(pixel[0]);
            return;
        }

        for (var i = 0; i < to.Length; i += pixel.Length)
        {
            pixel.CopyTo(to[i..]);
        }
    }

    /// <summary>One row from right to left.</summary>
    private static void Reverse(ReadOnlySpan<byte> from, Span<byte> to, int channels)
    {
        if (channels == 1)
        {
            from.CopyTo(to);
            to.Reverse();
            return;
        }

        // Five pixels at a time: sixteen bytes are loaded from one byte before them, and the sixteenth that is stored is overwritten by the next.
        var order = Vector128.Create((byte)13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0);
        ref var input = ref MemoryMarshal.GetReference(from);
        ref var output = ref MemoryMarshal.GetReference(to);
        var pixels = from.Length / 3;
        var x = 0;
        for (; x <= pixels - 6; x += 5)
        {
            Vector128.Shuffle(Vector128.LoadUnsafe(ref input, (nuint)((3 * (pixels - 5 - x)) - 1)), order).StoreUnsafe(ref output, (nuint)(3 * x));
        }

        for (; x < pixels; x++)
        {
            from.Slice(3 * (pixels - 1 - x), 3).CopyTo(to[(3 * x)..]);
        }
    }
}
