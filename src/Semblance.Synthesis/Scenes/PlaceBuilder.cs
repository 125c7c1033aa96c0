using System.Numerics;
using Semblance.Core;
using Semblance.Synthesis.Clothes;

namespace Semblance.Synthesis.Scenes;

/// <summary>Builds what each camera of a domain sees. A camera's place never changes, whatever the world's seed.</summary>
internal static class PlaceBuilder
{
    private static readonly Vector3 Glass = Palette.FromSrgb(70, 88, 104);

    public static Place Plaza(int camera)
    {
        var r = Stream("plaza", camera);
        var warm = (float)r.NextDouble(0.9, 1.1);
        var place = new Place
        {
            Floor = new Floor
            {
                Kind = FloorKind.Paving,
                Colour = Palette.FromSrgb(168, 160, 150) * new Vector3(warm, 1, 2 - warm) * (float)r.NextDouble(0.75, 1.1),
                Second = Palette.FromSrgb(96, 90, 84),
                Size = r.Pick(0.4f, 0.6f, 0.9f),
                Staggered = r.Chance(0.5),
                Seed = Seed(ref r),
            },
        };
        Facades(place, ref r, (float)r.NextDouble(15, 24), [(196, 186, 168), (150, 130, 112), (178, 178, 176), (120, 124, 130)]);
        Trees(place, ref r, 4, 7, 20);
        for (var i = 0; i < 3; i++)
        {
            // Benches and planters.
            var x = (float)r.NextDouble(-6, 6);
            var z = (float)r.NextDouble(8, 16);
            place.Solids.Add(Box(Paint.Plain, x, 0.22f, z, 0.9f, 0.22f, 0.3f, (104, 78, 52), ref r));
            place.Solids.Add(Box(Paint.Plain, x + (i * 2), 0.3f, z + 3, 0.6f, 0.3f, 0.6f, (150, 146, 140), ref r));
        }

        Posts(place, ref r, 3);
        return place;
    }

    public static Place Station(int camera)
    {
        var r = Stream("station", camera);
        var side = r.Chance(0.5) ? 1f : -1f;
        var place = new Place
        {
            Ceiling = (float)r.NextDouble(4.2, 5.5),
            Floor = new Floor
            {
                Kind = FloorKind.Platform,
                Colour = Palette.FromSrgb(150, 152, 150) * (float)r.NextDouble(0.7, 1.2),
                Size = r.Pick(0.6f, 0.8f, 1.2f),
                Offset = side * (float)r.NextDouble(1.8, 3),
                Mirror = (float)r.NextDouble(0.25, 0.5),
                Seed = Seed(ref r),
            },
        };
        place.Solids.Add(Box(Paint.Tiles, 0, 3, 26, 20, 3, 0.5f, (190, 192, 186), ref r, (120, 120, 116)));
        place.Solids.Add(Box(Paint.Train, side * 5.2f, 1.7f, 14, 1.4f, 1.7f, 11, r.Pick((196, 198, 200), (60, 92, 150), (170, 40, 44)), ref r, r.Pick((200, 40, 40), (240, 190, 40), (40, 80, 160))));
        place.Solids.Add(Box(Paint.Tiles, -side * 5.5f, 2.5f, 14, 0.5f, 2.5f, 14, (176, 180, 182), ref r, (110, 114, 118)));
        for (var z = 6f; z < 24; z += 4.5f)
        {
            place.Solids.Add(new Solid(Form.Column, Paint.Panels, new Vector3(-side * 2.6f, 2.5f, z), new Vector3(0.32f, 3, 0.32f), Palette.FromSrgb(142, 146, 150), Vector3.Zero, Seed(ref r)));
        }

        place.Solids.Add(Box(Paint.ShopFront, -side * 4.7f, 2, 10, 0.4f, 2, 2.4f, (70, 74, 84), ref r, (190, 180, 150)));
        place.Solids.Add(Box(Paint.Plain, side * 0.6f, 0.45f, 15, 0.9f, 0.08f, 0.3f, (60, 70, 84), ref r));
        return place;
    }

    public static Place Campus(int camera)
    {
        var r = Stream("campus", camera);
        var place = new Place
        {
            Floor = new Floor
            {
                Kind = FloorKind.Path,
                Colour = Palette.FromSrgb(160, 150, 136) * (float)r.NextDouble(0.7, 1.1),
                Second = Palette.FromSrgb(76, 104, 48) * (float)r.NextDouble(0.8, 1.3),
                Offset = (float)r.NextDouble(-1, 1),
                Seed = Seed(ref r),
            },
        };
        var brick = r.Pick((146, 78, 58), (170, 104, 76), (128, 66, 54));
        for (var i = 0; i < 3; i++)
        {
            place.Solids.Add(Box(i == 1 ? Paint.Facade : Paint.Brick, -16 + (i * 15) + (float)r.NextDouble(-2, 2), 5, (float)r.NextDouble(20, 30), 7, 5, 2, brick, ref r, (188, 178, 164)));
        }

        Trees(place, ref r, 9, 6, 26);
        for (var i = 0; i < 3; i++)
        {
            place.Solids.Add(Box(Paint.Leaves, (i % 2 == 0 ? -1 : 1) * (float)r.NextDouble(3.5, 6), 0.5f, (float)r.NextDouble(7, 18), 0.5f, 0.5f, 2.5f, (52, 84, 36), ref r, (92, 128, 56)));
        }

        Posts(place, ref r, 2);
        return place;
    }

