using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>
/// All that a training run depends on: the same recipe gives the same weights. Written as YAML with keys in snake_case; read by <see cref="RecipeFile"/>, which
/// refuses what it does not know. Where a default is a decision of ours, docs/mmet.md says so.
/// </summary>
public sealed record Recipe
{
    /// <summary>What comes out of it, in a word or two; shown in reports.</summary>
    [FreeToChange]
    public string Name { get; init; } = "unnamed";

    /// <summary>Start weights, data order, augmentation and masking all follow from it.</summary>
    [Range(0, 9007199254740991)]
    public long Seed { get; init; } = 1;

    public ModelRecipe Model { get; init; } = new();

    public DataRecipe Data { get; init; } = new();

    public AugmentationRecipe Augmentation { get; init; } = new();

    public VocabularyRecipe Vocabulary { get; init; } = new();

    /// <summary>First stage; its losses join the second one's too where <c>model.options.joint_weight</c> is above 0 (decision D1).</summary>
    public PretrainingRecipe StageA { get; init; } = new();

    public IdentificationRecipe StageB { get; init; } = new();

    /// <summary>Precision of the passes; losses, norms and weights are float32 always.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary><c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of one tensor operation; 0 for as many as the machine has processors, or this process's share of them. The run keeps the number it started with: sums depend on it.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>
    /// Processes that train together, each on an even share of every batch and each with its own <see cref="Threads"/>, on <c>cuda</c> each with its own card. A step is the one
    /// that a single process takes, but for rounding; what they are good for is time.
    /// </summary>
    [Range(1, 1024)]
    public int Processes { get; init; } = 1;

    [FreeToChange]
    public LoaderRecipe Loader { get; init; } = new();

    public ValidationRecipe Validation { get; init; } = new();

    [FreeToChange]
    public CheckpointRecipe Checkpoints { get; init; } = new();

    /// <summary>Steps between two lines of metrics.jsonl and two points of the TensorBoard curves; each is the mean over them.</summary>
    [FreeToChange]
    [Range(1, 100000)]
    public int LogEvery { get; init; } = 10;
}
