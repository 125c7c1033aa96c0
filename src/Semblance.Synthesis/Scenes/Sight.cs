using System.Numerics;

namespace Semblance.Synthesis.Scenes;

/// <summary>What a ray met.</summary>
/// <param name="Colour">Light towards the camera; of the ground only what it mirrors.</param>
/// <param name="Distance">Along the optical axis, metres.</param>
/// <param name="Ground">Albedo of the ground, to be lit with the shadows on it.</param>
/// <param name="IsGround">Whether the ray met the ground.</param>
internal readonly record struct Sight(Vector3 Colour, float Distance, Vector3 Ground, bool IsGround);
