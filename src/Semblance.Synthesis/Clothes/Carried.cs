using System.Numerics;
using Semblance.Synthesis.Bodies;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Clothes;

/// <summary>Builds what is carried: backpack, handbag, umbrella, phone.</summary>
internal static class Carried
{
    public static void Backpack(Surface surface, Figure figure, Outfit outfit, Bag bag)
    {
        var main = surface.Add(Stuff.Plain(bag.Main, BodyPart.Backpack, gloss: 0.12f, folds: 0.25f, seed: outfit.Seed));
        var trim = surface.Add(Stuff.Plain(bag.Trim, BodyPart.Backpack, gloss: 0.12f, folds: 0.15f));
        var strap = surface.Add(Stuff.Plain(bag.Trim, BodyPart.Strap));
        var chest = figure.Section(0.62f, outfit.UpperEase, 0.6f);
        var up = Vector3.Normalize(figure.Neck - figure.Pelvis);
        var centre = chest.Centre - (chest.Front * (chest.DepthBack + (bag.Depth * 0.46f))) - (up * 0.02f);
        Box(surface, centre, chest.Side, up, chest.Front, bag.Width / 2, bag.Height / 2, bag.Depth / 2, main);
        Box(surface, centre - (chest.Front * bag.Depth * 0.42f) - (up * bag.Height * 0.17f), chest.Side, up, chest.Front, bag.Width * 0.38f, bag.Height * 0.26f, bag.Depth * 0.22f, trim);
        for (var side = -1; side <= 1; side += 2)
        {
            // Over the shoulder, down the chest, under the arm.
            ReadOnlySpan<(float T, float Turn)> path = [(0.80f, 0.10f), (0.91f, 0.14f), (0.945f, 0.25f), (0.90f, 0.355f), (0.80f, 0.385f), (0.68f, 0.385f), (0.56f, 0.36f), (0.48f, 0.31f), (0.44f, 0.22f), (0.42f, 0.12f)];
            Ribbon(surface, figure, outfit, path, side, 0.021f, strap);
        }
    }

    public static void Handbag(Surface surface, Figure figure, Outfit outfit, Bag bag)
    {
        var material = surface.Add(Stuff.Plain(bag.Main, BodyPart.Handbag, gloss: 0.3f, folds: 0.15f, seed: outfit.Seed));
        var trim = surface.Add(Stuff.Plain(bag.Trim, BodyPart.Handbag, gloss: 0.3f));
        var strap = surface.Add(Stuff.Plain(bag.Trim, BodyPart.Strap));
        var side = outfit.HandbagOnLeft ? 0 : 1;
        var sign = side == 0 ? 1 : -1;
        if (outfit.HandbagAcross)
        {
            var hip = figure.Section(0.02f, outfit.UpperEase + 0.01f, 0.6f);
            var centre = hip.Centre + (hip.Side * (sign * (hip.HalfWidth + (bag.Depth * 0.5f)))) + (hip.Front * 0.03f);
            Box(surface, centre, hip.Front, Vector3.UnitY, hip.Side, bag.Width / 2, bag.Height / 2, bag.Depth / 2, material);
            Box(surface, centre + new Vector3(0, bag.Height * 0.2f, 0), hip.Front, Vector3.UnitY, hip.Side, bag.Width * 0.51f, bag.Height * 0.31f, bag.Depth * 0.56f, trim);
            // From the hip up across the chest to the other shoulder, and down the back.
            ReadOnlySpan<(float T, float Turn)> path = [(0.10f, 0.30f), (0.25f, 0.36f), (0.42f, 0.43f), (0.60f, 0.51f), (0.76f, 0.59f), (0.88f, 0.65f), (0.95f, 0.75f), (0.88f, 0.87f), (0.72f, 0.94f), (0.52f, 1.03f), (0.30f, 1.12f), (0.12f, 1.20f)];
            Ribbon(surface, figure, outfit, path, sign, 0.014f, strap);
            return;
        }

        var hand = figure.Hands[side];
        var middle = hand - new Vector3(0, (bag.Height / 2) + 0.13f, 0);
        Box(surface, middle, Vector3.UnitZ, Vector3.UnitY, Vector3.UnitX, bag.Width / 2, bag.Height / 2, bag.Depth / 2, material);
        Box(surface, middle + new Vector3(0, bag.Height * 0.42f, 0), Vector3.UnitZ, Vector3.UnitY, Vector3.UnitX, bag.Width * 0.5f, bag.Height * 0.1f, bag.Depth * 0.53f, trim);
        Span<Ring> handle = stackalloc Ring[9];
        for (var i = 0; i < handle.Length; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.PI * i / 8);
            var at = middle + new Vector3(0, (bag.Height / 2) + (0.14f * sin), 0.3f * bag.Width * cos);
            handle[i] = Ring.Round(at, Vector3.UnitX, new Vector3(0, cos, sin), 0.007f);
        }

