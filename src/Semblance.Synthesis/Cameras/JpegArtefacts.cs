namespace Semblance.Synthesis.Cameras;

/// <summary>
/// What JPEG does to a picture, without writing one: YCbCr with halved chroma, 8 x 8 cosine transform, quantisation by the standard's example tables
/// (ITU-T T.81, annex K) at a quality from 1 to 100 in libjpeg's scale, and back.
/// </summary>
internal static class JpegArtefacts
{
    private static readonly int[] LumaTable =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly int[] ChromaTable =
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    private static readonly float[] Cosines = MakeCosines();

    /// <summary>Replaces RGB bytes by what is left of them.</summary>
    public static void Apply(byte[] rgb, int width, int height, int quality)
    {
        var columns = (width + 15) / 16 * 16;
        var rows = (height + 15) / 16 * 16;
        var luma = new float[columns * rows];
        var blue = new float[columns * rows / 4];
        var red = new float[columns * rows / 4];
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var i = 3 * ((Math.Min(y, height - 1) * width) + Math.Min(x, width - 1));
                float r = rgb[i], g = rgb[i + 1], b = rgb[i + 2];
                var l = (0.299f * r) + (0.587f * g) + (0.114f * b);
                luma[(y * columns) + x] = l - 128;
                var half = (y / 2 * (columns / 2)) + (x / 2);
                blue[half] += 0.25f * 0.564f * (b - l);
                red[half] += 0.25f * 0.713f * (r - l);
            }
        }

        var scale = quality < 50 ? 50f / quality : 2 - (quality / 50f);
        Quantise(luma, columns, rows, Scaled(LumaTable, scale));
        Quantise(blue, columns / 2, rows / 2, Scaled(ChromaTable, scale));
        Quantise(red, columns / 2, rows / 2, Scaled(ChromaTable, scale));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var i = 3 * ((y * width) + x);
                var half = (y / 2 * (columns / 2)) + (x / 2);
                var l = luma[(y * columns) + x] + 128.5f;
                rgb[i] = Byte(l + (1.402f * red[half]));
                rgb[i + 1] = Byte(l - (0.714f * red[half]) - (0.344f * blue[half]));
                rgb[i + 2] = Byte(l + (1.772f * blue[half]));
            }
        }
    }

    private static byte Byte(float c) => (byte)Math.Clamp((int)c, 0, 255);

    private static float[] Scaled(int[] table, float scale) => [.. table.Select(q => Math.Clamp(MathF.Floor((q * scale) + 0.5f), 1, 255))];

    private static void Quantise(float[] plane, int columns, int rows, float[] steps)
    {
        Span<float> half = stackalloc float[64];
        Span<float> block = stackalloc float[64];
        for (var y = 0; y < rows; y += 8)
        {
            for (var x = 0; x < columns; x += 8)
            {
                var at = (y * columns) + x;
                Transform(plane.AsSpan(at), columns, half, 8, forward: true);
                TransformColumns(half, block, forward: true);
                for (var i = 0; i < 64; i++)
                {
                    block[i] = MathF.Round(block[i] / steps[i]) * steps[i];
                }

                TransformColumns(block, half, forward: false);
                Transform(half, 8, plane.AsSpan(at), columns, forward: false);
            }
        }
    }

    /// <summary>The one-dimensional transform of each of eight rows.</summary>
    private static void Transform(ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride, bool forward)
    {
        Span<float> line = stackalloc float[8];
        for (var r = 0; r < 8; r++)
        {
            from.Slice(r * fromStride, 8).CopyTo(line);
            for (var k = 0; k < 8; k++)
            {
                var sum = 0f;
                for (var n = 0; n < 8; n++)
                {
                    sum += line[n] * (forward ? Cosines[(k * 8) + n] : Cosines[(n * 8) + k]);
                }

                to[(r * toStride) + k] = sum;
            }
        }
    }

    private static void TransformColumns(ReadOnlySpan<float> from, Span<float> to, bool forward)
    {
        for (var k = 0; k < 8; k++)
        {
            for (var c = 0; c < 8; c++)
            {
                var sum = 0f;
                for (var n = 0; n < 8; n++)
                {
                    sum += from[(n * 8) + c] * (forward ? Cosines[(k * 8) + n] : Cosines[(n * 8) + k]);
                }

                to[(k * 8) + c] = sum;
            }
        }
    }

    private static float[] MakeCosines()
    {
        var table = new float[64];
        for (var k = 0; k < 8; k++)
        {
            for (var n = 0; n < 8; n++)
            {
                table[(k * 8) + n] = (float)((k == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(Math.PI * k * ((2 * n) + 1) / 16));
            }
        }

        return table;
    }
}
