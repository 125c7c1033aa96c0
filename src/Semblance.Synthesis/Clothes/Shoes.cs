using System.Numerics;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Clothes;

/// <summary>Builds shoes, sneakers, sandals and boots, sole and all.</summary>
internal static class Shoes
{
    // Along the foot from heel to toe, in foot lengths: position, half width, height of the upper.
    private static readonly (float At, float Width, float Height)[] Profile =
        [(-0.27f, 0.06f, 0.16f), (-0.24f, 0.13f, 0.27f), (-0.10f, 0.155f, 0.34f), (0.08f, 0.155f, 0.33f), (0.25f, 0.17f, 0.25f), (0.45f, 0.185f, 0.18f), (0.62f, 0.165f, 0.14f), (0.70f, 0.11f, 0.10f), (0.73f, 0.03f, 0.06f)];

    public static void Build(Surface surface, Figure figure, Outfit outfit)
    {
        var shoe = surface.Add(Stuff.Plain(outfit.Shoes, BodyPart.Foot, gloss: outfit.Footwear is Footwear.Shoes or Footwear.Boots ? 0.35f : 0.1f) with
        {
            Kind = outfit.Footwear == Footwear.Sneakers ? TextureKind.Shoe : TextureKind.Plain,
            Second = outfit.Soles.Linear,
            Seed = outfit.Seed,
        });
        var sole = surface.Add(Stuff.Plain(outfit.Soles, BodyPart.Foot));
        var bare = outfit.Footwear == Footwear.Sandals ? surface.Add(BareBody.SkinOf(figure.Body, BodyPart.Foot)) : shoe;
        for (var side = 0; side < 2; side++)
        {
            Foot(surface, figure, outfit, side, shoe, sole, bare);
        }
    }

    private static void Foot(Surface surface, Figure figure, Outfit outfit, int side, int shoe, int sole, int bare)
    {
        var length = 0.152f * figure.Body.Height;
        var forward = figure.FeetForward[side];
        var left = Vector3.Normalize(Vector3.Cross(Vector3.UnitY, forward));
        var up = Vector3.Cross(forward, left);
        var floor = figure.Ankles[side] - (up * figure.AnkleHeight);
        Span<Ring> rings = stackalloc Ring[Profile.Length];
        for (var i = 0; i < Profile.Length; i++)
        {
            var (at, width, tall) = Profile[i];
            var half = 0.5f * (tall + 0.02f) * length;
            rings[i] = new Ring(floor + (forward * (at * length)) + (up * (half + 0.008f)), left, up, width * length, half, half, 2.6f);
        }

        surface.Loft(rings, 12, bare);
        for (var i = 0; i < Profile.Length; i++)
        {
            var (at, width, _) = Profile[i];
            rings[i] = new Ring(floor + (forward * (at * 1.03f * length)) + (up * 0.011f), left, up, (width * length) + 0.005f, 0.013f, 0.011f, 4);
        }

        surface.Loft(rings, 10, sole);
        if (outfit.Footwear == Footwear.Sandals)
        {
            for (var i = 0; i < 2; i++)
            {
                var at = i == 0 ? 0.42f : 0.02f;
                Span<Ring> strap = [Band(at - 0.05f), Band(at), Band(at + 0.05f)];
                surface.Loft(strap, 10, shoe);

                Ring Band(float x) => new(floor + (forward * (x * length)) + (up * 0.1f * length), left, up, 0.2f * length, 0.17f * length * (1.25f - x), 0.1f * length, 2.4f);
            }
        }
        else
        {
            // The opening around the ankle; for boots the whole shaft.
            var boots = outfit.Footwear == Footwear.Boots;
            Span<Ring> shaft = stackalloc Ring[boots ? 8 : 4];
            Limb.Rings(shaft, figure.Hips[side], figure.Knees[side], figure.Ankles[side], Vector3.UnitZ, boots ? outfit.BootReach : 1.88f, 2.1f, s =>
                figure.LegRadius(s) + (boots ? 0.016f : 0.006f));
            surface.Loft(shaft, 12, boots ? shoe : surface.Add(Stuff.Plain(outfit.Soles, BodyPart.Foot)));
        }
    }
}
