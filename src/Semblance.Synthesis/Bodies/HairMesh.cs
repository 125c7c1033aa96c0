using System.Numerics;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Bodies;

/// <summary>Builds hair: a cap over the skull with a hair line, and what hangs from it.</summary>
internal static class HairMesh
{
    public static void Build(Surface surface, Figure figure, Outfit outfit)
    {
        if (outfit.HairLength == HairLength.Bald)
        {
            return;
        }

        var material = surface.Add(new Material
        {
            Part = BodyPart.Hair,
            Kind = TextureKind.Hair,
            Base = outfit.Hair.Linear,
            Second = outfit.Hair.Linear,
            Gloss = 0.25f,
            Seed = outfit.Seed,
            Folds = outfit.HairStyle == HairStyle.Curly ? 1.2f : 0.3f,
            FoldsAcross = outfit.HairStyle == HairStyle.Curly ? 4 : 5,
            FoldsAlong = outfit.HairStyle == HairStyle.Curly ? 7 : 0.6f,
        });
        var covered = outfit.Headwear is Headwear.Beanie or Headwear.Hood or Headwear.Cap or Headwear.Hat;
        Cap(surface, figure, outfit, material, covered);
        if (outfit.HairLength == HairLength.Short || outfit.Headwear == Headwear.Hood)
        {
            return;
        }

        switch (outfit.HairStyle)
        {
            case HairStyle.Ponytail:
                Tail(surface, figure, outfit, material);
                break;
            case HairStyle.Bun:
                Bun(surface, figure, material);
                break;
            default:
                Fall(surface, figure, outfit, material);
                break;
        }
    }

    private static void Cap(Surface surface, Figure figure, Outfit outfit, int material, bool covered)
    {
        const int Rows = 8;
        const int Columns = 24;
        var curly = outfit.HairStyle == HairStyle.Curly && !covered;
        var off = covered ? 0.006f : outfit.HairVolume;
        var longer = outfit.HairLength != HairLength.Short;
        var points = surface.Sheet(Rows, Columns);
        Span<Vector3> inside = stackalloc Vector3[Rows];
        Span<float> lengths = stackalloc float[Rows];
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            inside[r] = figure.HeadCentre + (figure.HeadUp * (0.4f * t * figure.HeadHalfHeight));
            lengths[r] = t * 0.2f;
            for (var c = 0; c <= Columns; c++)
            {
                var u = c == Columns ? 0 : (float)c / Columns;
                var front = 1 - (MathF.Abs(u - 0.5f) * 2);
                var line = HairLine(front, longer);
                var y = float.Lerp(line, 1, MathF.Pow(t, 0.8f));
                var lift = off * (0.35f + (0.65f * MathF.Min(1, t * 3)));
                if (curly)
                {
                    lift += 0.022f + (0.012f * Noise.At((u * 3) + (outfit.Seed % 31), t * 2));
                }
                else
                {
                    lift += 0.004f * Noise.At((u * 2) + (outfit.Seed % 31), t);
                }

                var ring = BareBody.Around(figure, MathF.Min(y, 0.985f), lift);
                points[(r * Columns) + r + c] = r == Rows - 1
                    ? figure.HeadCentre + (figure.HeadUp * (figure.HeadHalfHeight + lift))
                    : ring.At(u) + (figure.HeadUp * (lift * Math.Clamp((y - 0.3f) / 0.7f, 0, 1)));
            }
        }

