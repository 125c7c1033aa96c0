using System.Numerics;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Scenes;

/// <summary>The colours of walls, shelves, leaves and ground at a point.</summary>
internal static class Painting
{
    /// <summary>Albedo, and the share of it that shines by itself.</summary>
    public static (Vector3 Albedo, float Glow) Of(in Solid solid, float u, float v, bool lit)
    {
        var grain = 1 + (0.10f * Noise.At(u * 0.31f, v * 0.31f));
        switch (solid.Paint)
        {
            case Paint.Facade:
                {
                    var (i, fu) = Cell(u, 2.4f);
                    var (j, fv) = Cell(v, 3.1f);
                    var inside = fu is > 0.22f and < 0.78f && fv is > 0.25f and < 0.82f;
                    if (!inside)
                    {
                        return (solid.Colour * grain * (fv is > 0.22f and < 0.25f || fv > 0.96f ? 0.75f : 1), 0);
                    }

                    var frame = fu is > 0.48f and < 0.52f || fv is > 0.6f and < 0.63f;
                    if (frame)
                    {
                        return (solid.Colour * 1.15f, 0);
                    }

                    var h = Noise.Hash(i, j, solid.Seed);
                    return lit && h > 0.6f ? (new Vector3(1.0f, 0.72f, 0.36f) * h, 0.8f) : (solid.Second * (0.6f + (0.8f * h)) * (0.7f + (0.5f * fv)), 0);
                }

            case Paint.Brick:
                {
                    var row = MathF.Floor(v / 0.13f);
                    var (i, fu) = Cell(u + (row * 0.17f), 0.34f);
                    var fv = (v / 0.13f) - row;
                    var mortar = fu < 0.07f || fv < 0.14f;
                    return ((mortar ? solid.Second : solid.Colour * (0.8f + (0.4f * Noise.Hash(i, (int)row, solid.Seed)))) * grain, 0);
                }

            case Paint.ShopFront:
                {
                    var (i, fu) = Cell(u, 3.6f);
                    if (v > 3.6f)
                    {
                        return (solid.Colour * grain, 0);
                    }

                    if (v > 2.9f)
                    {
                        // The sign above the window.
                        var hue = Hue(Noise.Hash(i, 7, solid.Seed));
                        var letters = fu is > 0.2f and < 0.8f && v is > 3.1f and < 3.4f && Noise.Hash((int)(fu * 30), i, solid.Seed) > 0.4f;
                        return (letters ? new Vector3(0.95f) : hue * 0.6f, lit ? 0.8f : 0);
                    }

                    if (fu is < 0.05f or > 0.95f || v < 0.5f)
                    {
                        return (solid.Colour * 0.6f, 0);
                    }

                    var goods = Noise.Hash((int)(fu * 9), (int)(v * 2.2f), solid.Seed + (uint)i);
                    var inside = Vector3.Lerp(solid.Second, Hue(goods), 0.45f) * (0.35f + (0.6f * goods));
                    return (inside, lit ? 0.9f : 0.05f);
                }

            case Paint.Shelves:
                {
                    var (j, fv) = Cell(v, 0.42f);
                    if (fv < 0.1f)
                    {
                        return (solid.Colour, 0);
                    }

                    var width = 0.09f + (0.12f * Noise.Hash(j, 3, solid.Seed));
                    var (i, fu) = Cell(u, width);
                    var group = Noise.Hash(i / 4, j, solid.Seed);
                    var tall = 0.55f + (0.4f * Noise.Hash(i / 3, j, solid.Seed + 1));
                    if (fv > tall || fu < 0.08f)
                    {
                        return (new Vector3(0.03f), 0);
                    }

                    var label = fv is > 0.3f and < 0.5f && fu is > 0.25f and < 0.75f;
                    return (label ? new Vector3(0.75f) : Hue(group) * (0.45f + (0.4f * Noise.Hash(i, j, solid.Seed + 2))), 0);
                }

            case Paint.Tiles:
                {
                    var (i, fu) = Cell(u, 0.6f);
                    var (j, fv) = Cell(v, 0.3f);
                    var joint = fu < 0.03f || fv < 0.06f;
                    return (joint ? solid.Second : solid.Colour * (0.93f + (0.1f * Noise.Hash(i, j, solid.Seed))), 0);
                }

            case Paint.Bark:
                return (solid.Colour * (1 + (0.45f * Noise.At(u * 2.5f, v * 0.4f))), 0);
            case Paint.Leaves:
                return (Vector3.Lerp(solid.Colour, solid.Second, Math.Clamp(0.5f + Noise.At(u * 0.9f, v * 0.9f) + (0.5f * Noise.At(u * 3.1f, v * 3.3f)), 0, 1)), 0);
            case Paint.Train:
                {
                    var (_, fu) = Cell(u, 2.2f);
                    if (v is > 1.5f and < 2.5f && fu is > 0.15f and < 0.85f)
                    {
                        return (new Vector3(0.06f, 0.07f, 0.08f), 0.1f);
                    }

                    return (v is > 0.8f and < 1.1f ? solid.Second : solid.Colour * grain, 0);
                }

            case Paint.Panels:
                {
                    var (i, fu) = Cell(u, 1.5f);
                    var (_, fv) = Cell(v, 1.2f);
                    return ((fu < 0.02f || fv < 0.02f ? 0.6f : 0.94f + (0.08f * Noise.Hash(i, 2, solid.Seed))) * solid.Colour * grain, 0);
                }

            case Paint.Car:
                return (v is > 0.85f and < 1.3f ? new Vector3(0.03f, 0.035f, 0.04f) : v < 0.3f ? new Vector3(0.02f) : solid.Colour, 0);
            case Paint.Lamp:
                return (solid.Colour, 1);
            default:
                return (solid.Colour * grain, 0);
        }
    }

