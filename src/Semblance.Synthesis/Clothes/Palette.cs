using System.Numerics;
using Semblance.Core;
using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>The shades that go by each colour word.</summary>
public static class Palette
{
    /// <summary>Middle of each word's range, sRGB bytes.</summary>
    private static readonly Dictionary<ColourName, (int R, int G, int B)> Middles = new()
    {
        [ColourName.Black] = (27, 27, 30),
        [ColourName.White] = (232, 232, 230),
        [ColourName.Grey] = (128, 129, 132),
        [ColourName.LightGrey] = (186, 188, 190),
        [ColourName.DarkGrey] = (72, 73, 78),
        [ColourName.Red] = (192, 34, 38),
        [ColourName.DarkRed] = (112, 24, 34),
        [ColourName.Orange] = (228, 114, 32),
        [ColourName.Yellow] = (234, 204, 52),
        [ColourName.Mustard] = (190, 146, 42),
        [ColourName.Green] = (52, 142, 64),
        [ColourName.DarkGreen] = (28, 74, 48),
        [ColourName.Olive] = (94, 98, 50),
        [ColourName.LightGreen] = (152, 206, 130),
        [ColourName.Teal] = (24, 118, 122),
        [ColourName.Turquoise] = (72, 192, 192),
        [ColourName.Blue] = (42, 86, 180),
        [ColourName.LightBlue] = (142, 184, 224),
        [ColourName.DarkBlue] = (30, 48, 110),
        [ColourName.Navy] = (24, 30, 60),
        [ColourName.Purple] = (100, 50, 132),
        [ColourName.Lavender] = (180, 160, 214),
        [ColourName.Pink] = (234, 154, 178),
        [ColourName.Magenta] = (198, 42, 126),
        [ColourName.Brown] = (100, 64, 40),
        [ColourName.Beige] = (208, 186, 150),
        [ColourName.Khaki] = (156, 140, 98),
        [ColourName.Cream] = (238, 226, 198),
    };

    /// <summary>The middle shade of a word.</summary>
    public static Dye Middle(ColourName name)
    {
        var (r, g, b) = Middles[name];
        return new Dye(name, FromSrgb(r, g, b));
    }

    /// <summary>A shade that still goes by the word: lighter or darker, more or less saturated, a little to either side in hue.</summary>
    public static Dye Shade(ColourName name, ref Randomness randomness)
    {
        var (r, g, b) = Middles[name];
        var colour = new Vector3(r, g, b) / 255;
        var grey = Vector3.Dot(colour, new Vector3(0.3f, 0.59f, 0.11f));
        var saturation = (float)randomness.NextDouble(0.66, 1.06);
        var lightness = (float)randomness.NextDouble(-1, 1);
        colour = new Vector3(grey) + ((colour - new Vector3(grey)) * saturation);
        var tint = new Vector3(randomness.NextSingle() - 0.5f, randomness.NextSingle() - 0.5f, randomness.NextSingle() - 0.5f);
        colour = (colour * (1 + (0.14f * lightness))) + (tint * 0.05f) + new Vector3(0.015f * lightness);
        colour = Vector3.Clamp(colour, new Vector3(0.03f), new Vector3(0.95f));
        return new Dye(name, ToLinear(colour));
    }

    /// <summary>sRGB bytes to linear light.</summary>
    public static Vector3 FromSrgb(int red, int green, int blue) => ToLinear(new Vector3(red, green, blue) / 255);

    /// <summary>sRGB in [0, 1] to linear light.</summary>
    public static Vector3 ToLinear(Vector3 colour)
    {
        static float One(float c) => c <= 0.04045f ? c / 12.92f : MathF.Pow((c + 0.055f) / 1.055f, 2.4f);
        return new Vector3(One(colour.X), One(colour.Y), One(colour.Z));
    }
}
