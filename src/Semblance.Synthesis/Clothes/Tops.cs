using System.Numerics;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>Builds what covers the upper body: torso, sleeves, collar, hood, and the skirt of a coat or a dress.</summary>
internal static class Tops
{
    public static void Build(Surface surface, Figure figure, Outfit outfit)
    {
        var h = figure.Body.Height;
        var ease = outfit.UpperEase;
        var straight = outfit.Upper switch
        {
            UpperGarment.Coat or UpperGarment.Jacket => 0.75f,
            UpperGarment.Hoodie or UpperGarment.Sweater => 0.7f,
            UpperGarment.Blouse => 0.25f,
            _ => outfit.Lower == LowerGarment.Dress ? 0.1f : 0.5f,
        };
        var material = Stuff.Of(outfit.UpperCloth, BodyPart.Upper);
        if (outfit.Inner is { } inner)
        {
            material.Inner = surface.Add(Stuff.Plain(inner, BodyPart.Inner, folds: 0.3f, seed: outfit.Seed));
            material.Opening = outfit.Opening;
        }

        var cloth = surface.Add(material);
        Span<Ring> rings = stackalloc Ring[26];
        var count = 0;
        if (outfit.UpperLength == GarmentLength.Long && outfit.Lower != LowerGarment.Dress)
        {
            const int Rows = 8;
            for (var i = 0; i < Rows; i++)
            {
                var s = float.Lerp(outfit.UpperReach, 0.08f, (float)i / (Rows - 1));
                rings[count++] = figure.AroundLegs(s, ease + (0.03f * s));
            }
        }
        else if (outfit.Lower != LowerGarment.Dress)
        {
            var hem = outfit.UpperLength == GarmentLength.Short ? 0.06f : -0.14f;
            var gathered = outfit.Upper is UpperGarment.Hoodie or UpperGarment.Sweater or UpperGarment.Jacket;
            var bottom = figure.Section(hem, ease + 0.004f, straight);
            rings[count++] = bottom with { HalfWidth = bottom.HalfWidth - 0.012f, DepthFront = bottom.DepthFront - 0.012f, DepthBack = bottom.DepthBack - 0.012f };
            rings[count++] = gathered ? bottom with { HalfWidth = bottom.HalfWidth - 0.006f, Centre = bottom.Centre + new Vector3(0, 0.004f, 0) } : bottom with { Centre = bottom.Centre + new Vector3(0, 0.004f, 0) };
            if (hem < 0)
            {
                rings[count++] = figure.Section(-0.05f, ease + (gathered ? 0.012f : 0.004f), straight);
            }
        }

        foreach (var t in (ReadOnlySpan<float>)[0.12f, 0.22f, 0.32f, 0.43f, 0.54f, 0.65f, 0.74f, 0.82f, 0.88f, 0.93f, 0.97f])
        {
            if (outfit.UpperLength == GarmentLength.Short && t < 0.15f)
            {
                continue;
            }

            rings[count++] = figure.Section(t, ease, straight);
        }

        rings[count++] = figure.Section(1.0f, ease * 0.8f);
        surface.Loft(rings[..count], 28, cloth, crumple: 0.003f + (0.007f * outfit.UpperCloth.Folds));
        Collar(surface, figure, outfit, material with { Opening = 0, Folds = 0.1f });
        if (outfit.Hood && outfit.Headwear != Headwear.Hood)
        {
            Hood(surface, figure, cloth, h);
        }

        if (outfit.Sleeves != SleeveLength.None)
        {
            var sleeve = surface.Add(Stuff.Of(outfit.UpperCloth, BodyPart.Sleeve) with { FoldsAlong = 2.6f, Folds = outfit.UpperCloth.Folds * 1.2f });
            Sleeve(surface, figure, outfit, 0, sleeve);
            Sleeve(surface, figure, outfit, 1, sleeve);
        }
    }

    private static void Sleeve(Surface surface, Figure figure, Outfit outfit, int side, int material)
    {
        var reach = outfit.Sleeves == SleeveLength.Short ? 0.72f : 1.97f;
        var ease = outfit.UpperEase * 0.85f;
        var loose = outfit.Sleeves == SleeveLength.Short ? 0.012f : 0.004f;
        Span<Ring> rings = stackalloc Ring[outfit.Sleeves == SleeveLength.Short ? 8 : 15];
        Limb.Rings(rings, figure.Shoulders[side], figure.Elbows[side], figure.Wrists[side], figure.ChestForward, -0.06f, reach, s =>
        {
            var radius = figure.ArmRadius(s) + ease + (loose * MathF.Min(1, MathF.Max(0, s)));
            return s < 0.02f ? radius * 0.8f : radius;
        });
        surface.Loft(rings, 14, material, crumple: 0.002f + (0.006f * outfit.UpperCloth.Folds));
    }

    private static void Collar(Surface surface, Figure figure, Outfit outfit, Material cloth)
    {
        var (bottom, top, stand) = outfit.Upper switch
        {
            UpperGarment.Coat => (0.93f, 1.07f, 0.024f),
            UpperGarment.Jacket => (0.95f, 1.10f, 0.016f),
            UpperGarment.Shirt or UpperGarment.Blouse => (0.97f, 1.06f, 0.010f),
            UpperGarment.Sweater => (0.98f, 1.04f, 0.010f),
            _ => (0.985f, 1.012f, 0.006f),
        };
        Span<Ring> rings = [figure.Section(bottom, outfit.UpperEase + 0.002f), figure.Section((bottom + top) / 2, stand + 0.010f), figure.Section(top, stand * 2.2f)];
        surface.Loft(rings, 18, surface.Add(cloth with { Base = cloth.Base * 0.93f }));
    }

    /// <summary>A hood that lies on the back: a thick roll around the neck, open at the front.</summary>
    private static void Hood(Surface surface, Figure figure, int material, float height)
    {
        var neck = figure.Section(1.0f);
        Span<Ring> rings = stackalloc Ring[11];
        for (var i = 0; i < rings.Length; i++)
        {
            var angle = float.Lerp(-2.25f, 2.25f, i / 10f);
            var (sin, cos) = MathF.SinCos(angle);
            var outward = (figure.ChestLeft * sin) - (figure.ChestForward * cos);
            var along = Vector3.Normalize((figure.ChestLeft * cos) + (figure.ChestForward * sin));
            var thick = 0.006f + (0.021f * MathF.Max(0, 1 - (angle * angle / 5.6f)));
            var centre = neck.Centre + (outward * ((0.042f * height) + (0.012f * cos))) + new Vector3(0, (-0.012f * height) - (0.02f * cos), 0);
            rings[i] = new Ring(centre, Vector3.Normalize(Vector3.Cross(outward, along)), outward, thick * 1.7f, thick, thick);
        }

        surface.Loft(rings, 10, material);
    }
}
