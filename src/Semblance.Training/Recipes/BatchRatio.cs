using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>Steps of each kind in one round of the round-robin (decision D22).</summary>
public sealed record BatchRatio
{
    [Range(0, 1000)]
    public int Image { get; init; } = 1;

    [Range(0, 1000)]
    public int Text { get; init; } = 1;

    [Range(0, 1000)]
    public int Pair { get; init; } = 1;
}
