using System.Numerics;
using Semblance.Synthesis.Clothes;
using Semblance.Synthesis.Rendering;
using Semblance.Text;

namespace Semblance.Synthesis.Bodies;

/// <summary>Builds what skin shows: neck, head with nose and ears, arms with hands, legs.</summary>
internal static class BareBody
{
    /// <summary>The skull from chin to crown in half heights: level, half width, depth to the front and to the back.</summary>
    public static readonly (float Y, float Width, float Front, float Back)[] Skull =
    [
        (-1.00f, 0.15f, 0.52f, 0.02f), (-0.93f, 0.30f, 0.68f, 0.16f), (-0.78f, 0.43f, 0.73f, 0.40f), (-0.55f, 0.53f, 0.74f, 0.60f), (-0.28f, 0.60f, 0.76f, 0.76f),
        (0.0f, 0.645f, 0.77f, 0.86f), (0.25f, 0.665f, 0.79f, 0.90f), (0.48f, 0.65f, 0.76f, 0.88f), (0.70f, 0.56f, 0.63f, 0.76f), (0.87f, 0.40f, 0.44f, 0.54f), (0.97f, 0.19f, 0.21f, 0.26f), (1.0f, 0.02f, 0.02f, 0.02f),
    ];

    public static Material SkinOf(Physique body, BodyPart part) => new()
    {
        Part = part,
        Kind = TextureKind.Skin,
        Base = body.Skin,
        Second = body.Skin,
        Gloss = 0.08f,
    };

    public static void Build(Surface surface, Figure figure, Outfit outfit)
    {
        Head(surface, figure, outfit);
        var skin = surface.Add(SkinOf(figure.Body, BodyPart.Arm));
        for (var side = 0; side < 2; side++)
        {
            Arm(surface, figure, outfit, side, skin);
        }

        if (outfit.Lower is LowerGarment.Shorts or LowerGarment.Skirt or LowerGarment.Dress)
        {
            var leg = surface.Add(SkinOf(figure.Body, BodyPart.Leg));
            Span<Ring> rings = stackalloc Ring[14];
            for (var side = 0; side < 2; side++)
            {
                Limb.Rings(rings, figure.Hips[side], figure.Knees[side], figure.Ankles[side], Vector3.UnitZ, 0.2f, 2.08f, figure.LegRadius);
                surface.Loft(rings, 14, leg);
            }
        }
    }

    /// <summary>A ring around the skull at level <paramref name="y"/> in half heights, <paramref name="off"/> metres off the skin.</summary>
    public static Ring Around(Figure figure, float y, float off)
    {
        var i = 0;
        while (i < Skull.Length - 2 && y > Skull[i + 1].Y)
        {
            i++;
        }

        var (a, b) = (Skull[i], Skull[i + 1]);
        var t = Math.Clamp((y - a.Y) / (b.Y - a.Y), 0, 1);
        var size = figure.HeadHalfHeight;
        return new Ring(
            figure.HeadCentre + (figure.HeadUp * (y * size)),
            figure.HeadLeft,
            figure.HeadForward,
            (float.Lerp(a.Width, b.Width, t) * size) + off,
            (float.Lerp(a.Front, b.Front, t) * size) + off,
            (float.Lerp(a.Back, b.Back, t) * size) + off,
            2.15f);
    }

