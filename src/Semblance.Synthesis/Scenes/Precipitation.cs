using System.Numerics;
using Semblance.Core;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Scenes;

/// <summary>Rain and snow between the camera and the person.</summary>
internal static class Precipitation
{
    public static void Fall(Vector3[] film, float[] distance, int columns, int rows, Domain domain, Shot shot, in Light light, ref Randomness r)
    {
        var snow = shot.Weather switch { Weather.Blizzard => 1f, Weather.Snowlight => 0.4f, _ => 0f };
        var rain = domain.Rainfall * (shot.Weather is Weather.Overcast or Weather.Foggy ? 1f : 0.5f);
        if (snow <= 0 && rain <= 0)
        {
            return;
        }

        var bright = (light.Sky * 0.9f) + (light.Key * 0.25f);
        var unit = rows / 256f;
        var slant = (float)r.NextDouble(-0.25, 0.25);
        var drops = (int)((snow > 0 ? 260 * snow : 150 * rain) * r.NextDouble(0.6, 1.4));
        for (var i = 0; i < drops; i++)
        {
            var x = (float)r.NextDouble(-4, columns + 4);
            var y = (float)r.NextDouble(-10 * unit, rows);
            var near = r.NextSingle();
            if (snow > 0)
            {
                var radius = MathF.Max(0.5f, (0.6f + (2.2f * near * near * near)) * unit);
                Dot(film, columns, rows, x, y, radius, bright * 1.25f, 0.75f);
            }
            else
            {
                var length = (6 + (22 * near)) * unit;
                var strength = 0.06f + (0.16f * near);
                for (var t = 0f; t < length; t++)
                {
                    Add(film, columns, rows, (int)(x + (slant * t)), (int)(y + t), bright, strength);
                }
            }
        }
    }

    private static void Dot(Vector3[] film, int columns, int rows, float x, float y, float radius, Vector3 colour, float strength)
    {
        for (var j = (int)(y - radius - 1); j <= y + radius + 1; j++)
        {
            for (var i = (int)(x - radius - 1); i <= x + radius + 1; i++)
            {
                var d = MathF.Sqrt(((i - x) * (i - x)) + ((j - y) * (j - y)));
                Add(film, columns, rows, i, j, colour, strength * Math.Clamp(radius + 0.5f - d, 0, 1));
            }
        }
    }

    private static void Add(Vector3[] film, int columns, int rows, int x, int y, Vector3 colour, float share)
    {
        if (share > 0 && x >= 0 && y >= 0 && x < columns && y < rows)
        {
            film[(y * columns) + x] = Vector3.Lerp(film[(y * columns) + x], colour, share);
        }
    }
}
