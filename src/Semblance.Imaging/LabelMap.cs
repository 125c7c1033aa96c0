namespace Semblance.Imaging;

/// <summary>One small label for each pixel of a picture, <c>[H, W]</c>: 0 is background, anything else a part of the person.</summary>
public sealed class LabelMap
{
    /// <summary>Wraps labels; the array belongs to the map from here on.</summary>
    /// <exception cref="ArgumentException">The array does not hold width x height labels.</exception>
    public LabelMap(int width, int height, byte[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.LongLength != (long)width * height)
        {
            throw new ArgumentException($"{labels.Length} labels for a map of {width} x {height}, expected {(long)width * height}", nameof(labels));
        }

        Width = width;
        Height = height;
        Labels = labels;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The labels, <c>[H, W]</c>.</summary>
    public byte[] Labels { get; }
}
