using System.ComponentModel.DataAnnotations;
using Semblance.Text;

namespace Semblance.Training.Recipes;

/// <summary>One source: a data set on disk (<c>layout</c> and <c>path</c>) or a synthetic world (<c>world</c>).</summary>
public sealed record SourceRecipe
{
    /// <summary>Layout of the data set, such as <c>market1501</c>, <c>cuhk-pedes</c>, <c>finegpr</c>.</summary>
    public string? Layout { get; init; }

    /// <summary>Root of the data set.</summary>
    public string? Path { get; init; }

    /// <summary>Split to learn from. Only <c>train</c>: learning from, or choosing a model on, a test split is refused.</summary>
    public string Split { get; init; } = "train";

    /// <summary>Which of CUHK03's test sets nobody learns from (<c>cuhk03-classic</c>), 1 to 20.</summary>
    [Range(1, 20)]
    public int TestSet { get; init; } = 1;

    /// <summary>Training pictures that may be missing or damaged; they are left out.</summary>
    [Range(0, int.MaxValue)]
    public int MaxMissing { get; init; }

    /// <summary>Most captions of one picture, the first ones; null for all.</summary>
    [Range(1, int.MaxValue)]
    public int? CaptionsPerPicture { get; init; }

    /// <summary>
    /// How captions are worded for pictures that have none but whose attributes are known (decision D27): plain, fixed (MMET's figure) or rich. If not given, plain for FineGPR, and
    /// none for the attributes of Market-1501 and DukeMTMC-reID, which are those of a person and not of a picture.
    /// </summary>
    public CaptionStyle? WriteCaptions { get; init; }

    /// <summary>Opens a data set that its publisher has withdrawn (DukeMTMC-reID). Results have to say so.</summary>
    public bool AcceptWithdrawn { get; init; }

    public WorldRecipe? World { get; init; }
}
