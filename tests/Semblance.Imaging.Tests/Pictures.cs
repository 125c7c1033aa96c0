using Semblance.Core;

namespace Semblance.Imaging.Tests;

/// <summary>Pictures made by code, and how they are compared.</summary>
internal static class Pictures
{
    /// <summary>Steep and busy, so that every kernel shows; the formula of tests/golden/resampling/make.py.</summary>
    public static Picture Busy(int width, int height)
    {
        var picture = new Picture(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                for (var c = 0; c < 3; c++)
                {
                    picture.Rgb[(3 * ((y * width) + x)) + c] = (byte)(((x * (7 + c)) + (y * (3 + (2 * c))) + (x * y % 31 * 4) + (50 * c)) % 256);
                }
            }
        }

        return picture;
    }

    /// <summary>Slow colour gradients, which survive lossy formats nearly unchanged.</summary>
    public static Picture Smooth(int width, int height)
    {
        var picture = new Picture(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = 3 * ((y * width) + x);
                picture.Rgb[at] = (byte)(40 + (170 * x / width));
                picture.Rgb[at + 1] = (byte)(200 - (150 * y / height));
                picture.Rgb[at + 2] = (byte)(60 + (60 * (x + y) / (width + height)));
            }
        }

        return picture;
    }

    public static Picture Noise(int width, int height, ulong seed)
    {
        var randomness = Randomness.For(seed);
        var picture = new Picture(width, height);
        foreach (ref var value in picture.Rgb.AsSpan())
        {
            value = (byte)randomness.Next(256);
        }

        return picture;
    }

    public static LabelMap Labels(int width, int height, ulong seed)
    {
        var randomness = Randomness.For(seed);
        var map = new LabelMap(width, height);
        foreach (ref var value in map.Labels.AsSpan())
        {
            value = (byte)randomness.Next(6);
        }

        return map;
    }

    public static Colour At(this Picture picture, int x, int y)
    {
        var at = 3 * ((y * picture.Width) + x);
        return new Colour(picture.Rgb[at], picture.Rgb[at + 1], picture.Rgb[at + 2]);
    }

    /// <summary>Levels (0 to 255) by which the worst byte differs.</summary>
    public static int WorstDifference(Picture a, Picture b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        return a.Rgb.Zip(b.Rgb, (x, y) => Math.Abs(x - y)).Max();
    }

    public static double MeanDifference(Picture a, Picture b)
    {
        Assert.Equal((a.Width, a.Height), (b.Width, b.Height));
        return a.Rgb.Zip(b.Rgb, (x, y) => Math.Abs(x - y)).Average();
    }

    /// <summary>A file of tests/golden, found upwards from the test program.</summary>
    public static string Golden(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Semblance.slnx")))
        {
            root = root.Parent;
        }

        return Path.Combine(root?.FullName ?? throw new DirectoryNotFoundException("Semblance.slnx was not found above the test program"), "tests", "golden", name);
    }
}
