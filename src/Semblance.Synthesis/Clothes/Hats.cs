using System.Numerics;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>Builds caps, hats, beanies and raised hoods.</summary>
internal static class Hats
{
    public static void Build(Surface surface, Figure figure, Outfit outfit)
    {
        if (outfit.Headwear == Headwear.None)
        {
            return;
        }

        var dye = outfit.Headwear == Headwear.Hood ? outfit.UpperCloth.Main : outfit.HeadwearDye;
        var cloth = surface.Add(Stuff.Plain(dye, BodyPart.Headwear, folds: 0.3f, seed: outfit.Seed) with
        {
            Kind = outfit.Headwear == Headwear.Beanie ? TextureKind.Knit : TextureKind.Plain,
        });
        switch (outfit.Headwear)
        {
            case Headwear.Cap:
                Crown(surface, figure, cloth, 0.34f, 0.02f, 1.10f);
                Peak(surface, figure, cloth);
                break;
            case Headwear.Hat:
                Crown(surface, figure, cloth, 0.36f, 0.018f, 1.42f);
                Brim(surface, figure, cloth);
                break;
            case Headwear.Beanie:
                Crown(surface, figure, cloth, 0.16f, 0.022f, 1.22f);
                Band(surface, figure, cloth);
                break;
            default:
                RaisedHood(surface, figure, cloth);
                break;
        }
    }

    private static void Crown(Surface surface, Figure figure, int cloth, float from, float off, float top)
    {
        Span<Ring> rings = stackalloc Ring[9];
        for (var i = 0; i < rings.Length; i++)
        {
            var t = i / 8f;
            var level = float.Lerp(from, 0.99f, t);
            var ring = BareBody.Around(figure, level, off);
            var rise = float.Lerp(from, top, t) * figure.HeadHalfHeight;
            var round = i == 8 ? 0.05f : top > 1.3f ? 1 + (0.35f * t * t) : 1;
            rings[i] = ring with
            {
                Centre = figure.HeadCentre + (figure.HeadUp * rise),
                HalfWidth = ring.HalfWidth * round,
                DepthFront = ring.DepthFront * round,
                DepthBack = ring.DepthBack * round,
            };
        }

        surface.Loft(rings, 20, cloth);
    }

    private static void Peak(Surface surface, Figure figure, int cloth)
    {
        const int Columns = 10;
        var points = surface.Sheet(3, Columns);
        var size = figure.HeadHalfHeight;
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c <= Columns; c++)
            {
                var angle = float.Lerp(-1.15f, 1.15f, (float)c / Columns);
                var (sin, cos) = MathF.SinCos(angle);
                var reach = 0.82f + (0.38f * r * cos);
                points[(r * (Columns + 1)) + c] = figure.HeadCentre + (figure.HeadUp * ((0.42f - (0.06f * r)) * size)) +
                    (figure.HeadLeft * (sin * 0.78f * size)) + (figure.HeadForward * (cos * reach * size));
            }
        }

        var below = figure.HeadCentre;
        surface.Stretch(points, [below, below, below], [0, 0.04f, 0.08f], Columns, closed: false, cloth);
    }

    private static void Brim(Surface surface, Figure figure, int cloth)
    {
        var inner = BareBody.Around(figure, 0.38f, 0.016f);
        var outer = inner with
        {
            HalfWidth = inner.HalfWidth + 0.055f,
            DepthFront = inner.DepthFront + 0.06f,
            DepthBack = inner.DepthBack + 0.05f,
            Centre = inner.Centre - (figure.HeadUp * 0.012f),
        };
        Span<Ring> rings = [inner with { Centre = inner.Centre + (figure.HeadUp * 0.006f) }, outer, inner with { Centre = inner.Centre - (figure.HeadUp * 0.012f) }];
        surface.Loft(rings, 22, cloth);
    }

    private static void Band(Surface surface, Figure figure, int cloth)
    {
        Span<Ring> rings = [BareBody.Around(figure, 0.12f, 0.02f), BareBody.Around(figure, 0.14f, 0.031f), BareBody.Around(figure, 0.42f, 0.031f), BareBody.Around(figure, 0.46f, 0.02f)];
        surface.Loft(rings, 20, cloth);
    }

    /// <summary>A hood over the head: a shell that is open around the face and runs down to the shoulders.</summary>
    private static void RaisedHood(Surface surface, Figure figure, int cloth)
    {
        const int Rows = 12;
        const int Columns = 18;
        var points = surface.Sheet(Rows, Columns);
        Span<Vector3> inside = stackalloc Vector3[Rows];
        Span<float> lengths = stackalloc float[Rows];
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            var y = float.Lerp(-1.35f, 1.0f, MathF.Sin(t * MathF.PI / 2));
            var ring = BareBody.Around(figure, Math.Clamp(y, -0.5f, 0.99f), 0.03f);
            var lift = new Vector3(0, y < -0.5f ? (y + 0.5f) * figure.HeadHalfHeight : 0.022f * Math.Clamp(y, 0, 1), 0);
            inside[r] = figure.HeadCentre + (figure.HeadUp * (MathF.Min(y, 0.5f) * figure.HeadHalfHeight));
            lengths[r] = t * 0.4f;
            var gape = y > 0.6f ? 0.46f : y > -0.6f ? 0.345f : 0.44f;
            for (var c = 0; c <= Columns; c++)
            {
                var u = float.Lerp(-gape, gape, (float)c / Columns);
                points[(r * (Columns + 1)) + c] = ring.At(u) + lift;
            }
        }

        surface.Stretch(points, inside, lengths, Columns, closed: false, cloth);
    }
}
