using System.Numerics;
using System.Runtime.InteropServices;

namespace Semblance.Synthesis.Rendering;

/// <summary>Lights one sample of a drawn surface.</summary>
internal readonly ref struct Shader(Surface surface, Vector3[] screen, ShadowMap shadows, Light light, Vector3 eye)
{
    private readonly ReadOnlySpan<Material> _materials = CollectionsMarshal.AsSpan(surface.Materials);

    /// <summary>The colour and the label at sample (<paramref name="x"/>, <paramref name="y"/>) of a triangle.</summary>
    public Vector3 Shade(int triangle, float x, float y, out BodyPart part)
    {
        var corners = surface.Corners;
        int i = corners[3 * triangle], j = corners[(3 * triangle) + 1], k = corners[(3 * triangle) + 2];
        Vector3 a = screen[i], b = screen[j], c = screen[k];
        var scale = 1 / (((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X)));
        var dx = x - c.X;
        var dy = y - c.Y;
        var wa = (((b.Y - c.Y) * dx) + ((c.X - b.X) * dy)) * scale;
        var wb = (((c.Y - a.Y) * dx) + ((a.X - c.X) * dy)) * scale;

        // Perspective-correct weights: each over its distance.
        wa *= a.Z;
        wb *= b.Z;
        var wc = (1 - (wa / a.Z) - (wb / b.Z)) * c.Z;
        var sum = 1 / (wa + wb + wc);
        wa *= sum;
        wb *= sum;
        wc *= sum;
        var point = (surface.Positions[i] * wa) + (surface.Positions[j] * wb) + (surface.Positions[k] * wc);
        var normal = Vector3.Normalize((surface.Normals[i] * wa) + (surface.Normals[j] * wb) + (surface.Normals[k] * wc));
        var uv = (surface.Coordinates[i] * wa) + (surface.Coordinates[j] * wb) + (surface.Coordinates[k] * wc);

        ref readonly var material = ref _materials[surface.TriangleMaterials[triangle]];
        var shadeOfEdge = 1f;
        if (material.Opening > 0)
        {
            var from = MathF.Abs(uv.X - 0.5f) - (material.Opening * (1 + (0.12f * Noise.At(uv.Y, 0.3f))));
            if (from < 0)
            {
                shadeOfEdge = from > -0.02f ? 0.55f : 0.9f;
                material = ref _materials[material.Inner];
            }
            else if (from < 0.012f)
            {
                shadeOfEdge = 1.12f;
            }
        }

        part = material.Part;
        var toEye = eye - point;
        var distance = toEye.Length();
        toEye /= distance;
        if (Vector3.Dot(normal, toEye) < -0.15f)
        {
            normal = -normal;
        }

        var geometric = normal;
        if (material.Folds > 0)
        {
            var seed = material.Seed % 89 * 0.113f;
            var (gx, gy) = Noise.Slope((uv.X * material.FoldsAcross) + seed, (uv.Y * material.FoldsAlong) + seed);
            var tangent = Vector3.Cross(Vector3.UnitY, normal);
            var length = tangent.Length();
            if (length > 0.1f)
            {
                tangent /= length;
                var along = Vector3.Cross(normal, tangent);
                normal = Vector3.Normalize(normal + (material.Folds * ((gx * tangent) + (gy * along))));
            }
        }

        var albedo = Texture.At(material, uv.X, uv.Y) * shadeOfEdge;
        if (material.Kind == TextureKind.Emissive)
        {
            return light.Through(albedo, distance);
        }

        var lit = Vector3.Dot(geometric, light.ToKey) > 0 ? shadows.Light(point + (geometric * 0.02f), 0.03f) : 0;
        var open = 0.62f + (0.38f * Math.Clamp((point.Y / 1.2f) + (0.3f * normal.Y), 0, 1));
        return light.Through(light.Reflect(albedo, normal, toEye, material.Gloss, lit, open), distance);
    }
}
