using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>The WordPiece vocabulary: a given file, or learnt from the captions of the sources.</summary>
public sealed record VocabularyRecipe
{
    /// <summary>A vocabulary file, one entry per line; learnt if not given.</summary>
    public string? Path { get; init; }

    /// <summary>Entries to learn, at most.</summary>
    [Range(100, 1000000)]
    public int Size { get; init; } = 2000;
}
