using System.Diagnostics;

namespace Semblance.Bench;

/// <summary>One row: a piece of work, our time beside the peer's in the same run, and the distance to a limit where there is one.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Ours">How we did it.</param>
/// <param name="Peer">Who is beside us, and how.</param>
/// <param name="OursSeconds">Median.</param>
/// <param name="PeerSeconds">Median; null without a peer.</param>
/// <param name="Ratio">Median over rounds of peer's time by ours: above 1 we are faster; null without a peer.</param>
/// <param name="Limit">A bound that nobody can pass here, or one that was asked for, with our distance to it.</param>
internal sealed record Comparison(string Work, string Ours, string? Peer, double OursSeconds, double? PeerSeconds, double? Ratio, string? Limit = null)
{
    /// <summary>Runs ours and the peer's in turn, so that a machine whose speed drifts slows both; one round of each first, not counted.</summary>
    public static Comparison InTurn(string work, string oursName, Action ours, string peerName, Func<double> peer, int rounds, Func<double, string>? limit = null)
    {
        Time(ours);
        peer();
        var mine = new double[rounds];
        var theirs = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            mine[i] = Time(ours);
            theirs[i] = peer();
        }

        var ratios = mine.Zip(theirs, (a, b) => b / a).ToArray();
        return new(work, oursName, peerName, Median(mine), Median(theirs), Median(ratios), limit?.Invoke(Median(mine)));
    }

    /// <summary>Ours alone, where no peer does this work.</summary>
    public static Comparison Alone(string work, string oursName, Action ours, int rounds, Func<double, string>? limit = null)
    {
        Time(ours);
        var mine = Enumerable.Range(0, rounds).Select(_ => Time(ours)).ToArray();
        return new(work, oursName, null, Median(mine), null, null, limit?.Invoke(Median(mine)));
    }

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
