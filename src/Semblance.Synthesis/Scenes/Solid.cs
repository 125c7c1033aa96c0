using System.Numerics;

namespace Semblance.Synthesis.Scenes;

/// <summary>The form of a thing that stands in a scene.</summary>
internal enum Form : byte { Box, Column, Ball }

/// <summary>How the thing is painted.</summary>
internal enum Paint : byte { Plain, Facade, Brick, ShopFront, Shelves, Tiles, Bark, Leaves, Train, Panels, Car, Lamp }

/// <summary>A thing that stands in a scene.</summary>
/// <param name="Form">Box, upright column, or ball (an ellipsoid).</param>
/// <param name="Paint">How it is painted.</param>
/// <param name="Centre">Its middle.</param>
/// <param name="Half">Half of its extents; for a column x is the radius.</param>
/// <param name="Colour">Linear light.</param>
/// <param name="Second">Linear light.</param>
/// <param name="Seed">Layout of windows, goods, bricks.</param>
internal readonly record struct Solid(Form Form, Paint Paint, Vector3 Centre, Vector3 Half, Vector3 Colour, Vector3 Second, uint Seed)
{
    /// <summary>Distance along the ray to the front side, or infinity.</summary>
    public float Hit(Vector3 eye, Vector3 ray)
    {
        var o = eye - Centre;
        if (Form == Form.Box)
        {
            var near = (-o - (Half * Signs(ray))) / ray;
            var far = (-o + (Half * Signs(ray))) / ray;
            var enter = MathF.Max(near.X, MathF.Max(near.Y, near.Z));
            var leave = MathF.Min(far.X, MathF.Min(far.Y, far.Z));
            return enter < leave && enter > 0.1f ? enter : float.PositiveInfinity;
        }

        if (Form == Form.Column)
        {
            o.Y = 0;
            var d = ray with { Y = 0 };
            var t = Root(o, d, Half.X);
            var y = eye.Y + (t * ray.Y) - Centre.Y;
            return MathF.Abs(y) < Half.Y ? t : float.PositiveInfinity;
        }

        return Root(o / Half, ray / Half, 1);
    }

    /// <summary>Outward normal, and metres to the right and up on the side that was hit.</summary>
    public (Vector3 Normal, float U, float V) At(Vector3 point)
    {
        var d = point - Centre;
        switch (Form)
        {
            case Form.Box:
                var q = Vector3.Abs(d) / Half;
                if (q.Y >= q.X && q.Y >= q.Z)
                {
                    return (new Vector3(0, MathF.Sign(d.Y), 0), d.X, d.Z);
                }

                return q.X >= q.Z ? (new Vector3(MathF.Sign(d.X), 0, 0), d.Z, point.Y) : (new Vector3(0, 0, MathF.Sign(d.Z)), d.X, point.Y);
            case Form.Column:
                return (Vector3.Normalize(d with { Y = 0 }), MathF.Atan2(d.X, d.Z) * Half.X, point.Y);
            default:
                return (Vector3.Normalize(d / (Half * Half)), MathF.Atan2(d.X, d.Z) * Half.X, d.Y);
        }
    }

    private static Vector3 Signs(Vector3 v) => new(MathF.CopySign(1, v.X), MathF.CopySign(1, v.Y), MathF.CopySign(1, v.Z));

    private static float Root(Vector3 o, Vector3 d, float radius)
    {
        var a = Vector3.Dot(d, d);
        var b = Vector3.Dot(o, d);
        var c = Vector3.Dot(o, o) - (radius * radius);
        var root = (b * b) - (a * c);
        if (root < 0)
        {
            return float.PositiveInfinity;
        }

        var t = (-b - MathF.Sqrt(root)) / a;
        return t > 0.1f ? t : float.PositiveInfinity;
    }
}
