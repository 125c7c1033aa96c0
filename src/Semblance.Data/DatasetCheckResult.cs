namespace Semblance.Data;

/// <summary>What <see cref="DatasetCheck"/> found.</summary>
/// <param name="Layout">The layout that was checked.</param>
/// <param name="Counts">Found figures by name, such as <c>train images</c>.</param>
/// <param name="Published">The publisher's figures under the same names; empty for sets without any.</param>
/// <param name="Problems">What has to be repaired.</param>
/// <param name="Notes">What is odd and known of published sets too, such as empty captions; kept as it is.</param>
/// <param name="Notice">Who published the set and how it may be used.</param>
/// <param name="Standard">As <see cref="DatasetReport.Standard"/>: figures measured on it compare with published ones.</param>
public sealed record DatasetCheckResult(
    string Layout,
    IReadOnlyDictionary<string, int> Counts,
    IReadOnlyDictionary<string, int> Published,
    IReadOnlyList<DatasetProblem> Problems,
    IReadOnlyList<DatasetProblem> Notes,
    string Notice,
    bool Standard)
{
    /// <summary>True when nothing has to be repaired.</summary>
    public bool Sound => Problems.Count == 0;
}