        surface.Stretch(points, inside, lengths, Columns, closed: true, material);
    }

    /// <summary>Level of the hair line: <paramref name="front"/> is 0 at the nape and 1 above the nose.</summary>
    private static float HairLine(float front, bool longer)
    {
        var nape = longer ? -0.7f : -0.5f;
        if (front < 0.45f)
        {
            return float.Lerp(nape, longer ? -0.35f : -0.22f, front / 0.45f);
        }

        // Around the ear, up the temple, across the forehead.
        return front < 0.68f ? float.Lerp(longer ? -0.35f : -0.22f, 0.45f, (front - 0.45f) / 0.23f) : float.Lerp(0.45f, 0.58f, (front - 0.68f) / 0.32f);
    }

    /// <summary>Loose hair: a sheet around the back and the sides that falls to the neck or the back.</summary>
    private static void Fall(Surface surface, Figure figure, Outfit outfit, int material)
    {
        const int Rows = 9;
        const int Columns = 18;
        var size = figure.HeadHalfHeight;
        var curly = outfit.HairStyle == HairStyle.Curly;
        var reach = outfit.HairLength == HairLength.Long ? 2.5f + (0.1f * (outfit.Seed % 7)) : 1.25f;
        var points = surface.Sheet(Rows, Columns);
        Span<Vector3> inside = stackalloc Vector3[Rows];
        Span<float> lengths = stackalloc float[Rows];
        for (var r = 0; r < Rows; r++)
        {
            var t = r / (Rows - 1f);
            var y = float.Lerp(0.45f, -reach, t);
            inside[r] = figure.HeadCentre + new Vector3(0, y * size, 0) + (figure.HeadForward * 0.3f * size);
            lengths[r] = t * 0.4f;
            var swell = 1 + (0.10f * MathF.Sin(MathF.PI * MathF.Min(1, t * 1.4f)));
            var width = (0.70f * size * swell) + outfit.HairVolume + (curly ? 0.03f : 0);
            var back = ((y > -0.6f ? 0.88f : 0.80f) * size) + outfit.HairVolume + (curly ? 0.025f : 0);
            if (r == Rows - 1)
            {
                width *= 0.88f;
                back *= 0.95f;
            }

            var up = y > -0.5f ? figure.HeadUp : Vector3.UnitY;
            var centre = y > -0.5f ? figure.HeadCentre + (up * (y * size)) : figure.HeadCentre - (figure.HeadUp * 0.5f * size) + new Vector3(0, (y + 0.5f) * size, 0);
            for (var c = 0; c <= Columns; c++)
            {
                // From the left temple around the nape to the right temple.
                var angle = float.Lerp(-1.9f, 1.9f, (float)c / Columns) * (y < -0.6f ? 0.93f : 1);
                var (sin, cos) = MathF.SinCos(angle);
                var wave = curly ? 0.014f * Noise.At((c * 0.14f) + (outfit.Seed % 13), t * 3) : 0.004f * Noise.At(c * 0.2f, t);
                points[(r * (Columns + 1)) + c] = centre + (figure.HeadLeft * (sin * (width + wave))) - (figure.HeadForward * (cos * (back + wave)));
            }
        }

        surface.Stretch(points, inside, lengths, Columns, closed: false, material);
    }

    private static void Tail(Surface surface, Figure figure, Outfit outfit, int material)
    {
        var size = figure.HeadHalfHeight;
        var reach = outfit.HairLength == HairLength.Long ? 2.1f : 1.2f;
        Span<Ring> rings = stackalloc Ring[8];
        for (var i = 0; i < rings.Length; i++)
        {
            var t = i / 7f;
            var back = 0.84f + (0.42f * MathF.Sin(t * 1.9f));
            var at = figure.HeadCentre + (figure.HeadUp * (0.42f - (0.25f * t)) * size) - (figure.HeadForward * (back * size)) - new Vector3(0, reach * t * t * size, 0);
            rings[i] = Ring.Round(at, figure.HeadLeft, t < 0.4f ? figure.HeadUp : figure.HeadForward, size * (i == 7 ? 0.06f : 0.15f + (0.14f * MathF.Sin(MathF.PI * MathF.Sqrt(t)))));
        }

        surface.Loft(rings, 10, material);
    }

    private static void Bun(Surface surface, Figure figure, int material)
    {
        var size = figure.HeadHalfHeight;
        Span<Ring> rings = stackalloc Ring[6];
        for (var i = 0; i < rings.Length; i++)
        {
            var angle = MathF.PI * i / 5;
            var (sin, cos) = MathF.SinCos(angle);
            var at = figure.HeadCentre + (figure.HeadUp * ((0.62f - (0.36f * cos)) * size)) - (figure.HeadForward * (0.88f * size));
            rings[i] = Ring.Round(at, figure.HeadLeft, figure.HeadForward, 0.38f * size * MathF.Max(0.03f, sin));
        }

        surface.Loft(rings, 12, material);
    }
}
