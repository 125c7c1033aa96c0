using System.Numerics;
using Semblance.Core;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Scenes;

/// <summary>Builds what stands between the camera and the person.</summary>
internal static class Obstacles
{
    public static void Build(Surface surface, Shot shot, Vector3 person, Vector3 eye, ref Randomness r)
    {
        if (shot.Obstacle == Obstacle.None)
        {
            return;
        }

        var towards = Vector3.Normalize((eye - person) with { Y = 0 });
        var side = Vector3.Normalize(Vector3.Cross(Vector3.UnitY, towards));
        var colour = Palette.Shade(r.Pick(ColourName.Grey, ColourName.DarkGrey, ColourName.DarkGreen, ColourName.Brown, ColourName.Red, ColourName.Navy, ColourName.LightGrey), ref r);
        var at = person + (towards * (float)r.NextDouble(0.5, 0.9)) + (side * (float)r.NextDouble(-0.4, 0.4));
        var cloth = surface.Add(Stuff.Plain(colour, BodyPart.Background, gloss: 0.15f));
        switch (shot.Obstacle)
        {
            case Obstacle.Post:
                Tube(surface, at + (side * 0.05f), 3, (float)r.NextDouble(0.035, 0.1), 0, cloth);
                break;
            case Obstacle.Bin:
                Tube(surface, at, (float)r.NextDouble(0.55, 0.85), (float)r.NextDouble(0.16, 0.26), 0.05f, cloth);
                break;
            case Obstacle.Bench:
                var wood = surface.Add(Stuff.Plain(Palette.Shade(ColourName.Brown, ref r), BodyPart.Background) with { Kind = TextureKind.Slats, Frequency = 9 });
                surface.Box(at + new Vector3(0, 0.44f, 0), side * 0.8f, new Vector3(0, 0.03f, 0), towards * 0.2f, wood);
                surface.Box(at + new Vector3(0, 0.66f, 0) - (towards * 0.2f), side * 0.8f, new Vector3(0, 0.13f, 0), towards * 0.02f, wood);
                for (var i = -1; i <= 1; i += 2)
                {
                    surface.Box(at + new Vector3(0, 0.21f, 0) + (side * (0.65f * i)), side * 0.03f, new Vector3(0, 0.21f, 0), towards * 0.17f, cloth);
                }

                break;
            case Obstacle.Suitcase:
                surface.Box(at + new Vector3(0, 0.36f, 0), side * 0.22f, new Vector3(0, 0.31f, 0), towards * 0.13f, cloth);
                surface.Box(at + new Vector3(0, 0.80f, 0), side * 0.10f, new Vector3(0, 0.015f, 0), towards * 0.015f, cloth);
                surface.Box(at + new Vector3(0, 0.73f, 0) + (side * 0.09f), side * 0.01f, new Vector3(0, 0.08f, 0), towards * 0.01f, cloth);
                surface.Box(at + new Vector3(0, 0.73f, 0) - (side * 0.09f), side * 0.01f, new Vector3(0, 0.08f, 0), towards * 0.01f, cloth);
                break;
            default:
                var leaves = surface.Add(new Material
                {
                    Kind = TextureKind.Leaves,
                    Base = Palette.FromSrgb(36, 62, 26),
                    Second = Palette.FromSrgb(104, 138, 62),
                    Seed = (uint)r.NextBits(),
                    Folds = 1.2f,
                    FoldsAcross = 4,
                    FoldsAlong = 5,
                });
                Bush(surface, at, (float)r.NextDouble(0.5, 0.85), (float)r.NextDouble(0.3, 0.45), leaves);
                break;
        }
    }

    private static void Bush(Surface surface, Vector3 at, float height, float radius, int material)
    {
        Span<Ring> rings = stackalloc Ring[9];
        for (var i = 0; i < rings.Length; i++)
        {
            var t = i / 8f;
            var swell = MathF.Sqrt(MathF.Max(0.0001f, 1 - ((t - 0.35f) * (t - 0.35f) / (t > 0.35f ? 0.4225f : 0.3f))));
            rings[i] = Ring.Round(at + new Vector3(0, height * t, 0), Vector3.UnitX, Vector3.UnitZ, radius * swell);
        }

        surface.Loft(rings, 20, material, crumple: 0.13f);
    }

    private static void Tube(Surface surface, Vector3 at, float height, float radius, float flare, int material)
    {
        Span<Ring> rings = stackalloc Ring[6];
        for (var i = 0; i < 5; i++)
        {
            rings[i] = Ring.Round(at + new Vector3(0, height * i / 4, 0), Vector3.UnitX, Vector3.UnitZ, radius + (flare * i / 4));
        }

        rings[5] = Ring.Round(at + new Vector3(0, height, 0), Vector3.UnitX, Vector3.UnitZ, 0.001f);
        surface.Loft(rings, 14, material);
    }
}
