using System.Numerics;

namespace Semblance.Synthesis.Rendering;

/// <summary>Takes a point of the scene to column, row and nearness on a raster.</summary>
internal interface IProjection
{
    /// <summary>Column and row in samples, and a nearness that is greater when closer; not positive when it cannot be seen.</summary>
    Vector3 Project(Vector3 point);
}
