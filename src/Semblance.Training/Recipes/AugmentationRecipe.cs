using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>How training pictures are varied (decision D4).</summary>
public sealed record AugmentationRecipe
{
    [Range(0.0, 1.0)]
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Pixels added on every side before the random crop; if not given 10 at 256 rows, and in proportion.</summary>
    [Range(0, 1000)]
    public int? Padding { get; init; }

    /// <summary>How far colours vary, as from camera to camera; 1 is an ordinary spread. Our addition, off by default: captions name colours.</summary>
    [Range(0.0, 3.0)]
    public double Camera { get; init; }

    /// <summary>Random erasing, in stage B only.</summary>
    [Range(0.0, 1.0)]
    public double ErasingProbability { get; init; } = 0.5;
}