    public static Place NightStreet(int camera)
    {
        var r = Stream("night-street", camera);
        var place = new Place
        {
            Sky = new Vector3(0.25f),
            Floor = new Floor
            {
                Kind = r.Chance(0.5) ? FloorKind.Road : FloorKind.Paving,
                Colour = Palette.FromSrgb(92, 92, 96),
                Second = Palette.FromSrgb(200, 200, 190),
                Size = 0.5f,
                Staggered = true,
                Offset = (float)r.NextDouble(-2, 2),
                Mirror = 0.12f,
                Seed = Seed(ref r),
            },
        };
        var z = (float)r.NextDouble(11, 16);
        for (var i = -2; i <= 2; i++)
        {
            place.Solids.Add(Box(Paint.ShopFront, (i * 9) + (float)r.NextDouble(-1, 1), 3.5f, z + (float)r.NextDouble(0, 3), 4.4f, 3.5f, 1, r.Pick((88, 80, 74), (64, 66, 74), (110, 96, 80)), ref r, r.Pick((230, 190, 120), (200, 210, 230), (240, 214, 160))));
        }

        for (var i = 0; i < 2; i++)
        {
            Car(place, (i == 0 ? -1 : 1) * (float)r.NextDouble(3.5, 6), (float)r.NextDouble(7, 12), ref r);
        }

        for (var i = 0; i < 3; i++)
        {
            var x = (float)r.NextDouble(-6, 6);
            var at = (float)r.NextDouble(7, 14);
            place.Solids.Add(Column(x, 2.2f, at, 0.07f, 2.2f, (50, 52, 54), Paint.Plain, ref r));
            place.Solids.Add(new Solid(Form.Ball, Paint.Lamp, new Vector3(x, 4.4f, at), new Vector3(0.25f, 0.2f, 0.25f), new Vector3(3.2f, 2.3f, 1.2f), Vector3.Zero, 0));
        }

        return place;
    }

    public static Place Rain(int camera)
    {
        var r = Stream("rain", camera);
        var place = new Place
        {
            Floor = new Floor
            {
                Kind = FloorKind.Road,
                Colour = Palette.FromSrgb(82, 86, 92),
                Second = Palette.FromSrgb(196, 198, 200),
                Offset = (float)r.NextDouble(-2, 2),
                Crossing = r.Chance(0.6),
                Mirror = (float)r.NextDouble(0.45, 0.7),
                Seed = Seed(ref r),
            },
        };
        Facades(place, ref r, (float)r.NextDouble(14, 20), [(120, 126, 132), (98, 104, 112), (140, 132, 124)]);
        Car(place, (float)r.NextDouble(3, 6), (float)r.NextDouble(8, 14), ref r);
        Car(place, -(float)r.NextDouble(3, 6), (float)r.NextDouble(9, 15), ref r);
        Posts(place, ref r, 3);
        Trees(place, ref r, 2, 9, 18);
        return place;
    }

    public static Place Shop(int camera)
    {
        var r = Stream("shop", camera);
        var place = new Place
        {
            Ceiling = 3.5f,
            Floor = new Floor { Kind = FloorKind.Platform, Colour = Palette.FromSrgb(206, 200, 188) * (float)r.NextDouble(0.75, 1.05), Size = r.Pick(0.5f, 0.9f), Offset = 100, Mirror = 0.22f, Seed = Seed(ref r) },
        };
        place.Solids.Add(Box(Paint.Panels, 0, 2, 13, 14, 2, 0.3f, (214, 206, 190), ref r));
        var aisle = (float)r.NextDouble(1.3, 1.9);
        for (var i = -2; i <= 2; i++)
        {
            if (i == 0)
            {
                continue;
            }

            var x = (MathF.Sign(i) * (aisle + 0.35f)) + ((i - MathF.Sign(i)) * (aisle * 1.6f));
            place.Solids.Add(Box(Paint.Shelves, x, 0.95f, (float)r.NextDouble(6, 7), 0.4f, 0.95f, (float)r.NextDouble(3, 4.5), (188, 184, 178), ref r));
        }

        place.Solids.Add(Box(Paint.Shelves, (float)r.NextDouble(-1, 1), 1.1f, 11.8f, 2.5f, 1.1f, 0.4f, (180, 176, 170), ref r));
        place.Solids.Add(Box(Paint.Plain, (float)r.NextDouble(-1, 1), 0.45f, 9.8f, 0.7f, 0.45f, 0.5f, r.Pick((180, 50, 40), (60, 120, 70), (230, 190, 60)), ref r));
        return place;
    }

