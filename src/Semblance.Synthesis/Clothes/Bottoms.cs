using System.Numerics;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>Builds what covers the lower body: trousers, shorts, a skirt, or the lower half of a dress.</summary>
internal static class Bottoms
{
    public static void Build(Surface surface, Figure figure, Outfit outfit)
    {
        if (outfit.Lower is LowerGarment.Skirt or LowerGarment.Dress)
        {
            Skirt(surface, figure, outfit);
        }
        else
        {
            Trousers(surface, figure, outfit);
        }
    }

    private static void Trousers(Surface surface, Figure figure, Outfit outfit)
    {
        var cloth = surface.Add(Stuff.Of(outfit.LowerCloth, BodyPart.Lower) with { FoldsAlong = 1.8f });
        Span<Ring> seat = [
            Shrunk(figure.Section(-0.24f, 0.006f), 0.62f), figure.Section(-0.14f, 0.008f), figure.Section(-0.05f, 0.009f),
            figure.Section(0.05f, 0.009f), figure.Section(0.16f, 0.008f), figure.Section(0.25f, 0.007f)];
        surface.Loft(seat, 22, cloth, crumple: 0.004f);
        var shorts = outfit.Lower == LowerGarment.Shorts;
        var reach = shorts ? outfit.LowerReach : outfit.Footwear == Footwear.Boots ? 1.9f : 2.06f;
        Span<Ring> rings = stackalloc Ring[shorts ? 9 : 18];
        for (var side = 0; side < 2; side++)
        {
            Limb.Rings(rings, figure.Hips[side], figure.Knees[side], figure.Ankles[side], Vector3.UnitZ, -0.05f, reach, s =>
                figure.LegRadius(s) + 0.006f + (outfit.LowerEase * MathF.Min(1, MathF.Max(0, s * 0.75f)) * (s > 1.2f ? 1 + (0.5f * (s - 1.2f)) : 1)));
            surface.Loft(rings, 16, cloth, crumple: 0.004f + (0.007f * outfit.LowerCloth.Folds));
        }
    }

    private static void Skirt(Surface surface, Figure figure, Outfit outfit)
    {
        var dress = outfit.Lower == LowerGarment.Dress;
        var cloth = surface.Add(Stuff.Of(dress ? outfit.UpperCloth : outfit.LowerCloth, BodyPart.Lower) with { FoldsAcross = 2.5f, FoldsAlong = 0.35f, Folds = 0.8f });
        Span<Ring> rings = stackalloc Ring[14];
        const int Fall = 10;
        for (var i = 0; i < Fall; i++)
        {
            var s = float.Lerp(outfit.LowerReach, 0.05f, (float)i / (Fall - 1));
            rings[i] = figure.AroundLegs(s, 0.012f + (outfit.LowerEase * s));
        }

        var top = dress ? outfit.UpperEase : 0.010f;
        rings[10] = figure.Section(0.02f, top + 0.002f);
        rings[11] = figure.Section(0.12f, top);
        rings[12] = figure.Section(0.22f, top);
        rings[13] = figure.Section(0.30f, top - 0.004f);
        surface.Loft(rings, 26, cloth, crumple: 0.006f + (0.3f * outfit.LowerEase * 0.5f));
    }

    private static Ring Shrunk(Ring ring, float by) =>
        ring with { HalfWidth = ring.HalfWidth * by, DepthFront = ring.DepthFront * by, DepthBack = ring.DepthBack * by };
}
