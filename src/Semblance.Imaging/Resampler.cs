using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Semblance.Imaging;

/// <summary>Separable resampling of 8-bit RGB: rows first into floats, then columns, rounded once at the end. No fused products, so every machine gives the same bytes.</summary>
internal static class Resampler
{
    private static readonly ConcurrentDictionary<(int From, int To, Resampling Kernel), Taps> Cache = new();

    [ThreadStatic]
    private static float[]? _scratch;

    /// <summary>Resizes <c>[H, W, 3]</c> into <c>[H', W', 3]</c>.</summary>
    public static void Resize(ReadOnlySpan<byte> rgb, int width, int height, Span<byte> target, int toWidth, int toHeight, Resampling kernel)
    {
        if (kernel == Resampling.Nearest)
        {
            Nearest(rgb, width, height, target, toWidth, toHeight, channels: 3);
            return;
        }

        var columns = TapsFor(width, toWidth, kernel);
        var rows = TapsFor(height, toHeight, kernel);
        var stride = 3 * toWidth;

        // One float more than the rows need, because the last pixel is stored as four; then room for one row of pixels of four floats.
        var needed = (stride * height) + 1 + (4 * width);
        var scratch = _scratch?.Length >= needed ? _scratch : _scratch = new float[needed];
        var pixels = scratch.AsSpan(needed - (4 * width), 4 * width);
        for (var y = 0; y < height; y++)
        {
            Widen(rgb[(3 * width * y)..], pixels);
            Row(pixels, scratch.AsSpan(stride * y, stride + 1), columns);
        }

        for (var y = 0; y < toHeight; y++)
        {
            Column(scratch, stride, rows.First[y], rows.Of(y), target.Slice(stride * y, stride));
        }
    }

    /// <summary>The value under each new pixel's centre.</summary>
    public static void Nearest(ReadOnlySpan<byte> from, int width, int height, Span<byte> to, int toWidth, int toHeight, int channels)
    {
        for (var y = 0; y < toHeight; y++)
        {
            var row = from.Slice(NearestIndex(y, height, toHeight) * width * channels, width * channels);
            for (var x = 0; x < toWidth; x++)
            {
                row.Slice(NearestIndex(x, width, toWidth) * channels, channels).CopyTo(to[(((y * toWidth) + x) * channels)..]);
            }
        }
    }

    private static int NearestIndex(int index, int from, int to) => (int)(((2L * index) + 1) * from / (2L * to));

