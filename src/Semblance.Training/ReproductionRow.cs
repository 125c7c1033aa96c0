namespace Semblance.Training;

/// <summary>One row of a published table, as changes of a recipe that all rows share.</summary>
/// <param name="Key">As files name it.</param>
/// <param name="Method">As the table names it.</param>
/// <param name="Settings">What differs from the shared recipe, as <c>key.path=value</c>.</param>
/// <param name="Tasks">What is measured; the first is the row's own figure.</param>
public sealed record ReproductionRow(string Key, string Method, IReadOnlyList<string> Settings, IReadOnlyList<EvaluationTask> Tasks);
