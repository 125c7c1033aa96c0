using System.Numerics;

namespace Semblance.Synthesis.Bodies;

/// <summary>The body of one person: what stays the same under all clothes and before all cameras. Ratios are 1 on average.</summary>
public sealed record Physique
{
    /// <summary>Metres, without shoes.</summary>
    public float Height { get; init; } = 1.72f;

    /// <summary>-1 slim, 0 average, 1 heavy.</summary>
    public float Build { get; init; }

    /// <summary>0 a man's proportions, 1 a woman's.</summary>
    public float Femininity { get; init; }

    public float Shoulders { get; init; } = 1;

    public float Hips { get; init; } = 1;

    public float Belly { get; init; }

    public float Legs { get; init; } = 1;

    public float Limbs { get; init; } = 1;

    public float Head { get; init; } = 1;

    /// <summary>Forward bend of the upper back in radians.</summary>
    public float Stoop { get; init; }

    /// <summary>Length of the step; 1 is ordinary.</summary>
    public float Stride { get; init; } = 1;

    public float ArmSwing { get; init; } = 1;

    /// <summary>Linear light.</summary>
    public Vector3 Skin { get; init; }

    public bool Beard { get; init; }

    public bool Moustache { get; init; }
}
