using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>How batches are prepared beside the training thread. The batches are the same whatever stands here.</summary>
public sealed record LoaderRecipe
{
    [Range(1, 256)]
    public int Threads { get; init; } = 2;

    /// <summary>Batches made ahead.</summary>
    [Range(1, 256)]
    public int Ahead { get; init; } = 3;
}
