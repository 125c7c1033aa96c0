using System.Numerics;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Bodies;

/// <summary>Cross sections along a bent limb: s = 0 at the upper joint, 1 at the middle joint, 2 at the lower one.</summary>
internal static class Limb
{
    /// <summary>Fills <paramref name="rings"/> from <paramref name="from"/> to <paramref name="to"/>; the bend at the middle joint is rounded.</summary>
    public static void Rings(Span<Ring> rings, Vector3 upper, Vector3 middle, Vector3 lower, Vector3 front, float from, float to, Func<float, float> radius)
    {
        var previous = front;
        for (var i = 0; i < rings.Length; i++)
        {
            var s = float.Lerp(from, to, (float)i / (rings.Length - 1));
            var tangent = Vector3.Normalize(At(upper, middle, lower, s + 0.08f) - At(upper, middle, lower, s - 0.08f));
            previous = Vector3.Normalize(previous - (tangent * Vector3.Dot(previous, tangent)));
            rings[i] = Ring.Round(At(upper, middle, lower, s), Vector3.Cross(tangent, previous), previous, radius(s));
        }
    }

    private static Vector3 At(Vector3 upper, Vector3 middle, Vector3 lower, float s)
    {
        const float Rounding = 0.22f;
        var d = s - 1;
        var bent = s < 1 ? Vector3.Lerp(middle, upper, -d) : Vector3.Lerp(middle, lower, d);
        if (MathF.Abs(d) >= Rounding)
        {
            return bent;
        }

        // A parabola that joins both straight parts.
        var t = (d + Rounding) / (2 * Rounding);
        var a = Vector3.Lerp(middle, upper, Rounding);
        var b = Vector3.Lerp(middle, lower, Rounding);
        return ((1 - t) * (1 - t) * a) + (2 * t * (1 - t) * middle) + (t * t * b);
    }
}
