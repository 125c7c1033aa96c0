using System.Numerics;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Scenes;

/// <summary>What one camera sees when nobody is there: ground, things, ceiling or sky.</summary>
internal sealed class Place
{
    public required Floor Floor { get; init; }

    public List<Solid> Solids { get; } = [];

    /// <summary>Height of the ceiling in metres; 0 in the open.</summary>
    public float Ceiling { get; init; }

    /// <summary>The colour of what lies beyond everything, times the sky's light.</summary>
    public Vector3 Sky { get; init; } = new(1.5f, 1.6f, 1.75f);

    /// <summary>The things that a narrow bundle of rays may meet, as indices.</summary>
    public int Near(Vector3 eye, ReadOnlySpan<Vector3> rays, Span<int> found)
    {
        // Things are tested against the rectangle's middle ray and the angle to its corners.
        var middle = Vector3.Normalize(rays[0]);
        var spread = 0f;
        foreach (var ray in rays[1..])
        {
            spread = MathF.Max(spread, MathF.Acos(Math.Clamp(Vector3.Dot(middle, Vector3.Normalize(ray)), -1, 1)));
        }

        var count = 0;
        for (var i = 0; i < Solids.Count && count < found.Length; i++)
        {
            var to = Solids[i].Centre - eye;
            var distance = to.Length();
            var radius = Solids[i].Form == Form.Column ? new Vector2(Solids[i].Half.X, Solids[i].Half.Y).Length() : Solids[i].Half.Length();
            var angle = MathF.Acos(Math.Clamp(Vector3.Dot(middle, to) / distance, -1, 1));
            if (distance <= radius || angle - MathF.Asin(MathF.Min(1, radius / distance)) < spread)
            {
                found[count++] = i;
            }
        }

        return count;
    }

    /// <summary>What a ray meets: light towards the camera, how far away, and whether it is the ground (whose shadows are not yet in it).</summary>
    public Sight Look(Vector3 eye, Vector3 ray, ReadOnlySpan<int> solids, in Light light, float pixel, bool lit, bool mirrored = false)
    {
        var nearest = float.PositiveInfinity;
        var which = -1;
        foreach (var i in solids)
        {
            var t = Solids[i].Hit(eye, ray);
            if (t < nearest)
            {
                nearest = t;
                which = i;
            }
        }

        var ground = ray.Y < -1e-4f && !mirrored ? -eye.Y / ray.Y : float.PositiveInfinity;
        var ceiling = Ceiling > 0 && ray.Y > 1e-4f ? (Ceiling - eye.Y) / ray.Y : float.PositiveInfinity;
        if (ground < nearest && ground < ceiling)
        {
            return OnGround(eye, ray, ground, solids, light, pixel, lit);
        }

        if (ceiling < nearest)
        {
            return new Sight(OnCeiling(eye + (ray * ceiling), light), ceiling, default, false);
        }

        if (which < 0)
        {
            var high = Math.Clamp((ray.Y * 2) + 0.3f, 0, 1);
            var sky = (light.Sky * Sky * (1.15f - (0.3f * high))) + (light.Fog * 0.1f);
            return new Sight(Vector3.Lerp(light.Fog, sky, MathF.Exp(-light.FogDensity * 25)), 200, default, false);
        }

        var point = eye + (ray * nearest);
        var solid = Solids[which];
        var (normal, u, v) = solid.At(point);
        var (albedo, glow) = Painting.Of(solid, u, v, lit);
        if (solid.Paint == Paint.Leaves)
        {
            normal = Vector3.Normalize(normal + (0.8f * new Vector3(Noise.At(u * 1.7f, v * 1.9f), Noise.At(u * 2.1f, v * 1.3f), Noise.At(u * 1.1f, v * 2.3f))));
        }

        var low = 0.72f + (0.28f * Math.Clamp(point.Y / 1.5f, 0, 1));
        var shaded = light.Reflect(albedo, normal, -ray, 0, 0.8f, low);
        return new Sight(light.Through(Vector3.Lerp(shaded, albedo, glow), nearest), nearest, default, false);
    }

    private Sight OnGround(Vector3 eye, Vector3 ray, float distance, ReadOnlySpan<int> solids, in Light light, float pixel, bool lit)
    {
        var point = eye + (ray * distance);
        point.Y = 0;
        var blur = pixel * distance / MathF.Max(0.08f, -ray.Y);
        var albedo = Painting.Ground(Floor, point.X, point.Z, blur);
        var mirror = Vector3.Zero;
        if (Floor.Mirror > 0)
        {
            var wobble = 0.035f * Noise.At(point.X * 1.7f, point.Z * 0.9f);
            var up = ray with { X = ray.X + wobble, Y = -ray.Y };
            var share = Floor.Mirror * (0.25f + (0.75f * MathF.Pow(1 - MathF.Min(1, -ray.Y), 3)));
            mirror = share * Look(point, up, solids, light, pixel, lit, mirrored: true).Colour;
        }

        return new Sight(mirror, distance, albedo, true);
    }

    private static Vector3 OnCeiling(Vector3 point, in Light light)
    {
        var fx = (point.X / 3) - MathF.Floor(point.X / 3);
        var fz = (point.Z / 2.4f) - MathF.Floor(point.Z / 2.4f);
        return fx is > 0.4f and < 0.6f && fz is > 0.15f and < 0.85f ? (light.Key + light.Sky) * 2.2f : light.Bounce * 1.1f;
    }
}
