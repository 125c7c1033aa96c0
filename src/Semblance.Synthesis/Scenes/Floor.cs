using System.Numerics;

namespace Semblance.Synthesis.Scenes;

/// <summary>How the ground is laid.</summary>
internal enum FloorKind : byte { Plain, Paving, Road, Path, Platform }

/// <summary>The ground of a place.</summary>
internal readonly record struct Floor
{
    public FloorKind Kind { get; init; }

    public Vector3 Colour { get; init; }

    public Vector3 Second { get; init; }

    /// <summary>Edge of a slab in metres.</summary>
    public float Size { get; init; }

    public bool Staggered { get; init; }

    public float Offset { get; init; }

    public bool Crossing { get; init; }

    /// <summary>Share of light mirrored at a flat angle.</summary>
    public float Mirror { get; init; }

    public uint Seed { get; init; }
}