        surface.Loft(handle, 6, strap);
    }

    public static void Umbrella(Surface surface, Figure figure, Outfit outfit, Dye dye, int side)
    {
        var cloth = surface.Add(Stuff.Plain(dye, BodyPart.Umbrella, gloss: 0.2f, folds: 0.1f, seed: outfit.Seed));
        var steel = surface.Add(Stuff.Plain(new Dye(Semblance.Text.ColourName.Grey, new Vector3(0.2f)), BodyPart.Umbrella, gloss: 0.5f));
        var hand = figure.Hands[side];
        var apex = new Vector3(hand.X * 0.45f, MathF.Max(figure.HeadCentre.Y + 0.44f, hand.Y + 0.7f), hand.Z * 0.6f);
        Span<Ring> shaft = [Ring.Round(hand - new Vector3(0, 0.1f, 0), Vector3.UnitX, Vector3.UnitZ, 0.008f), Ring.Round(apex, Vector3.UnitX, Vector3.UnitZ, 0.006f)];
        surface.Loft(shaft, 5, steel);
        Span<Ring> dome = stackalloc Ring[6];
        for (var i = 0; i < dome.Length; i++)
        {
            var t = i / 5f;
            dome[i] = Ring.Round(apex - new Vector3(0, 0.27f * t * t, 0), Vector3.UnitX, Vector3.UnitZ, MathF.Max(0.005f, 0.52f * MathF.Sin(t * 1.45f)));
        }

        surface.Loft(dome, 16, cloth);
    }

    public static void Phone(Surface surface, Figure figure, int side)
    {
        var black = surface.Add(Stuff.Plain(new Dye(Semblance.Text.ColourName.Black, new Vector3(0.015f)), BodyPart.Phone, gloss: 0.6f));
        var along = Vector3.Normalize(figure.Hands[side] - figure.Wrists[side]);
        var front = Vector3.Normalize(figure.ChestForward - (along * Vector3.Dot(figure.ChestForward, along)));
        var at = figure.Hands[side] + (along * 0.05f) + (front * 0.012f);
        surface.Box(at, Vector3.Cross(along, front) * 0.035f, along * 0.072f, front * 0.005f, black);
    }

    private static void Box(Surface surface, Vector3 centre, Vector3 right, Vector3 up, Vector3 front, float halfWidth, float halfHeight, float halfDepth, int material)
    {
        Span<Ring> rings = stackalloc Ring[7];
        ReadOnlySpan<(float Level, float Size)> profile = [(-1, 0.05f), (-1, 0.82f), (-0.9f, 0.97f), (0, 1.03f), (0.85f, 0.95f), (1, 0.75f), (1.02f, 0.05f)];
        for (var i = 0; i < rings.Length; i++)
        {
            var (level, size) = profile[i];
            rings[i] = new Ring(centre + (up * (level * halfHeight)), right, front, halfWidth * size, halfDepth * size, halfDepth * size, 3.6f);
        }

        surface.Loft(rings, 20, material);
    }

    /// <summary>A band that lies on the torso along a path of (level, turn); turns are mirrored for side -1.</summary>
    private static void Ribbon(Surface surface, Figure figure, Outfit outfit, ReadOnlySpan<(float T, float Turn)> path, int side, float halfWidth, int material)
    {
        var points = surface.Sheet(path.Length, 2);
        Span<Vector3> inside = stackalloc Vector3[path.Length];
        Span<float> lengths = stackalloc float[path.Length];
        for (var i = 0; i < path.Length; i++)
        {
            inside[i] = figure.Section(path[i].T).Centre;
            lengths[i] = i * 0.1f;
            var here = On(path[i]);
            var along = Vector3.Normalize(On(path[Math.Min(i + 1, path.Length - 1)]) - On(path[Math.Max(i - 1, 0)]));
            var outward = Vector3.Normalize(here - inside[i]);
            var across = Vector3.Normalize(Vector3.Cross(along, outward)) * halfWidth;
            points[3 * i] = here - across;
            points[(3 * i) + 1] = here + (outward * 0.006f);
            points[(3 * i) + 2] = here + across;
        }

        surface.Stretch(points, inside, lengths, 2, closed: false, material);

        Vector3 On((float T, float Turn) at)
        {
            var ring = figure.Section(at.T, outfit.UpperEase + 0.014f, 0.6f);
            return ring.At(side > 0 ? at.Turn : 1 - at.Turn);
        }
    }
}
