using System.Diagnostics;

namespace Semblance.Bench;

/// <summary>One row: a piece of work, our time beside the peer's in the same run, and the distance to a limit where there is one.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Ours">How we did it.</param>
/// <param name="Peer">Who is beside us, and how.</param>
/// <param name="OursSeconds">Median.</param>
/// <param name="PeerSeconds">Median; null without a peer.</param>
/// <param name="Ratio">Median over rounds of peer's time by ours: above 1 we are faster; null without a peer.</param>
/// <param name="Spread">Largest ratio of a round by the smallest: what a ratio near 1 is worth; null without a peer.</param>
/// <param name="Limit">A bound that nobody can pass here, or what was asked for, with our distance to it.</param>
internal sealed record Comparison(
    string Work, string Ours, string? Peer, double OursSeconds, double? PeerSeconds, double? Ratio, double? Spread = null, string? Limit = null)
{
    /// <summary>Runs ours and the peer's in turn, so that a machine whose speed drifts slows both; one round of each first, not counted.</summary>
    /// <param name="work">What is done.</param>
    /// <param name="oursName">How we do it.</param>
    /// <param name="ours">One round of ours.</param>
    /// <param name="peerName">Who is beside us.</param>
    /// <param name="peer">One round of the peer's; answers with its seconds.</param>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="repeats">How often a round does the work; seconds are of one.</param>
    /// <param name="warm">False spares the peer its uncounted round, where one takes minutes.</param>
    public static Comparison InTurn(string work, string oursName, Action ours, string peerName, Func<double> peer, int rounds, int repeats = 1, bool warm = true)
    {
        Time(ours);
        _ = warm ? peer() : 0;
        var mine = new double[rounds];
        var theirs = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            mine[i] = Time(ours) / repeats;
            theirs[i] = peer() / repeats;
        }

        var ratios = mine.Zip(theirs, (a, b) => b / a).ToArray();
        return new(work, oursName, peerName, Median(mine), Median(theirs), Median(ratios), ratios.Max() / ratios.Min());
    }

    /// <summary>Ours alone, where no peer does this work.</summary>
    public static Comparison Alone(string work, string oursName, Action ours, int rounds)
    {
        Time(ours);
        return new(work, oursName, null, Median(Enumerable.Range(0, rounds).Select(_ => Time(ours))), null, null);
    }

    /// <summary>The row with its distance to a limit, told from what was measured.</summary>
    public Comparison Against(Func<Comparison, string> limit) => this with { Limit = limit(this) };

    /// <summary>The row with the ratio that was asked for, and whether it is met.</summary>
    public Comparison Asked(double ratio, string? more = null) =>
        Against(row => $"{ratio:0.0##} asked: {(row.Ratio >= ratio ? "met" : $"short by {1 - (row.Ratio / ratio):0.0%}")}{(more is null ? "" : $"; {more}")}");

    public static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
