using Semblance.Core;
using Semblance.Imaging;

namespace Semblance.Data.Tests.Baselines;

/// <summary>Pictures of two colours, as plain as a person can be.</summary>
internal static class Pictures
{
    public static Picture Person(Colour upper, Colour lower, Colour? background = null, int width = 64, int height = 128, int noise = 0, int seed = 0)
    {
        var picture = new Picture(width, height);
        var random = Randomness.For((ulong)seed, 17);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var colour = background is { } behind && (x < width / 5 || x >= width - (width / 5)) ? behind : y < height / 2 ? upper : lower;
                Set(picture, x, y, new(Noisy(colour.Red, noise, ref random), Noisy(colour.Green, noise, ref random), Noisy(colour.Blue, noise, ref random)));
            }
        }

        return picture;
    }

    public static Picture Noise(int width, int height, int seed)
    {
        var picture = new Picture(width, height);
        var random = Randomness.For((ulong)seed, 18);
        for (var i = 0; i < picture.Rgb.Length; i++)
        {
            picture.Rgb[i] = (byte)random.Next(256);
        }

        return picture;
    }

    public static void Set(Picture picture, int x, int y, Colour colour)
    {
        var at = 3 * ((y * picture.Width) + x);
        picture.Rgb[at] = colour.Red;
        picture.Rgb[at + 1] = colour.Green;
        picture.Rgb[at + 2] = colour.Blue;
    }

    public static double Dot(float[] one, float[] other) => one.Zip(other).Sum(pair => (double)pair.First * pair.Second);

    public static int Best(float[] query, float[][] gallery) => Enumerable.Range(0, gallery.Length).MaxBy(i => Dot(query, gallery[i]));

    private static byte Noisy(byte level, int noise, ref Randomness random) => (byte)Math.Clamp(level + (noise == 0 ? 0 : random.Next(-noise, noise + 1)), 0, 255);
}
