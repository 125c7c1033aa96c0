using System.Numerics;

namespace Semblance.Synthesis.Rendering;

/// <summary>A growing triangle mesh with normals, texture coordinates and materials. Reused from picture to picture; never shared between threads.</summary>
internal sealed class Surface
{
    private Vector3[] _grid = new Vector3[4096];

    public Vector3[] Positions { get; private set; } = new Vector3[8192];

    public Vector3[] Normals { get; private set; } = new Vector3[8192];

    /// <summary>Turn around the loft in [0, 1], and metres along it.</summary>
    public Vector2[] Coordinates { get; private set; } = new Vector2[8192];

    public int VertexCount { get; private set; }

    /// <summary>Three vertices a triangle.</summary>
    public int[] Corners { get; private set; } = new int[49152];

    public ushort[] TriangleMaterials { get; private set; } = new ushort[16384];

    public int TriangleCount { get; private set; }

    public List<Material> Materials { get; } = [];

    public void Clear()
    {
        VertexCount = 0;
        TriangleCount = 0;
        Materials.Clear();
    }

    public int Add(in Material material)
    {
        Materials.Add(material);
        return Materials.Count - 1;
    }

    /// <summary>Moves every vertex from <paramref name="first"/> on from a person's own frame into the scene.</summary>
    public void Place(int first, Vector3 origin, Vector3 left, Vector3 up, Vector3 forward)
    {
        for (var i = first; i < VertexCount; i++)
        {
            var p = Positions[i];
            var n = Normals[i];
            Positions[i] = origin + (left * p.X) + (up * p.Y) + (forward * p.Z);
            Normals[i] = (left * n.X) + (up * n.Y) + (forward * n.Z);
        }
    }

    /// <summary>Joins cross sections into a skin. Normals point away from the centres.</summary>
    /// <param name="rings">From one end to the other.</param>
    /// <param name="columns">Facets around.</param>
    /// <param name="material">Index into <see cref="Materials"/>.</param>
    /// <param name="crumple">Metres that folds may move the surface.</param>
    /// <param name="along">Metres along the loft at the first ring.</param>
    public void Loft(ReadOnlySpan<Ring> rings, int columns, int material, float crumple = 0, float along = 0)
    {
        var rows = rings.Length;
        var stride = columns + 1;
        var points = Sheet(rows, columns);
        Span<Vector3> inside = stackalloc Vector3[rows];
        Span<float> lengths = stackalloc float[rows];
        var seed = Materials[material].Seed % 997 * 0.137f;
        for (var r = 0; r < rows; r++)
        {
            ref readonly var ring = ref rings[r];
            along += r == 0 ? 0 : Vector3.Distance(ring.Centre, rings[r - 1].Centre);
            inside[r] = ring.Centre;
            lengths[r] = along;
            for (var c = 0; c < stride; c++)
            {
                var u = c == columns ? 0 : (float)c / columns;
                var p = ring.At(u);
                if (crumple != 0)
                {
                    p += crumple * Noise.At(u + seed, (along * 1.3f) + seed) * Direction(p - ring.Centre);
                }

                points[(r * stride) + c] = p;
            }
        }

        Stretch(points, inside, lengths, columns, closed: true, material);
    }

    /// <summary>Room for the points of a sheet, row by row, <paramref name="columns"/> + 1 in each; fill it and call <see cref="Stretch"/>.</summary>
    public Span<Vector3> Sheet(int rows, int columns)
    {
        var count = rows * (columns + 1);
        if (_grid.Length < count)
        {
            _grid = new Vector3[2 * count];
        }

        return _grid.AsSpan(0, count);
    }

