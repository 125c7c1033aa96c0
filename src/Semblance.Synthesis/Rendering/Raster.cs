using System.Numerics;
using System.Runtime.CompilerServices;

namespace Semblance.Synthesis.Rendering;

/// <summary>Depth and nearest triangle of every sample. Reused from picture to picture.</summary>
internal sealed class Raster
{
    private Vector3[] _screen = new Vector3[8192];

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>One over distance along the optical axis; 0 is infinitely far.</summary>
    public float[] InverseDepth { get; private set; } = [];

    /// <summary>Index of the nearest triangle, or -1.</summary>
    public int[] Triangles { get; private set; } = [];

    /// <summary>Column, row, and one over distance of each vertex of the surface drawn last.</summary>
    public Vector3[] Screen => _screen;

    public void Begin(int width, int height)
    {
        Width = width;
        Height = height;
        var count = width * height;
        if (InverseDepth.Length < count)
        {
            InverseDepth = new float[count];
            Triangles = new int[count];
        }

        InverseDepth.AsSpan(0, count).Clear();
        Triangles.AsSpan(0, count).Fill(-1);
    }

    /// <summary>Draws a surface; <paramref name="project"/> gives column, row and inverse depth (not positive: behind the camera).</summary>
    public void Draw<TProjection>(Surface surface, in TProjection project)
        where TProjection : IProjection
    {
        if (_screen.Length < surface.VertexCount)
        {
            _screen = new Vector3[2 * surface.VertexCount];
        }

        for (var i = 0; i < surface.VertexCount; i++)
        {
            _screen[i] = project.Project(surface.Positions[i]);
        }

        var corners = surface.Corners;
        for (var t = 0; t < surface.TriangleCount; t++)
        {
            Fill(t, _screen[corners[3 * t]], _screen[corners[(3 * t) + 1]], _screen[corners[(3 * t) + 2]]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int triangle, Vector3 a, Vector3 b, Vector3 c)
    {
        if (a.Z <= 0 || b.Z <= 0 || c.Z <= 0)
        {
            return;
        }

        var area = ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
        if (MathF.Abs(area) < 1e-6f)
        {
            return;
        }

        // Sample centres lie at whole numbers plus a half.
        var left = Math.Max(0, (int)MathF.Ceiling(MathF.Min(a.X, MathF.Min(b.X, c.X)) - 0.5f));
        var right = Math.Min(Width - 1, (int)MathF.Floor(MathF.Max(a.X, MathF.Max(b.X, c.X)) - 0.5f));
        var top = Math.Max(0, (int)MathF.Ceiling(MathF.Min(a.Y, MathF.Min(b.Y, c.Y)) - 0.5f));
        var bottom = Math.Min(Height - 1, (int)MathF.Floor(MathF.Max(a.Y, MathF.Max(b.Y, c.Y)) - 0.5f));
        if (left > right || top > bottom)
        {
            return;
        }

        var scale = 1 / area;
        var stepA = (b.Y - c.Y) * scale;
        var stepB = (c.Y - a.Y) * scale;
        var dzdx = (stepA * (a.Z - c.Z)) + (stepB * (b.Z - c.Z));
        var x0 = left + 0.5f - c.X;
        for (var y = top; y <= bottom; y++)
        {
            var dy = y + 0.5f - c.Y;
            var wa = (stepA * x0) + ((c.X - b.X) * scale * dy);
            var wb = (stepB * x0) + ((a.X - c.X) * scale * dy);
            var z = c.Z + (wa * (a.Z - c.Z)) + (wb * (b.Z - c.Z));
            var row = y * Width;
            for (var x = left; x <= right; x++)
            {
                if (wa >= 0 && wb >= 0 && wa + wb <= 1 && z > InverseDepth[row + x])
                {
                    InverseDepth[row + x] = z;
                    Triangles[row + x] = triangle;
                }

                wa += stepA;
                wb += stepB;
                z += dzdx;
            }
        }
    }
}