    private static void Head(Surface surface, Figure figure, Outfit outfit)
    {
        var size = figure.HeadHalfHeight;
        byte features = 0;
        features |= (byte)(outfit.Glasses ? outfit.DarkGlasses ? 2 : 1 : 0);
        features |= (byte)(figure.Body.Beard ? 4 : 0);
        features |= (byte)(figure.Body.Moustache ? 8 : 0);
        var face = surface.Add(SkinOf(figure.Body, BodyPart.Face) with
        {
            Kind = TextureKind.Face,
            Second = outfit.Hair.Linear,
            Frequency = 1 / (2 * size),
            Features = features,
        });
        Span<Ring> rings = stackalloc Ring[Skull.Length];
        for (var i = 0; i < Skull.Length; i++)
        {
            rings[i] = Around(figure, Skull[i].Y, 0);
        }

        surface.Loft(rings, 24, face);

        var skin = surface.Add(SkinOf(figure.Body, BodyPart.Face));
        Span<Ring> nose = stackalloc Ring[4];
        for (var i = 0; i < 4; i++)
        {
            var t = i / 3f;
            var at = figure.HeadCentre + (figure.HeadUp * (float.Lerp(0.12f, -0.34f, t) * size)) + (figure.HeadForward * (float.Lerp(0.73f, 0.80f, t) * size));
            nose[i] = new Ring(at, figure.HeadLeft, figure.HeadForward, float.Lerp(0.06f, 0.13f, t) * size, float.Lerp(0.06f, 0.17f, t) * size, 0.05f * size);
        }

        surface.Loft(nose, 8, skin);
        Span<Ring> ear = stackalloc Ring[4];
        for (var side = -1; side <= 1; side += 2)
        {
            for (var i = 0; i < 4; i++)
            {
                var y = float.Lerp(-0.28f, 0.14f, i / 3f);
                var w = i is 0 or 3 ? 0.05f : 0.11f;
                ear[i] = new Ring(
                    figure.HeadCentre + (figure.HeadUp * (y * size)) + (figure.HeadLeft * (side * 0.67f * size)) - (figure.HeadForward * 0.05f * size),
                    figure.HeadLeft, figure.HeadForward, 0.06f * size, w * size, w * size);
            }

            surface.Loft(ear, 8, skin);
        }

        var neck = surface.Add(SkinOf(figure.Body, BodyPart.Neck));
        var thick = figure.Body.Height * float.Lerp(0.0345f, 0.0285f, figure.Body.Femininity) * (1 + (0.1f * figure.Body.Build));
        var top = figure.HeadCentre - (figure.HeadUp * 0.55f * size) - (figure.HeadForward * 0.12f * size);
        Span<Ring> throat = stackalloc Ring[4];
        for (var i = 0; i < 4; i++)
        {
            var at = Vector3.Lerp(figure.Section(0.94f).Centre, top, i / 3f);
            throat[i] = Ring.Round(at, figure.ChestLeft, figure.ChestForward, thick * (i == 0 ? 1.25f : 1));
        }

        surface.Loft(throat, 14, neck);
    }

    private static void Arm(Surface surface, Figure figure, Outfit outfit, int side, int skin)
    {
        var from = outfit.Sleeves switch { SleeveLength.None => -0.08f, SleeveLength.Short => 0.5f, _ => 1.85f };
        Span<Ring> rings = stackalloc Ring[outfit.Sleeves == SleeveLength.Long ? 4 : 13];
        Limb.Rings(rings, figure.Shoulders[side], figure.Elbows[side], figure.Wrists[side], figure.ChestForward, from, 2.06f, figure.ArmRadius);
        surface.Loft(rings, 12, skin);

        var wrist = figure.Wrists[side];
        var along = Vector3.Normalize(figure.Hands[side] - wrist);
        var front = Vector3.Normalize(figure.ChestForward - (along * Vector3.Dot(figure.ChestForward, along)));
        var across = Vector3.Cross(along, front);
        var h = figure.Body.Height * (1 - (0.1f * figure.Body.Femininity));
        Span<Ring> hand = [Palm(-0.004f, 0.013f, 0.016f), Palm(0.02f, 0.015f, 0.023f), Palm(0.045f, 0.015f, 0.026f), Palm(0.07f, 0.0145f, 0.022f), Palm(0.088f, 0.012f, 0.017f), Palm(0.097f, 0.004f, 0.006f)];
        surface.Loft(hand, 10, skin);
        Span<Ring> thumb = [Thumb(0.015f, 0.018f, 0.008f), Thumb(0.035f, 0.029f, 0.0075f), Thumb(0.052f, 0.033f, 0.004f)];
        surface.Loft(thumb, 6, skin);

        Ring Palm(float at, float thick, float wide) => new(wrist + (along * (at * h)), across, front, thick * 0.62f * h, wide * 0.72f * h, wide * 0.72f * h);
        Ring Thumb(float at, float out_, float thick) => Ring.Round(wrist + (along * (at * h)) + (front * (out_ * 0.8f * h)), across, front, thick * h);
    }
}
