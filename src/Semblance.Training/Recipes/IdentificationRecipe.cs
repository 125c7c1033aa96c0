using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>Stage B: identities, by classification and triplets.</summary>
public sealed record IdentificationRecipe
{
    /// <summary>0 leaves the stage out.</summary>
    [Range(0, 100000000)]
    public int Steps { get; init; } = 6000;

    /// <summary>P: people in a batch.</summary>
    [Range(2, 65536)]
    public int Identities { get; init; } = 16;

    /// <summary>K: pictures of each of them.</summary>
    [Range(2, 65536)]
    public int ImagesPerIdentity { get; init; } = 4;

    public OptimiserRecipe Optimiser { get; init; } = new() { LearningRate = 3e-5, HeadFactor = 10 };
}
