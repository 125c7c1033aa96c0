namespace Semblance.Training;

/// <summary>One row of a published table, as changes of a recipe that all rows share.</summary>
/// <param name="Key">As files name it.</param>
/// <param name="Method">As the table names it.</param>
/// <param name="Settings">What differs from the shared recipe, as <c>key.path=value</c>.</param>
/// <param name="Tasks">What is measured; the first is the row's own figure.</param>
public sealed record ReproductionRow(string Key, string Method, IReadOnlyList<string> Settings, IReadOnlyList<EvaluationTask> Tasks)
{
    /// <summary>What the paper prints for the first task, by the layout of the target; empty where it prints nothing.</summary>
    public IReadOnlyDictionary<string, PublishedFigures> Paper { get; init; } = new Dictionary<string, PublishedFigures>();
}

/// <summary>Figures as a paper prints them, in percent; null where it does not.</summary>
/// <param name="Map">mAP, by the paper's own definition.</param>
/// <param name="Rank1">Rank-1.</param>
/// <param name="Rank5">Rank-5.</param>
public sealed record PublishedFigures(double? Map, double? Rank1, double? Rank5 = null);