    /// <summary>Makes a skin of the points of a sheet. Normals point away from <paramref name="inside"/>, one point a row.</summary>
    public void Stretch(ReadOnlySpan<Vector3> points, ReadOnlySpan<Vector3> inside, ReadOnlySpan<float> lengths, int columns, bool closed, int material)
    {
        var rows = inside.Length;
        var stride = columns + 1;
        Reserve(rows * stride, 2 * (rows - 1) * columns);
        var first = VertexCount;
        for (var r = 0; r < rows; r++)
        {
            var before = Math.Max(r - 1, 0) * stride;
            var after = Math.Min(r + 1, rows - 1) * stride;
            for (var c = 0; c < stride; c++)
            {
                var left = c > 0 ? c - 1 : closed ? columns - 1 : 0;
                var right = c < columns ? c + 1 : closed ? 1 : columns;
                var p = points[(r * stride) + c];
                var normal = Vector3.Cross(points[(r * stride) + right] - points[(r * stride) + left], points[after + c] - points[before + c]);
                var length = normal.Length();
                if (length < 1e-9f)
                {
                    normal = Direction(p - inside[r == 0 ? Math.Min(1, rows - 1) : r - 1]);
                }
                else
                {
                    normal /= Vector3.Dot(normal, p - inside[r]) < 0 ? -length : length;
                }

                var at = first + (r * stride) + c;
                Positions[at] = p;
                Normals[at] = normal;
                Coordinates[at] = new Vector2((float)c / columns, lengths[r]);
            }
        }

        VertexCount += rows * stride;
        Join(first, rows, stride, material);
    }

    /// <summary>A box with flat sides; <paramref name="right"/>, <paramref name="up"/> and <paramref name="front"/> are half edges.</summary>
    public void Box(Vector3 centre, Vector3 right, Vector3 up, Vector3 front, int material)
    {
        Face(centre + front, right, up, material);
        Face(centre - front, right, up, material);
        Face(centre + right, front, up, material);
        Face(centre - right, front, up, material);
        Face(centre + up, right, front, material);
        Face(centre - up, right, front, material);

        void Face(Vector3 middle, Vector3 a, Vector3 b, int m)
        {
            Reserve(4, 2);
            var first = VertexCount;
            var normal = Direction(middle - centre);
            Span<Vector3> corners = [middle - a - b, middle + a - b, middle - a + b, middle + a + b];
            for (var i = 0; i < 4; i++)
            {
                Positions[first + i] = corners[i];
                Normals[first + i] = normal;
                Coordinates[first + i] = new Vector2((i & 1) == 0 ? 0 : 1, (i >> 1) * 2 * b.Length());
            }

            VertexCount += 4;
            Join(first, 2, 2, m);
        }
    }

    private static Vector3 Direction(Vector3 v)
    {
        var length = v.Length();
        return length < 1e-9f ? Vector3.UnitY : v / length;
    }

    private void Join(int first, int rows, int stride, int material)
    {
        for (var r = 0; r + 1 < rows; r++)
        {
            for (var c = 0; c + 1 < stride; c++)
            {
                var a = first + (r * stride) + c;
                Triangle(a, a + 1, a + stride, material);
                Triangle(a + 1, a + stride + 1, a + stride, material);
            }
        }
    }

    private void Triangle(int a, int b, int c, int material)
    {
        var t = 3 * TriangleCount;
        Corners[t] = a;
        Corners[t + 1] = b;
        Corners[t + 2] = c;
        TriangleMaterials[TriangleCount++] = (ushort)material;
    }

    private void Reserve(int vertices, int triangles)
    {
        if (VertexCount + vertices > Positions.Length)
        {
            var size = 2 * (VertexCount + vertices);
            Positions = Grown(Positions, size);
            Normals = Grown(Normals, size);
            Coordinates = Grown(Coordinates, size);
        }

        if (TriangleCount + triangles > TriangleMaterials.Length)
        {
            var size = 2 * (TriangleCount + triangles);
            Corners = Grown(Corners, 3 * size);
            TriangleMaterials = Grown(TriangleMaterials, size);
        }
    }

    private static T[] Grown<T>(T[] old, int size)
    {
        var grown = new T[size];
        old.CopyTo(grown, 0);
        return grown;
    }
}
