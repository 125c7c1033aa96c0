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

    /// <summary>What the picture stream alone starts from: a file that <c>semblance import</c> wrote of OSNet (for axm-net) or ResNet-50 (for lcr2s).</summary>
    public string? Backbone { get; init; }

    /// <summary>
    /// A frozen BERT that reads the words in place of vectors that are trained: a file that <c>semblance import --as bert-base</c> wrote; needs BERT's own vocabulary in
    /// <c>vocabulary.path</c>. The trained model holds it too.
    /// </summary>
    public string? Words { get; init; }

    /// <summary>Weights of the DALL-E encoder as safetensors, which names visual tokens; only for <c>visual_target: dvae-tokens</c>.</summary>
    public string? VisualTokenizer { get; init; }
}
