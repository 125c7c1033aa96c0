using Semblance.Core;

namespace Semblance.Imaging;

/// <summary>Resize, mirror, pad and crop, another camera, erase: the variations of Re-ID training, alike on a picture and its labels. Immutable, safe to share between threads.</summary>
public sealed class Augmentation
{
    [ThreadStatic]
    private static byte[]? _buffer;

    private readonly AugmentationOptions _options;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Sizes, probabilities or ranges make no sense; the message names all of them.</exception>
    public Augmentation(AugmentationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = Faults(options).ToList();
        if (faults.Count > 0)
        {
            throw new ArgumentException($"augmentation: {string.Join("; ", faults)}", nameof(options));
        }

        _options = options;
    }

    /// <summary>The options given.</summary>
    public AugmentationOptions Options => _options;

    /// <summary>Varies one picture. The same stream gives the same result; the given picture and labels stay as they are.</summary>
    /// <param name="picture">Any size.</param>
    /// <param name="labels">Labels of the same size as the picture, or null.</param>
    /// <param name="randomness">Advanced; take one stream for each (seed, epoch, index).</param>
    /// <exception cref="ArgumentException">The labels have another size than the picture.</exception>
    public Augmented Apply(Picture picture, LabelMap? labels, ref Randomness randomness)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (labels is not null && (labels.Width != picture.Width || labels.Height != picture.Height))
        {
            throw new ArgumentException($"labels of {labels.Width} x {labels.Height} for a picture of {picture.Width} x {picture.Height}, expected the same size", nameof(labels));
        }

        var (width, height) = (_options.Width, _options.Height);
        var flipped = randomness.Chance(_options.FlipProbability);
        var span = (2 * _options.Padding) + 1;
        var window = new Box(randomness.Next(span) - _options.Padding, randomness.Next(span) - _options.Padding, width, height);

        var varied = Picture.Uninitialised(width, height);
        Grid.Crop(Resized(picture), width, height, varied.Rgb, window, [0, 0, 0], flipped);
        LabelMap? moved = null;
        if (labels is not null)
        {
            moved = new LabelMap(width, height);
            Grid.Crop(labels.Resize(width, height).Labels, width, height, moved.Labels, window, [0], flipped);
        }

        if (_options.CameraStrength > 0)
        {
            CameraVariation.Apply(varied.Rgb, _options.CameraStrength, ref randomness);
        }

        Box? erased = null;
        if (randomness.Chance(_options.ErasingProbability) && ErasingBox(ref randomness) is { } box)
        {
            Erase(varied, moved, box, ref randomness);
            erased = box;
        }

        return new Augmented(varied, moved, flipped, erased);
    }

    /// <summary>What evaluation does instead: only the resize.</summary>
    public Picture Plain(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return picture.Resize(_options.Width, _options.Height, _options.Resampling);
    }

    /// <summary>The pixels at the model's size, in the picture itself or in this thread's own buffer: a loader makes thousands a second.</summary>
    private ReadOnlySpan<byte> Resized(Picture picture)
    {
        var (width, height) = (_options.Width, _options.Height);
        if (picture.Width == width && picture.Height == height)
        {
            return picture.Rgb;
        }

        var length = 3 * width * height;
        var buffer = _buffer?.Length >= length ? _buffer : _buffer = new byte[length];
        Resampler.Resize(picture.Rgb, picture.Width, picture.Height, buffer.AsSpan(0, length), width, height, _options.Resampling);
        return buffer.AsSpan(0, length);
    }

    /// <summary>Draws areas and aspects until a box fits; null after 100 tries, as in the paper's code.</summary>
    private Box? ErasingBox(ref Randomness randomness)
    {
        const int tries = 100;
        for (var i = 0; i < tries; i++)
        {
            var area = randomness.NextDouble(_options.ErasingLeastArea, _options.ErasingMostArea) * _options.Width * _options.Height;
            var aspect = randomness.NextDouble(_options.ErasingLeastAspect, 1 / _options.ErasingLeastAspect);
            var height = (int)Math.Round(Math.Sqrt(area * aspect));
            var width = (int)Math.Round(Math.Sqrt(area / aspect));
            if (width > 0 && height > 0 && width < _options.Width && height < _options.Height)
            {
                return new Box(randomness.Next(_options.Width - width + 1), randomness.Next(_options.Height - height + 1), width, height);
            }
        }

        return null;
    }

    private void Erase(Picture picture, LabelMap? labels, Box box, ref Randomness randomness)
    {
        for (var y = box.Y; y < box.Bottom; y++)
        {
            var row = picture.Rgb.AsSpan(3 * ((y * picture.Width) + box.X), 3 * box.Width);
            if (_options.ErasingFill is { } fill)
            {
                for (var x = 0; x < row.Length; x += 3)
                {
                    (row[x], row[x + 1], row[x + 2]) = (fill.Red, fill.Green, fill.Blue);
                }
            }
            else
            {
                foreach (ref var value in row)
                {
                    value = (byte)(randomness.NextBits() >> 56);
                }
            }

            labels?.Labels.AsSpan((y * labels.Width) + box.X, box.Width).Clear();
        }
    }

    private static IEnumerable<string> Faults(AugmentationOptions options)
    {
        if (options.Width <= 0 || options.Height <= 0)
        {
            yield return $"a size of {options.Width} x {options.Height}, expected 1 x 1 or more";
        }

        if (options.Padding < 0)
        {
            yield return $"Padding {options.Padding}, expected 0 or more";
        }

        if (!(options.CameraStrength is >= 0 and <= 3))
        {
            yield return $"CameraStrength {options.CameraStrength}, expected 0 to 3";
        }

        (string Name, double Value)[] shares =
        [
            (nameof(options.FlipProbability), options.FlipProbability),
            (nameof(options.ErasingProbability), options.ErasingProbability),
            (nameof(options.ErasingLeastArea), options.ErasingLeastArea),
            (nameof(options.ErasingMostArea), options.ErasingMostArea),
        ];
        foreach (var (name, value) in shares)
        {
            if (!(value is >= 0 and <= 1))
            {
                yield return $"{name} {value}, expected a share in [0, 1]";
            }
        }

        if (options.ErasingLeastArea > options.ErasingMostArea)
        {
            yield return $"ErasingLeastArea {options.ErasingLeastArea} is above ErasingMostArea {options.ErasingMostArea}";
        }

        if (!(options.ErasingLeastAspect is > 0 and <= 1))
        {
            yield return $"ErasingLeastAspect {options.ErasingLeastAspect}, expected more than 0 and at most 1";
        }
    }
}
