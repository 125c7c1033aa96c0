using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>How training pictures are varied (decision D4). No colour changes: captions name colours.</summary>
public sealed record AugmentationRecipe
{
    [Range(0.0, 1.0)]
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Pixels added on every side before the random crop; if not given 10 at 256 rows, and in proportion.</summary>
    [Range(0, 1000)]
    public int? Padding { get; init; }

    /// <summary>Random erasing, in stage B only.</summary>
    [Range(0.0, 1.0)]
    public double ErasingProbability { get; init; } = 0.5;
}
