using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>When the whole state is saved.</summary>
public sealed record CheckpointRecipe
{
    /// <summary>Steps between two checkpoints; one is also written at the end of each stage and on cancellation.</summary>
    [Range(1, 100000000)]
    public int Every { get; init; } = 500;

    /// <summary>Newest checkpoints kept.</summary>
    [Range(1, 1000)]
    public int Keep { get; init; } = 2;
}
