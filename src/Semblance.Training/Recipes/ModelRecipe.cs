using Semblance.Models;

namespace Semblance.Training.Recipes;

/// <summary>Which model is trained.</summary>
public sealed record ModelRecipe
{
    /// <summary>A named set of options to start from, and with it the method: see <see cref="MethodPresets.Names"/>; "mmet-" may be left out.</summary>
    public string Preset { get; init; } = "mmet-default";

    /// <summary>The preset's options, and what the recipe changes of them; <c>vocabulary_size</c> follows from the vocabulary.</summary>
    public MethodOptions Options { get; init; } = MmetOptions.Default;

    /// <summary>
    /// What training starts from in place of random weights: FLAVA's public weights as one file (see docs/weights.md), or the folder of a model or run of the same sizes,
    /// which brings its vocabulary. A relative path is looked for in the working directory, then beside the recipe.
    /// </summary>
    public string? StartWeights { get; init; }

    /// <summary>Weights of the DALL-E encoder as safetensors, which names visual tokens; only for <c>visual_target: dvae-tokens</c>.</summary>
    public string? VisualTokenizer { get; init; }
}
