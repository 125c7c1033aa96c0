using System.ComponentModel.DataAnnotations;

namespace Semblance.Training.Recipes;

/// <summary>Validation on people of the sources who are left out of training (decision D29). Test splits never enter.</summary>
public sealed record ValidationRecipe
{
    /// <summary>People held out, drawn evenly from the sources; 0 for none.</summary>
    [Range(0, 1000000)]
    public int Identities { get; init; }

    /// <summary>Pictures of each of them that ask; the others answer.</summary>
    [Range(1, 1000)]
    public int Queries { get; init; } = 1;

    /// <summary>Most pictures of each of them, from as many cameras (viewpoints of FineGPR) as there are; if not given, all.</summary> <value>36 for FineGPR (decision D29).</value>
    [Range(2, 1000000)]
    public int? ImagesPerIdentity { get; init; }

    /// <summary>Steps between two validations; if not given, only at the end of each stage.</summary>
    [FreeToChange]
    [Range(1, 100000000)]
    public int? Every { get; init; }

    /// <summary>Tasks measured: <c>image</c>, <c>text-to-image</c>, <c>image-to-text</c>, <c>image+text</c>.</summary>
    [FreeToChange]
    public IReadOnlyList<string> Tasks { get; init; } = ["image", "text-to-image"];
}