    /// <summary>The ground at (x, z); <paramref name="blur"/> is the size of a pixel there in metres, to fade what is finer.</summary>
    public static Vector3 Ground(in Floor floor, float x, float z, float blur)
    {
        var grain = 1 + (0.10f * Noise.At(x * 0.23f, z * 0.23f)) + (blur < 0.1f ? 0.08f * Noise.At(x * 2.7f, z * 2.7f) : 0);
        var colour = floor.Colour * grain;
        switch (floor.Kind)
        {
            case FloorKind.Paving:
                {
                    var size = floor.Size;
                    var row = MathF.Floor(z / size);
                    var shift = floor.Staggered && ((int)row & 1) == 1 ? size / 2 : 0;
                    var column = MathF.Floor((x + shift) / size);
                    var fx = ((x + shift) / size) - column;
                    var fz = (z / size) - row;
                    colour *= 0.92f + (0.16f * Noise.Hash((int)column, (int)row, floor.Seed));
                    var joint = MathF.Max(0.03f, blur / size);
                    if (fx < joint || fz < joint)
                    {
                        colour = Vector3.Lerp(colour, floor.Second, Math.Clamp(0.035f / joint, 0.1f, 1));
                    }

                    break;
                }

            case FloorKind.Road:
                {
                    var across = x - floor.Offset;
                    var dash = z - (4 * MathF.Floor(z / 4)) < 2;
                    if (MathF.Abs(across) < 0.07f && dash || MathF.Abs(MathF.Abs(across) - 3.2f) < 0.08f)
                    {
                        colour = floor.Second * (0.8f + (0.3f * Noise.At(x * 3, z * 3)));
                    }
                    else if (floor.Crossing && MathF.Abs(z - 8) < 2 && (x * 1.0f) - MathF.Floor(x * 1.0f) < 0.5f)
                    {
                        colour = floor.Second * (0.85f + (0.25f * Noise.At(x * 2, z * 2)));
                    }

                    break;
                }

            case FloorKind.Path:
                {
                    var middle = floor.Offset + (0.8f * MathF.Sin(z * 0.16f));
                    var off = MathF.Abs(x - middle) - 2.1f;
                    if (off > 0)
                    {
                        var blade = 0.75f + (0.5f * Noise.Hash((int)(x * 30), (int)(z * 30), floor.Seed));
                        colour = floor.Second * (blur < 0.06f ? blade : 1) * (1 + (0.3f * Noise.At(x * 0.6f, z * 0.6f)));
                    }

                    break;
                }

            case FloorKind.Platform:
                {
                    var fx = (x / floor.Size) - MathF.Floor(x / floor.Size);
                    var fz = (z / floor.Size) - MathF.Floor(z / floor.Size);
                    if (fx < 0.02f + (blur * 0.5f) || fz < 0.02f + (blur * 0.5f))
                    {
                        colour *= 0.82f;
                    }

                    if (MathF.Abs(x - floor.Offset) < 0.2f)
                    {
                        colour = new Vector3(0.62f, 0.46f, 0.05f) * (((x * 10) - MathF.Floor(x * 10)) < 0.3f && blur < 0.04f ? 0.8f : 1);
                    }

                    break;
                }
        }

        return colour;
    }

    private static (int Index, float Part) Cell(float x, float size)
    {
        var f = MathF.Floor(x / size);
        return ((int)f, (x / size) - f);
    }

    private static Vector3 Hue(float h)
    {
        h *= 6;
        var r = Math.Clamp(MathF.Abs(h - 3) - 1, 0, 1);
        var g = Math.Clamp(2 - MathF.Abs(h - 2), 0, 1);
        var b = Math.Clamp(2 - MathF.Abs(h - 4), 0, 1);
        return new Vector3(0.12f + (0.7f * r), 0.12f + (0.65f * g), 0.12f + (0.65f * b));
    }
}
