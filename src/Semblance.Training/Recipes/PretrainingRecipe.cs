using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>Stage A: masked modelling, matching and contrast, without identities.</summary>
public sealed record PretrainingRecipe
{
    /// <summary>0 leaves the stage out.</summary>
    [Range(0, 100000000)]
    public int Steps { get; init; } = 30000;

    [Range(2, 65536)]
    public int BatchSize { get; init; } = 64;

    /// <summary>How often each kind of batch comes in a round; a kind with 0 never does.</summary>
    public BatchRatio Ratio { get; init; } = new();

    /// <summary>At most one picture of a person in a pair batch (decision D24): fewer false negatives.</summary>
    public bool OnePerIdentity { get; init; } = true;

    /// <summary>How pedestrian masking finds the person.</summary>
    public ForegroundKind Foreground { get; init; } = ForegroundKind.Auto;

    public OptimiserRecipe Optimiser { get; init; } = new();
}