    /// <summary>The pixels of a row as vectors: red, green, blue, and a lane for nobody.</summary>
    private static void Widen(ReadOnlySpan<byte> rgb, Span<float> pixels)
    {
        ref var input = ref MemoryMarshal.GetReference(rgb);
        ref var output = ref MemoryMarshal.GetReference(pixels);
        for (var x = 0; x < pixels.Length / 4; x++)
        {
            // Four bytes are loaded for three; the last pixel of the picture has no fourth.
            var at = 3 * x;
            var packed = at <= rgb.Length - 4
                ? Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref input, at))
                : (uint)(Unsafe.Add(ref input, at) | (Unsafe.Add(ref input, at + 1) << 8) | (Unsafe.Add(ref input, at + 2) << 16));
            var words = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(packed).AsByte()));
            Vector128.ConvertToSingle(words.AsInt32()).StoreUnsafe(ref output, (nuint)(4 * x));
        }
    }

    /// <summary>One row: each new pixel is a weighted sum of old ones.</summary>
    private static void Row(ReadOnlySpan<float> pixels, Span<float> target, Taps taps)
    {
        ref var input = ref MemoryMarshal.GetReference(pixels);
        ref var output = ref MemoryMarshal.GetReference(target);
        var top = Vector128.Create(255f);
        for (var x = 0; x < taps.First.Length; x++)
        {
            var sum = Vector128<float>.Zero;
            ref var pixel = ref Unsafe.Add(ref input, 4 * taps.First[x]);
            foreach (var weight in taps.Of(x))
            {
                sum += Vector128.LoadUnsafe(ref pixel) * weight;
                pixel = ref Unsafe.Add(ref pixel, 4);
            }

            // Cut here too, as Pillow does: otherwise an edge that overshoots in its row is cut differently by the columns.
            Vector128.Min(Vector128.Max(sum, Vector128<float>.Zero), top).StoreUnsafe(ref output, (nuint)(3 * x));
        }
    }

    private static void Column(float[] rows, int stride, int first, ReadOnlySpan<float> weights, Span<byte> target)
    {
        ref var input = ref rows[first * stride];
        ref var output = ref MemoryMarshal.GetReference(target);
        var half = Vector128.Create(0.5f);
        var top = Vector128.Create(255f);
        var x = 0;
        for (; x <= stride - 16; x += 16)
        {
            Vector128<float> a = half, b = half, c = half, d = half;
            for (var i = 0; i < weights.Length; i++)
            {
                ref var row = ref Unsafe.Add(ref input, (i * stride) + x);
                var weight = weights[i];
                a += Vector128.LoadUnsafe(ref row) * weight;
                b += Vector128.LoadUnsafe(ref row, 4) * weight;
                c += Vector128.LoadUnsafe(ref row, 8) * weight;
                d += Vector128.LoadUnsafe(ref row, 12) * weight;
            }

            Vector128.Narrow(Vector128.Narrow(Rounded(a), Rounded(b)), Vector128.Narrow(Rounded(c), Rounded(d))).StoreUnsafe(ref output, (nuint)x);
        }

        for (; x < stride; x++)
        {
            var sum = 0.5f;
            for (var i = 0; i < weights.Length; i++)
            {
                sum += Unsafe.Add(ref input, (i * stride) + x) * weights[i];
            }

            Unsafe.Add(ref output, x) = (byte)Math.Clamp(sum, 0f, 255f);
        }

        Vector128<uint> Rounded(Vector128<float> value) =>
            Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(value, Vector128<float>.Zero), top)).AsUInt32();
    }

    private static Taps TapsFor(int from, int to, Resampling kernel)
    {
        if (Cache.TryGetValue((from, to, kernel), out var taps))
        {
            return taps;
        }

        // Pictures of thousands of sizes must not fill the memory.
        const int most = 512;
        if (Cache.Count >= most)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd((from, to, kernel), key => Taps.For(key.From, key.To, key.Kernel));
    }

    /// <summary>For each new position, the first old position and the weights from there on; they add up to 1.</summary>
    internal sealed class Taps
    {
        private readonly float[] _weights;
        private readonly int[] _start;

        private Taps(int[] first, int[] start, float[] weights)
        {
            First = first;
            _start = start;
            _weights = weights;
        }

        public int[] First { get; }

        public ReadOnlySpan<float> Of(int index) => _weights.AsSpan(_start[index].._start[index + 1]);

        public static Taps For(int from, int to, Resampling kernel)
        {
            var step = (double)from / to;
            var widening = Math.Max(step, 1);
            var support = Support(kernel) * widening;
            var first = new int[to];
            var start = new int[to + 1];
            var all = new List<float>();
            for (var i = 0; i < to; i++)
            {
                var centre = (i + 0.5) * step;
                var low = Math.Max(0, (int)(centre - support + 0.5));
                var high = Math.Min(from, (int)(centre + support + 0.5));
                var weights = new double[high - low];
                for (var j = 0; j < weights.Length; j++)
                {
                    weights[j] = Weight(kernel, (low + j - centre + 0.5) / widening);
                }

                var total = weights.Sum();
                first[i] = low;
                foreach (var weight in weights)
                {
                    all.Add((float)(weight / total));
                }

                start[i + 1] = all.Count;
            }

            return new Taps(first, start, [.. all]);
        }

        private static double Support(Resampling kernel) => kernel switch
        {
            Resampling.Area => 0.5,
            Resampling.Bilinear => 1,
            Resampling.Bicubic => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "expected Area, Bilinear or Bicubic"),
        };

        private static double Weight(Resampling kernel, double x)
        {
            var d = Math.Abs(x);
            return kernel switch
            {
                Resampling.Area => x is > -0.5 and <= 0.5 ? 1 : 0,
                Resampling.Bilinear => Math.Max(0, 1 - d),
                _ when d < 1 => (((1.5 * d) - 2.5) * d * d) + 1,
                _ when d < 2 => ((((-0.5 * d) + 2.5) * d) - 4) * d + 2,
                _ => 0,
            };
        }
    }
}
