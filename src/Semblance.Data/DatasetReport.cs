using System.Text;

namespace Semblance.Data;

/// <summary>One thing that is wrong with one file or folder.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Status">One of <see cref="ProblemStatus"/>.</param>
/// <param name="Reason">What was found and what was expected.</param>
public sealed record DatasetProblem(string Path, string Status, string Reason);

/// <summary>What a reader found: counts per split beside the published ones, and every problem.</summary>
/// <param name="Counts">For instance <c>train images</c> to 12936.</param>
/// <param name="Problems">Empty when all is well.</param>
public sealed record DatasetReport(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<DatasetProblem> Problems)
{
    /// <summary>The publisher's figures under the names of <see cref="Counts"/>; empty for sets without any.</summary>
    public IReadOnlyDictionary<string, int> Published { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>True when every published figure was met and nothing is missing or damaged: results compare with published ones. A world written in a real set's layout is not standard.</summary>
    public bool Standard { get; init; }

    /// <summary>Found and published figures, then the problems, as text for a person.</summary>
    public string Table()
    {
        var text = new StringBuilder();
        foreach (var (name, found) in Counts)
        {
            var expected = Published.TryGetValue(name, out var published) ? found == published ? "  as published" : $"  {published,9:N0} published" : "";
            text.Append($"{name,-28}{found,9:N0}{expected}\n");
        }

        foreach (var problem in Problems)
        {
            text.Append($"{problem.Status}: {problem.Path}: {problem.Reason}\n");
        }

        return text.ToString();
    }
}
