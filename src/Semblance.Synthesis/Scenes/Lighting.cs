using System.Numerics;
using Semblance.Core;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Scenes;

/// <summary>Turns weather, time of day and place into light.</summary>
internal static class Lighting
{
    // By TimeOfDay: height of the sun in degrees, its colour and strength, the sky's colour and strength.
    private static readonly (float Elevation, Vector3 Sun, Vector3 Sky)[] Hours =
    [
        (62, new Vector3(0.50f, 0.40f, 0.26f), new Vector3(0.10f, 0.12f, 0.20f)),
        (14, new Vector3(1.15f, 0.72f, 0.46f), new Vector3(0.42f, 0.46f, 0.62f)),
        (42, new Vector3(1.30f, 1.20f, 1.02f), new Vector3(0.50f, 0.56f, 0.66f)),
        (66, new Vector3(1.45f, 1.38f, 1.26f), new Vector3(0.54f, 0.60f, 0.68f)),
        (34, new Vector3(1.35f, 1.16f, 0.86f), new Vector3(0.50f, 0.54f, 0.60f)),
        (10, new Vector3(1.10f, 0.58f, 0.34f), new Vector3(0.40f, 0.38f, 0.54f)),
        (58, new Vector3(0.72f, 0.54f, 0.32f), new Vector3(0.15f, 0.16f, 0.24f)),
    ];

    /// <summary>Light out of doors. <paramref name="azimuth"/> is where the sun stands seen from the camera, in radians from straight ahead.</summary>
    public static Light Outdoors(Weather weather, TimeOfDay time, float azimuth, ref Randomness randomness)
    {
        var (elevation, sun, sky) = Hours[(int)time];
        var dark = time is TimeOfDay.Midnight or TimeOfDay.Night;
        var (sunlight, skylight, fog) = weather switch
        {
            Weather.Sunny => (1.15f, 0.85f, 0.0015f),
            Weather.Clouds => (0.75f, 1.0f, 0.003f),
            Weather.Overcast => (0.22f, 1.15f, 0.006f),
            Weather.Foggy => (0.2f, 1.1f, 0.03f),
            Weather.Neutral => (0.55f, 1.0f, 0.002f),
            Weather.Blizzard => (0.14f, 1.15f, 0.022f),
            _ => (0.35f, 1.2f, 0.012f),
        };
        if (dark)
        {
            // Lamps do not care about clouds.
            sunlight = 1;
        }
        else if (weather is Weather.Overcast or Weather.Foggy or Weather.Blizzard)
        {
            elevation = 70;
            sun = new Vector3(0.9f, 0.95f, 1.0f) * sun.Length() * 0.55f;
        }

        var warm = 1 + (0.06f * (float)randomness.NextGaussian());
        var turn = azimuth + (0.25f * (float)randomness.NextGaussian());
        var (se, ce) = MathF.SinCos((elevation + (4 * (float)randomness.NextGaussian())) * MathF.PI / 180);
        var (sa, ca) = MathF.SinCos(turn);
        var snow = weather is Weather.Blizzard or Weather.Snowlight;
        var key = sun * sunlight * new Vector3(warm, 1, 1 / warm);
        sky *= skylight;
        return new Light
        {
            ToKey = Vector3.Normalize(new Vector3(sa * ce, se, ca * ce)),
            Key = key,
            Sky = sky,
            Bounce = (0.16f * key) + ((snow ? 0.75f : 0.32f) * sky),
            Fog = (dark ? 0.5f : 0.9f) * (sky + (0.15f * key)),
            FogDensity = fog,
            Shadow = weather is Weather.Sunny or Weather.Clouds or Weather.Neutral || dark ? 0.92f : 0.55f,
        };
    }

    /// <summary>Light under a ceiling with lamps of one colour.</summary>
    public static Light Indoors(Vector3 tint, float strength, ref Randomness randomness)
    {
        var (sa, ca) = MathF.SinCos((float)randomness.NextDouble(0, 2 * Math.PI));
        var key = tint * (0.62f * strength);
        return new Light
        {
            ToKey = Vector3.Normalize(new Vector3(0.5f * sa, 1, (0.4f * ca) - 0.25f)),
            Key = key,
            Sky = tint * (0.46f * strength),
            Bounce = tint * (0.26f * strength),
            Fog = tint * 0.5f,
            FogDensity = 0,
            Shadow = 0.6f,
        };
    }
}
