using Semblance.Imaging;

namespace Semblance.Synthesis.Rendering;

/// <summary>Brings a small picture to the size asked for.</summary>
internal static class Scaling
{
    /// <summary>Bilinear, pixel centres at halves.</summary>
    public static Picture Enlarge(byte[] rgb, int width, int height, int toWidth, int toHeight)
    {
        var (left, across) = Weights(width, toWidth);
        var (top, down) = Weights(height, toHeight);
        var pixels = new byte[3 * toWidth * toHeight];
        for (var y = 0; y < toHeight; y++)
        {
            var above = top[y] * width;
            var below = Math.Min(top[y] + 1, height - 1) * width;
            var fy = down[y];
            for (var x = 0; x < toWidth; x++)
            {
                var x0 = left[x];
                var x1 = Math.Min(x0 + 1, width - 1);
                var fx = across[x];
                for (var c = 0; c < 3; c++)
                {
                    var a = (rgb[(3 * (above + x0)) + c] * (256 - fx)) + (rgb[(3 * (above + x1)) + c] * fx);
                    var b = (rgb[(3 * (below + x0)) + c] * (256 - fx)) + (rgb[(3 * (below + x1)) + c] * fx);
                    pixels[(3 * ((y * toWidth) + x)) + c] = (byte)(((a * (256 - fy)) + (b * fy) + 32768) >> 16);
                }
            }
        }

        return new Picture(toWidth, toHeight, pixels);
    }

    private static (int[] First, int[] Share) Weights(int from, int to)
    {
        var first = new int[to];
        var share = new int[to];
        for (var i = 0; i < to; i++)
        {
            var at = Math.Clamp(((i + 0.5f) * from / to) - 0.5f, 0, from - 1);
            first[i] = (int)at;
            share[i] = (int)((at - first[i]) * 256);
        }

        return (first, share);
    }
}
