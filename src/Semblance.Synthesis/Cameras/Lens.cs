using System.Numerics;
using Semblance.Synthesis.Rendering;

namespace Semblance.Synthesis.Cameras;

/// <summary>A pinhole at (0, height, 0) that looks along z and down, and the rectangle that is cut out of its picture.</summary>
internal readonly record struct Lens(float Height, float Pitch, float Roll, float Left, float Top, float Width, float Bottom, int Columns, int Rows) : IProjection
{
    public Vector3 Eye => new(0, Height, 0);

    /// <summary>Position on the picture plane at distance 1 (x to the right, y up), and distance along the axis.</summary>
    public Vector3 OnPlane(Vector3 point)
    {
        var (sin, cos) = MathF.SinCos(Pitch);
        var y = point.Y - Height;
        var depth = (point.Z * cos) - (y * sin);
        var up = (y * cos) + (point.Z * sin);
        var (rs, rc) = MathF.SinCos(Roll);
        var px = point.X / depth;
        var py = up / depth;
        return new Vector3((px * rc) - (py * rs), (px * rs) + (py * rc), depth);
    }

    public Vector3 Project(Vector3 point)
    {
        var p = OnPlane(point);
        return p.Z < 0.2f ? new Vector3(0, 0, -1) : new Vector3((p.X - Left) / Width * Columns, (Top - p.Y) / (Top - Bottom) * Rows, 1 / p.Z);
    }

    /// <summary>Direction in the scene of a sample; its z before pitch is 1, so that distance along the axis is the ray's parameter.</summary>
    public Vector3 Ray(float x, float y)
    {
        var px = Left + (x / Columns * Width);
        var py = Top - (y / Rows * (Top - Bottom));
        var (rs, rc) = MathF.SinCos(-Roll);
        var qx = (px * rc) - (py * rs);
        var qy = (px * rs) + (py * rc);
        var (sin, cos) = MathF.SinCos(Pitch);
        return new Vector3(qx, (qy * cos) - sin, (qy * sin) + cos);
    }
}
