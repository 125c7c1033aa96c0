using System.Numerics;

namespace Semblance.Synthesis.Rendering;

/// <summary>The colour of a material at a point of its surface.</summary>
internal static class Texture
{
    /// <summary>Linear albedo at turn <paramref name="u"/> around the loft and <paramref name="v"/> metres along it.</summary>
    public static Vector3 At(in Material m, float u, float v) => m.Kind switch
    {
        TextureKind.StripesAcross => Vector3.Lerp(m.Base, m.Second, Stripe((v * m.Frequency) + m.Phase, m.Share)),
        TextureKind.StripesDown => Vector3.Lerp(m.Base, m.Second, Stripe((u * MathF.Round(m.Frequency * 1.1f)) + m.Phase, m.Share)),
        TextureKind.Checked => Vector3.Lerp(m.Base, m.Second, 0.5f * (Stripe((v * m.Frequency) + m.Phase, m.Share) + Stripe((u * MathF.Round(m.Frequency)) + m.Phase, m.Share))),
        TextureKind.Emblem => Emblem(m, u - 0.5f, v),
        TextureKind.Blots => Blots(m, u, v),
        TextureKind.Denim => Faded(m.Base) * (1 + (0.16f * Noise.At((u * 7) + 0.3f, v * 5)) + (0.22f * Noise.At((u * 1.5f) + m.Phase, v * 1.1f))),
        TextureKind.Knit => m.Base * (0.94f + (0.09f * MathF.Sin(v * 420)) + (0.05f * Noise.At(u * 9, v * 8))),
        TextureKind.Hair => m.Base * (1 + (0.5f * Noise.At((u * 9) + (m.Seed % 17), v * 0.8f))),
        TextureKind.Skin => m.Base * (1 + (0.05f * Noise.At(u * 2, v * 3))),
        TextureKind.Face => Face(m, u - 0.5f, v * m.Frequency),
        TextureKind.Shoe => (u is > 0.18f and < 0.32f or > 0.68f and < 0.82f) && v is > 0.09f and < 0.16f ? m.Second : m.Base,
        TextureKind.Slats => m.Base * (Stripe(v * m.Frequency, 0.15f) > 0.5f ? 0.45f : 1),
        TextureKind.Leaves => Vector3.Lerp(m.Base, m.Second, Noise.Hash((int)(u * 60), (int)(v * 45), m.Seed)) * (0.6f + (0.6f * Math.Clamp(0.5f + Noise.At(u * 2.3f, v * 3.1f), 0, 1))),
        _ => m.Base * (1 + (0.05f * Noise.At((u * 2) + m.Phase, v * 1.5f))),
    };

    /// <summary>Indigo is never as pure as paint.</summary>
    private static Vector3 Faded(Vector3 dye) => Vector3.Lerp(dye, new Vector3(0.9f, 1, 1.15f) * Vector3.Dot(dye, new Vector3(0.3f, 0.55f, 0.25f)), 0.5f);

    private static float Stripe(float x, float share)
    {
        var f = x - MathF.Floor(x);
        return f < share ? 1 : 0;
    }

    private static Vector3 Blots(in Material m, float u, float v)
    {
        var scale = m.Frequency * 0.05f;
        var n = Noise.At((u * scale * 1.1f) + (m.Seed % 101 * 0.37f), (v * scale) + (m.Seed % 53 * 0.23f));
        var threshold = 0.55f - m.Share;
        return n > threshold ? m.Second : n < -threshold - 0.25f ? Vector3.Lerp(m.Base, m.Second, 0.4f) : m.Base;
    }

