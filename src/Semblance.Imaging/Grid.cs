namespace Semblance.Imaging;

/// <summary>What pictures and label maps share: moving rows of bytes about.</summary>
internal static class Grid
{
    /// <summary>Copies the box of <c>[H, W, C]</c>; the channels of <paramref name="padding"/> fill what lies outside.</summary>
    public static void Crop(ReadOnlySpan<byte> from, int width, int height, Span<byte> to, Box box, ReadOnlySpan<byte> padding)
    {
        var channels = padding.Length;
        var (left, right) = (Math.Clamp(box.X, 0, width), Math.Clamp(box.Right, 0, width));
        var (top, bottom) = (Math.Clamp(box.Y, 0, height), Math.Clamp(box.Bottom, 0, height));
        if (padding.ContainsAnyExcept((byte)0) && (left != box.X || right != box.Right || top != box.Y || bottom != box.Bottom))
        {
            for (var i = 0; i < to.Length; i += channels)
            {
                padding.CopyTo(to[i..]);
            }
        }

        if (left >= right)
        {
            return;
        }

        for (var y = top; y < bottom; y++)
        {
            from.Slice(((y * width) + left) * channels, (right - left) * channels).CopyTo(to[((((y - box.Y) * box.Width) + left - box.X) * channels)..]);
        }
    }

    /// <summary>Mirrors each row of <c>[H, W, C]</c>.</summary>
    public static void Flip(ReadOnlySpan<byte> from, int width, Span<byte> to, int channels)
    {
        var stride = width * channels;
        for (var at = 0; at < from.Length; at += stride)
        {
            if (channels == 1)
            {
                from.Slice(at, stride).CopyTo(to[at..]);
                to.Slice(at, stride).Reverse();
                continue;
            }

            var right = at + stride - 3;
            for (var left = at; left < at + stride; left += 3, right -= 3)
            {
                to[right] = from[left];
                to[right + 1] = from[left + 1];
                to[right + 2] = from[left + 2];
            }
        }
    }
}
