using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>A synthetic world, rendered while training: nothing touches the disk.</summary>
public sealed record WorldRecipe
{
    /// <summary>Named domains; every one gets its own people and cameras.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>People in each domain.</summary>
    [Range(1, 1000000)]
    public int Identities { get; init; } = 100;

    /// <summary>Pictures of each person.</summary>
    [Range(1, 100000)]
    public int Images { get; init; } = 8;

    /// <summary>Captions of each picture: one is drawn at every use.</summary>
    [Range(0, 100)]
    public int Captions { get; init; } = 2;

    /// <summary>Chance of each fact of a caption to be told wrong, as people do.</summary>
    [Range(0.0, 1.0)]
    public double WrongFacts { get; init; } = 0.03;

    /// <summary>Chance of each fact to be left out; the colours and kinds of the two main garments half as often.</summary>
    [Range(0.0, 1.0)]
    public double MissingFacts { get; init; } = 0.2;

    [Range(0, 9007199254740991)]
    public long Seed { get; init; } = 1;

    /// <summary>Height x width in pixels, such as <c>128x64</c>; the model's input size if not given.</summary>
    public string? Size { get; init; }
}
