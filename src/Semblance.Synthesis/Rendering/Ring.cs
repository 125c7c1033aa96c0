using System.Numerics;

namespace Semblance.Synthesis.Rendering;

/// <summary>One cross section of a lofted surface: a rounded box between ellipse (power 2) and rectangle (power 6) around a centre.</summary>
internal readonly record struct Ring(Vector3 Centre, Vector3 Side, Vector3 Front, float HalfWidth, float DepthFront, float DepthBack, float Power = 2)
{
    public static Ring Round(Vector3 centre, Vector3 side, Vector3 front, float radius) => new(centre, side, front, radius, radius, radius);

    /// <summary>The point at turn <paramref name="u"/>: 0 at the back, 0.25 on the side axis, 0.5 at the front.</summary>
    public Vector3 At(float u)
    {
        var (sine, cosine) = MathF.SinCos(2 * MathF.PI * u);
        var forward = -cosine;
        var sideways = sine;
        if (Power != 2)
        {
            var e = 2 / Power;
            sideways = MathF.CopySign(MathF.Pow(MathF.Abs(sideways), e), sideways);
            forward = MathF.CopySign(MathF.Pow(MathF.Abs(forward), e), forward);
        }

        return Centre + (Side * (sideways * HalfWidth)) + (Front * (forward * (forward > 0 ? DepthFront : DepthBack)));
    }
}
