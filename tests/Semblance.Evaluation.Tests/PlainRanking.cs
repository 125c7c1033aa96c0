namespace Semblance.Evaluation.Tests;

/// <summary>The twin that sorts: slow, obvious, and what the counting method must agree with.</summary>
internal static class PlainRanking
{
    public static PositiveRanks Of(double[] distances, Match[] matches) => new(
        Ranks(distances, matches, g => g),
        Ranks(distances, matches, g => matches[g] == Match.Positive ? g : distances.Length + g),
        Ranks(distances, matches, g => matches[g] == Match.Negative ? g : distances.Length + g),
        matches.Count(match => match != Match.Removed));

    private static int[] Ranks(double[] distances, Match[] matches, Func<int, int> amongEquals) =>
    [
        .. Enumerable.Range(0, distances.Length)
            .Where(g => matches[g] != Match.Removed)
            .OrderBy(g => distances[g] + 0.0).ThenBy(amongEquals)
            .Select((g, place) => (g, rank: place + 1))
            .Where(item => matches[item.g] == Match.Positive)
            .Select(item => item.rank),
    ];
}