    public static Place Snow(int camera)
    {
        var r = Stream("snow", camera);
        var place = new Place
        {
            Sky = new Vector3(1.5f, 1.55f, 1.6f),
            Floor = new Floor { Kind = FloorKind.Path, Colour = Palette.FromSrgb(190, 192, 196), Second = Palette.FromSrgb(226, 230, 236), Offset = (float)r.NextDouble(-1, 1), Seed = Seed(ref r) },
        };
        for (var i = 0; i < 8; i++)
        {
            var x = (float)r.NextDouble(-11, 11);
            var z = (float)r.NextDouble(8, 24);
            place.Solids.Add(Column(x, 1.6f, z, 0.16f, 1.6f, (66, 54, 46), Paint.Bark, ref r));
            place.Solids.Add(new Solid(Form.Ball, Paint.Leaves, new Vector3(x, 3.6f, z), new Vector3(1.3f, 2.1f, 1.3f), Palette.FromSrgb(58, 78, 66), Palette.FromSrgb(222, 228, 234), Seed(ref r)));
        }

        place.Solids.Add(Box(Paint.Facade, (float)r.NextDouble(-8, 8), 3, 27, 9, 3, 2, (170, 150, 130), ref r));
        place.Solids.Add(Box(Paint.Plain, (float)r.NextDouble(-4, 4), 0.5f, 14, 1.2f, 0.5f, 0.3f, (96, 72, 52), ref r));
        Posts(place, ref r, 2);
        return place;
    }

    private static Randomness Stream(string domain, int camera) => Randomness.For(1, Randomness.Key("place"), Randomness.Key(domain), camera);

    private static uint Seed(ref Randomness r) => (uint)r.NextBits();

    private static Solid Box(Paint paint, float x, float y, float z, float halfX, float halfY, float halfZ, (int R, int G, int B) colour, ref Randomness r, (int R, int G, int B)? second = null)
    {
        var other = second ?? (90, 90, 90);
        var shade = (float)r.NextDouble(0.8, 1.15);
        return new Solid(Form.Box, paint, new Vector3(x, y, z), new Vector3(halfX, halfY, halfZ), Palette.FromSrgb(colour.R, colour.G, colour.B) * shade, Palette.FromSrgb(other.R, other.G, other.B), Seed(ref r));
    }

    private static Solid Column(float x, float y, float z, float radius, float half, (int R, int G, int B) colour, Paint paint, ref Randomness r) =>
        new(Form.Column, paint, new Vector3(x, y, z), new Vector3(radius, half, radius), Palette.FromSrgb(colour.R, colour.G, colour.B), Vector3.Zero, Seed(ref r));

    private static void Facades(Place place, ref Randomness r, float distance, (int R, int G, int B)[] colours)
    {
        for (var i = -2; i <= 2; i++)
        {
            var colour = r.Pick(colours);
            var paint = r.Chance(0.25) ? Paint.ShopFront : r.Chance(0.25) ? Paint.Panels : Paint.Facade;
            var box = Box(paint, (i * 11) + (float)r.NextDouble(-2, 2), 7, distance + (float)r.NextDouble(0, 6), 5.3f, 7, 3, colour, ref r);
            place.Solids.Add(box with { Second = Glass });
        }
    }

    private static void Trees(Place place, ref Randomness r, int count, float near, float far)
    {
        for (var i = 0; i < count; i++)
        {
            var x = (float)r.NextDouble(2.2, 12) * (r.Chance(0.5) ? 1 : -1);
            var z = (float)r.NextDouble(near, far);
            var tall = (float)r.NextDouble(1.6, 2.6);
            place.Solids.Add(Column(x, tall / 2, z, (float)r.NextDouble(0.1, 0.24), (tall / 2) + 0.3f, (84, 66, 50), Paint.Bark, ref r));
            for (var k = 0; k < 2; k++)
            {
                var centre = new Vector3(x + (float)r.NextDouble(-0.6, 0.6), tall + 1 + (k * 0.7f), z + (float)r.NextDouble(-0.6, 0.6));
                var size = new Vector3((float)r.NextDouble(1, 1.9), (float)r.NextDouble(0.9, 1.5), (float)r.NextDouble(1, 1.9));
                place.Solids.Add(new Solid(Form.Ball, Paint.Leaves, centre, size, Palette.FromSrgb(44, 72, 30), Palette.FromSrgb(112, 146, 62), Seed(ref r)));
            }
        }
    }

    private static void Posts(Place place, ref Randomness r, int count)
    {
        for (var i = 0; i < count; i++)
        {
            place.Solids.Add(Column((float)r.NextDouble(-5, 5), 1.8f, (float)r.NextDouble(8, 16), 0.06f, 1.8f, (70, 74, 78), Paint.Plain, ref r));
        }
    }

    private static void Car(Place place, float x, float z, ref Randomness r)
    {
        var colour = r.Pick((180, 182, 186), (40, 42, 48), (150, 30, 34), (36, 60, 110), (210, 208, 200));
        place.Solids.Add(Box(Paint.Car, x, 0.5f, z, 2.1f, 0.42f, 0.85f, colour, ref r));
        place.Solids.Add(Box(Paint.Car, x - 0.2f, 1.12f, z, 1.15f, 0.3f, 0.75f, colour, ref r));
    }
}
