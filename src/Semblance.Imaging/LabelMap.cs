using Semblance.Core;
using Semblance.Imaging.Interop;

namespace Semblance.Imaging;

/// <summary>One small label for each pixel of a picture, <c>[H, W]</c>: 0 is background, anything else a part of the person.</summary>
public sealed class LabelMap
{
    /// <summary>Wraps labels; the array belongs to the map from here on.</summary>
    /// <exception cref="ArgumentException">The array does not hold width x height labels.</exception>
    public LabelMap(int width, int height, byte[] labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.LongLength != (long)width * height)
        {
            throw new ArgumentException($"{labels.Length} labels for a map of {width} x {height}, expected {(long)width * height}", nameof(labels));
        }

        Width = width;
        Height = height;
        Labels = labels;
    }

    /// <summary>A map of background.</summary>
    public LabelMap(int width, int height)
        : this(width, height, new byte[width * height])
    {
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The labels, <c>[H, W]</c>.</summary>
    public byte[] Labels { get; }

    /// <summary>Reads a grey 8-bit PNG whose values are the labels.</summary>
    /// <exception cref="SemblanceFormatException">Damaged, too large, or no such PNG.</exception>
    public static LabelMap Decode(ReadOnlySpan<byte> bytes, string name, PictureReaderOptions? options = null)
    {
        var header = PictureReader.CheckedHeader(bytes, name, options ?? PictureReaderOptions.Dataset);
        if (header.Format != PictureFormat.Png)
        {
            throw new SemblanceFormatException(name, $"a {header.Format} file, expected a PNG: another format would blur labels into each other");
        }

        var map = new LabelMap(header.Width, header.Height);
        return Native.DecodeLabels(bytes, (nuint)bytes.Length, map.Width, map.Height, map.Labels) == 0
            ? map
            : throw new SemblanceFormatException(name, $"the labels cannot be decoded: {Native.LastError}");
    }

    /// <summary>The map as a grey PNG, without loss.</summary>
    public byte[] EncodePng() => Encoder.Encode(Labels, Width, Height, 1, ".png", Encoder.PngEffort);

    /// <summary>The map at another size, each label taken from the pixel under the new centre; itself when the size is the same.</summary>
    public LabelMap Resize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (width == Width && height == Height)
        {
            return this;
        }

        var resized = new LabelMap(width, height);
        Resampler.Nearest(Labels, Width, Height, resized.Labels, width, height, channels: 1);
        return resized;
    }

    /// <summary>A part of the map; background where the box reaches outside.</summary>
    public LabelMap Crop(Box box)
    {
        var crop = new LabelMap(box.Width, box.Height);
        Grid.Crop(Labels, Width, Height, crop.Labels, box, [0]);
        return crop;
    }

    /// <summary>Mirrored, left and right exchanged. The labels stay as they are: parts have no side.</summary>
    public LabelMap FlipHorizontally()
    {
        var flipped = new LabelMap(Width, Height);
        Grid.Crop(Labels, Width, Height, flipped.Labels, new Box(0, 0, Width, Height), [0], mirrored: true);
        return flipped;
    }

    /// <summary>The share of person in each cell of a grid laid over the map, <c>[rows * columns]</c>, each in [0, 1].</summary>
    /// <remarks>Cell borders are rounded to whole pixels; a grid finer than the map repeats pixels.</remarks>
    public float[] Foreground(int columns, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        var shares = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var (top, bottom) = Bounds(row, rows, Height);
            for (var column = 0; column < columns; column++)
            {
                var (left, right) = Bounds(column, columns, Width);
                var person = 0;
                for (var y = top; y < bottom; y++)
                {
                    person += right - left - Labels.AsSpan((y * Width) + left, right - left).Count((byte)0);
                }

                shares[(row * columns) + column] = person / (float)((bottom - top) * (right - left));
            }
        }

        return shares;

        static (int Low, int High) Bounds(int index, int count, int size)
        {
            var low = (int)((long)index * size / count);
            return (low, Math.Max(low + 1, (int)((index + 1L) * size / count)));
        }
    }
}
