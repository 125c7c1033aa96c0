namespace Semblance.Data.Reading;

/// <summary>People who stand where they should not: in training and in testing, or twice where a set has one query.</summary>
internal static class SplitCheck
{
    private const int Shown = 5;

    /// <summary>Reports people whose pictures are on both sides of the line between training and testing; query, gallery and test are one side. Hand-drawn boxes show people of both.</summary>
    public static void People(DatasetAssembly set, string path)
    {
        var sides = set.Records.Where(record => record.Role == Role.Person && record.Split != Split.Boxes).GroupBy(record => record.RawId, StringComparer.Ordinal)
            .Where(person => person.Select(record => Side(record.Split)).Distinct().Count() > 1).Select(person => person.Key).Order(StringComparer.Ordinal).ToArray();
        if (sides.Length > 0)
        {
            set.Report(path, ProblemStatus.Overlap, $"{sides.Length} people are in training and in query or gallery ({string.Join(", ", sides.Take(Shown))}{(sides.Length > Shown ? ", ..." : "")}), expected none");
        }
    }

    /// <summary>Reports a person with several queries in one camera.</summary>
    public static void Queries(DatasetAssembly set)
    {
        foreach (var twice in set.Records.Where(record => record is { Role: Role.Person, Split: Split.Query }).GroupBy(record => (record.RawId, record.Camera)).Where(group => group.Count() > 1))
        {
            set.Report(twice.Last().ImagePath, ProblemStatus.Duplicate, $"{twice.Count()} queries of person {twice.Key.RawId} in camera {twice.Key.Camera}, expected one");
        }
    }

    private static int Side(Split split) => split switch { Split.Train => 0, Split.Val => 1, _ => 2 };
}
