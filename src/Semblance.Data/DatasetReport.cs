namespace Semblance.Data;

/// <summary>One thing that is wrong with one file or folder.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Status">Missing, Damaged, Suspicious, Unexpected, Duplicate ...</param>
/// <param name="Reason">What was found and what was expected.</param>
public sealed record DatasetProblem(string Path, string Status, string Reason);

/// <summary>What a reader found: counts per split beside the published ones, and every problem.</summary>
/// <param name="Counts">For instance <c>train images</c> to 12936.</param>
/// <param name="Problems">Empty when all is well.</param>
public sealed record DatasetReport(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<DatasetProblem> Problems);
