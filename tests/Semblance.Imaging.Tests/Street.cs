using Semblance.Core;

namespace Semblance.Imaging.Tests;

/// <summary>A street drawn with a few shapes: ground, a lamp post, and people who walk.</summary>
internal static class Street
{
    public const int Width = 320, Height = 240;

    public static Picture Empty(ulong seed)
    {
        var picture = new Picture(Width, Height);
        var randomness = Randomness.For(seed);
        for (var i = 0; i < picture.Rgb.Length; i++)
        {
            picture.Rgb[i] = (byte)(150 + randomness.Next(-4, 5));
        }

        picture.FillInPlace(new Box(250, 20, 6, 180), new Colour(60, 60, 60));
        return picture;
    }

    /// <summary>Adds a standing figure of 1 : 2.6, its feet at (x, y), in dark clothes but for the coat.</summary>
    public static void Person(Picture picture, int x, int y, int height, Colour? coat = null)
    {
        var dark = new Colour(30, 30, 40);
        Ellipse(picture, x, y - (0.93 * height), 0.065 * height, 0.075 * height, new Colour(60, 45, 40));
        Ellipse(picture, x, y - (0.66 * height), 0.13 * height, 0.22 * height, coat ?? dark);
        Ellipse(picture, x - (0.06 * height), y - (0.25 * height), 0.055 * height, 0.27 * height, dark);
        Ellipse(picture, x + (0.06 * height), y - (0.25 * height), 0.055 * height, 0.27 * height, dark);
    }

    private static void Ellipse(Picture picture, double centreX, double centreY, double across, double down, Colour colour)
    {
        for (var y = (int)(centreY - down); y <= centreY + down; y++)
        {
            var share = (y - centreY) / down;
            var half = (int)Math.Round(across * Math.Sqrt(Math.Max(0, 1 - (share * share))));
            picture.FillInPlace(new Box((int)centreX - half, y, (2 * half) + 1, 1), colour);
        }
    }
}
