using Semblance.Core;

namespace Semblance.Imaging;

/// <summary>
/// Shows a picture as another camera might have taken it: saturation, white balance, exposure, gamma, contrast and haze vary about what they were, mildly enough that a
/// colour keeps its name. Models that must work under cameras they have not seen need more cameras than a few source domains have.
/// </summary>
internal static class CameraVariation
{
    // Standard deviations at strength 1, of logarithms but for the haze: about what cameras of one city differ by.
    private const double Saturation = 0.15;
    private const double Exposure = 0.12;
    private const double Balance = 0.05;
    private const double Gamma = 0.15;
    private const double Contrast = 0.12;
    private const double Haze = 0.06;
    private const float HazeLevel = 0.8f;

    /// <summary>Changes the pixels in place.</summary>
    /// <param name="rgb">Bytes of RGB, any number of pixels.</param>
    /// <param name="strength">0 changes nothing; 1 is an ordinary spread.</param>
    /// <param name="randomness">Advanced by the same number of draws whatever they give.</param>
    public static void Apply(Span<byte> rgb, double strength, ref Randomness randomness)
    {
        var saturation = Spread(Saturation, strength, ref randomness);
        var exposure = Spread(Exposure, strength, ref randomness);
        Span<float> gains = [exposure * Spread(Balance, strength, ref randomness), exposure * Spread(Balance, strength, ref randomness), exposure * Spread(Balance, strength, ref randomness)];
        var gamma = Spread(Gamma, strength, ref randomness);
        var contrast = Spread(Contrast, strength, ref randomness);
        var haze = (float)Math.Abs(Haze * strength * Bounded(ref randomness));
        Span<byte> curves = stackalloc byte[3 * 256];
        for (var i = 0; i < 256; i++)
        {
            var level = MathF.Pow(i / 255f, gamma);
            for (var channel = 0; channel < 3; channel++)
            {
                var value = 0.5f + (((level * gains[channel]) - 0.5f) * contrast);
                curves[(channel * 256) + i] = (byte)Math.Clamp((int)(255 * ((value * (1 - haze)) + (HazeLevel * haze)) + 0.5f), 0, 255);
            }
        }

        for (var i = 0; i + 2 < rgb.Length; i += 3)
        {
            var (red, green, blue) = (rgb[i], rgb[i + 1], rgb[i + 2]);
            var grey = (0.299f * red) + (0.587f * green) + (0.114f * blue);
            rgb[i] = curves[Level(red, grey, saturation)];
            rgb[i + 1] = curves[256 + Level(green, grey, saturation)];
            rgb[i + 2] = curves[512 + Level(blue, grey, saturation)];
        }
    }

    private static int Level(byte value, float grey, float saturation) => Math.Clamp((int)(grey + ((value - grey) * saturation) + 0.5f), 0, 255);

    private static float Spread(double deviation, double strength, ref Randomness randomness) => (float)Math.Exp(deviation * strength * Bounded(ref randomness));

    private static double Bounded(ref Randomness randomness) => Math.Clamp(randomness.NextGaussian(), -2.5, 2.5);
}
