using System.Numerics;

namespace Semblance.Synthesis.Rendering;

/// <summary>The light of one picture, linear and in scene coordinates.</summary>
internal readonly record struct Light
{
    /// <summary>Unit vector to the sun, the lamp, or the brightest part of the sky.</summary>
    public Vector3 ToKey { get; init; }

    public Vector3 Key { get; init; }

    /// <summary>What comes from above on all sides.</summary>
    public Vector3 Sky { get; init; }

    /// <summary>What the ground throws back.</summary>
    public Vector3 Bounce { get; init; }

    public Vector3 Fog { get; init; }

    /// <summary>Share of light lost a metre.</summary>
    public float FogDensity { get; init; }

    /// <summary>How dark a cast shadow is, 0 to 1.</summary>
    public float Shadow { get; init; }

    /// <summary>Light leaving a surface.</summary>
    public Vector3 Reflect(Vector3 albedo, Vector3 normal, Vector3 toEye, float gloss, float lit, float open)
    {
        var facing = Vector3.Dot(normal, ToKey);
        var key = MathF.Max(0, (facing + 0.15f) / 1.15f) * (1 - (Shadow * (1 - lit)));
        var ambient = Vector3.Lerp(Bounce, Sky, 0.5f + (0.5f * normal.Y)) * open;
        var light = (Key * key) + ambient;
        var colour = albedo * light;
        if (gloss > 0)
        {
            var half = Vector3.Normalize(ToKey + toEye);
            var shine = MathF.Max(0, Vector3.Dot(normal, half));
            shine *= shine;
            shine *= shine;
            shine *= shine;
            shine *= shine;
            var rim = 1 - MathF.Max(0, Vector3.Dot(normal, toEye));
            colour += (Key * (gloss * shine * lit)) + (Sky * (gloss * 0.25f * rim * rim * rim));
        }

        return colour;
    }

    /// <summary>What is left of a colour after <paramref name="metres"/> of air.</summary>
    public Vector3 Through(Vector3 colour, float metres) => FogDensity <= 0 ? colour : Vector3.Lerp(Fog, colour, MathF.Exp(-FogDensity * metres));
}
