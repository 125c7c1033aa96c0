namespace Semblance.Data.Sampling;

/// <summary>Records grouped by who they show.</summary>
internal static class ByIdentity
{
    /// <summary>For each identity, in the order of <see cref="IdentityMap"/>, the indices of its records.</summary>
    public static int[][] Group(IReadOnlyList<PersonRecord> records)
    {
        var identities = IdentityMap.Of(records);
        var groups = new List<int>[identities.Count];
        for (var index = 0; index < records.Count; index++)
        {
            if (records[index].Role == Role.Person)
            {
                (groups[identities.LabelOf(records[index])] ??= []).Add(index);
            }
        }

        return [.. groups.Select(group => group.ToArray())];
    }
}
