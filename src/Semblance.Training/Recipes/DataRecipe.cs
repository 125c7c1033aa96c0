namespace Semblance.Training.Recipes;

/// <summary>What a run learns from.</summary>
public sealed record DataRecipe
{
    /// <summary>The source domains. Identities and cameras of different sources are never the same.</summary>
    public IReadOnlyList<SourceRecipe> Sources { get; init; } = [];

    /// <summary>Where decoded pictures live between two uses.</summary>
    [FreeToChange]
    public PictureCache Cache { get; init; } = PictureCache.Memory;
}
