using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>Stage B: identities, by classification and triplets.</summary>
public sealed record IdentificationRecipe
{
    /// <summary>0 leaves the stage out.</summary>
    [Range(0, 100000000)]
    public int Steps { get; init; } = 6000;

    /// <summary>What makes a batch.</summary> <value>People; random for methods whose losses need no second picture of a person in the batch.</value>
    public IdentificationOrder Order { get; init; } = IdentificationOrder.People;

    /// <summary>P: people in a batch.</summary>
    [Range(2, 65536)]
    public int Identities { get; init; } = 16;

    /// <summary>K: pictures of each of them.</summary>
    [Range(2, 65536)]
    public int ImagesPerIdentity { get; init; } = 4;

    /// <summary>Take the K pictures from the four viewpoint sectors in turn, where viewpoints are known.</summary> <value>false; true for FineGPR (decision D25).</value>
    public bool ViewpointSectors { get; init; }

    /// <summary>Batches in an epoch; if not given, as many as the pictures make.</summary> <value>1,000 for FineGPR (decision D25).</value>
    [Range(1, 10000000)]
    public int? BatchesPerEpoch { get; init; }

    public OptimiserRecipe Optimiser { get; init; } = new() { LearningRate = 3e-5, HeadFactor = 10 };
}
