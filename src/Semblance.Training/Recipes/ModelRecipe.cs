namespace Semblance.Training.Recipes;

/// <summary>Which model is trained.</summary>
public sealed record ModelRecipe
{
    /// <summary>The method; <c>mmet</c> is the one there is.</summary>
    public string Method { get; init; } = "mmet";

    /// <summary>A named set of options to start from: <c>paper</c>, <c>code</c>, <c>default</c>, <c>small</c>, <c>tiny</c>.</summary>
    public string Preset { get; init; } = "default";
}