    /// <summary>A figure on the chest: <paramref name="x"/> in turns from the middle, <paramref name="y"/> in metres from the middle of the chest.</summary>
    private static Vector3 Emblem(in Material m, float x, float y)
    {
        var size = 0.07f + (0.06f * m.Share);
        var px = x / size;
        var py = (y - 0.02f + (0.05f * m.Phase)) / (size * 1.05f);
        if (MathF.Abs(px) > 1 || MathF.Abs(py) > 1)
        {
            return m.Base;
        }

        var inside = (m.Seed % 6) switch
        {
            0 => true,
            1 => (px * px) + (py * py) < 1,
            2 => MathF.Abs(py) < 0.85f && Stripe(py * 1.7f, 0.55f) > 0.5f && MathF.Abs(px) < 0.6f + (0.4f * Noise.Hash((int)(py * 8), 1, m.Seed)),
            3 => MathF.Abs(px) + MathF.Abs(py) < 1,
            4 => MathF.Abs(py - (MathF.Abs(px) * 0.6f)) < 0.4f,
            _ => Noise.Hash((int)MathF.Floor(px * 3), (int)MathF.Floor(py * 3), m.Seed) > 0.4f,
        };
        return inside ? m.Second : m.Base;
    }

    /// <summary>A face painted on the skull: <paramref name="x"/> in turns from the nose, <paramref name="y"/> from chin 0 to crown 1.</summary>
    private static Vector3 Face(in Material m, float x, float y)
    {
        var skin = m.Base * (1 + (0.04f * Noise.At(x * 3, y * 2)));
        var side = MathF.Abs(x);
        if (side > 0.30f)
        {
            return skin;
        }

        if ((m.Features & 3) != 0 && Glasses(m, side, y, ref skin))
        {
            return skin;
        }

        var eye = (side - 0.072f) / 0.030f;
        var lid = (y - 0.525f) / 0.022f;
        if ((eye * eye) + (lid * lid) < 1)
        {
            return MathF.Abs(eye) < 0.45f ? new Vector3(0.02f, 0.015f, 0.012f) : new Vector3(0.5f, 0.47f, 0.44f);
        }

        // Sockets are darker, brows have the hair's colour.
        if (MathF.Abs(y - 0.60f) < 0.016f && side is > 0.025f and < 0.115f)
        {
            return Vector3.Lerp(skin, Vector3.Min(m.Second, new Vector3(0.2f)), 0.7f);
        }

        skin *= 1 - (0.28f * MathF.Exp(-(((side - 0.072f) * (side - 0.072f)) / 0.0016f) - ((y - 0.545f) * (y - 0.545f) / 0.0018f)));
        if (MathF.Abs(y - 0.205f) < 0.02f && side < 0.052f)
        {
            return Vector3.Lerp(skin, new Vector3(0.28f, 0.06f, 0.055f), 0.55f);
        }

        var beard = (m.Features & 4) != 0 && y < 0.34f - (0.1f * MathF.Exp(-side * side / 0.004f)) + (side > 0.16f ? 0.22f * (side - 0.16f) / 0.08f : 0) && side < 0.25f;
        var moustache = (m.Features & 12) != 0 && MathF.Abs(y - 0.265f) < 0.028f && side < 0.065f;
        return beard || moustache ? Vector3.Lerp(skin, Vector3.Min(m.Second, new Vector3(0.25f)), 0.8f) : skin;
    }

    private static bool Glasses(in Material m, float side, float y, ref Vector3 skin)
    {
        var dx = MathF.Abs(side - 0.075f) / 0.058f;
        var dy = MathF.Abs(y - 0.525f) / 0.055f;
        var rim = new Vector3(0.02f);
        if (dx < 1 && dy < 1)
        {
            var edge = dx > 0.78f || dy > 0.72f;
            if ((m.Features & 2) != 0 || edge)
            {
                skin = rim;
                return true;
            }

            skin = Vector3.Lerp(skin, new Vector3(0.35f, 0.37f, 0.4f), 0.25f);
            return false;
        }

        if (MathF.Abs(y - 0.545f) < 0.016f && (side < 0.02f || side is > 0.125f and < 0.27f))
        {
            skin = rim;
            return true;
        }

        return false;
    }
}
