using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>Optimiser and the course of its learning rate.</summary>
public sealed record OptimiserRecipe
{
    public OptimiserKind Kind { get; init; } = OptimiserKind.Adamw;

    /// <summary>Peak learning rate of the encoders, for the batch as it is (not scaled by its size).</summary>
    [Range(0, 10, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Factor on the learning rate of the heads, which start from nothing.</summary> <value>1 in stage A; 10 in stage B.</value>
    [Range(0, 10000, MinimumIsExclusive = true)]
    public double HeadFactor { get; init; } = 1;

    /// <summary>Decay; never on biases, norms, class and mask tokens, positions, the temperature.</summary>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; init; } = 0.1;

    [Range(0.0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    [Range(0.0, 0.999999)]
    public double Beta2 { get; init; } = 0.98;

    [Range(0, 1, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>SGD only.</summary>
    [Range(0.0, 0.999999)]
    public double Momentum { get; init; } = 0.9;

    public ScheduleKind Schedule { get; init; } = ScheduleKind.Cosine;

    /// <summary>Steps of linear warm-up; if not given 2,000, or 5 % of a shorter stage.</summary>
    [Range(0, 10000000)]
    public int? Warmup { get; init; }

    /// <summary>Last learning rate as a fraction of the peak.</summary>
    [Range(0.0, 1.0)]
    public double Floor { get; init; } = 0.01;

    /// <summary>Greatest global norm of the gradient; 0 leaves it alone.</summary>
    [Range(0.0, 1e9)]
    public double GradientClip { get; init; } = 1;

    /// <summary>
    /// Batches whose gradients are averaged for one step, where a batch of the wanted size does not fit into memory. What a loss compares within a batch (contrast, triplets)
    /// stays within each of them, and so do the statistics of batch norms.
    /// </summary>
    [Range(1, 4096)]
    public int Accumulate { get; init; } = 1;
}
