using System.Numerics;

namespace Semblance.Synthesis.Rendering;

/// <summary>What the light sees: an orthographic depth map of the people and things near them.</summary>
internal sealed class ShadowMap
{
    private const int Size = 160;
    private const float Reach = 64;
    private readonly Raster _raster = new();
    private Frame _frame;

    /// <summary>Draws the casters around <paramref name="focus"/> as seen from the light.</summary>
    /// <param name="surface">What casts shadows.</param>
    /// <param name="focus">Middle of the square that the map covers.</param>
    /// <param name="toLight">Unit vector to the light.</param>
    /// <param name="halfExtent">Half of the square's edge in metres.</param>
    public void Draw(Surface surface, Vector3 focus, Vector3 toLight, float halfExtent)
    {
        var right = Vector3.Normalize(Vector3.Cross(MathF.Abs(toLight.Y) > 0.95f ? Vector3.UnitX : Vector3.UnitY, toLight));
        _frame = new Frame(focus, right, Vector3.Cross(toLight, right), toLight, Size / (2 * halfExtent));
        _raster.Begin(Size, Size);
        _raster.Draw(surface, _frame);
    }

    /// <summary>Share of the light that reaches a point: 0 in full shadow, 1 in the open; the edge is softened over two cells.</summary>
    public float Light(Vector3 point, float bias)
    {
        var p = _frame.Project(point);
        var x = p.X - 0.5f;
        var y = p.Y - 0.5f;
        var column = (int)x;
        var row = (int)y;
        if (x < 0 || y < 0 || column >= Size - 1 || row >= Size - 1)
        {
            return 1;
        }

        var tx = x - column;
        var ty = y - row;
        var depth = _raster.InverseDepth;
        var at = (row * Size) + column;
        var limit = p.Z + bias;
        var top = (depth[at] > limit ? 0 : 1 - tx) + (depth[at + 1] > limit ? 0 : tx);
        var bottom = (depth[at + Size] > limit ? 0 : 1 - tx) + (depth[at + Size + 1] > limit ? 0 : tx);
        return top + (ty * (bottom - top));
    }

    private readonly record struct Frame(Vector3 Focus, Vector3 Right, Vector3 Down, Vector3 ToLight, float Scale) : IProjection
    {
        public Vector3 Project(Vector3 point)
        {
            var d = point - Focus;
            return new Vector3((Vector3.Dot(d, Right) * Scale) + (Size / 2), (Vector3.Dot(d, Down) * Scale) + (Size / 2), Reach + Vector3.Dot(d, ToLight));
        }
    }
}
