namespace Semblance.Evaluation;

/// <summary>The figures of one query, from the ranks of its positives (from 1, ascending, at least one). All in float64.</summary>
public static class Metrics
{
    /// <summary>Average precision as a finite sum of steps, <c>(1/R) Σ k / r(k)</c>: the default, and what most public code computes today.</summary>
    public static double AveragePrecision(IReadOnlyList<int> ranks)
    {
        Check(ranks);
        var sum = 0.0;
        for (var k = 0; k < ranks.Count; k++)
        {
            sum += (k + 1.0) / ranks[k];
        }

        return sum / ranks.Count;
    }

    /// <summary>
    /// Average precision by trapezoids, <c>(1/R) Σ (p'(k) + p(k)) / 2</c> with <c>p(k) = k / r(k)</c> and the precision just before it,
    /// <c>p'(k) = (k - 1) / (r(k) - 1)</c>, 1 at the first rank: Market-1501's MATLAB code. Never above <see cref="AveragePrecision"/>.
    /// </summary>
    public static double AveragePrecisionTrapezoid(IReadOnlyList<int> ranks)
    {
        Check(ranks);
        var sum = 0.0;
        for (var k = 0; k < ranks.Count; k++)
        {
            var before = ranks[k] == 1 ? 1.0 : k / (ranks[k] - 1.0);
            sum += (before + ((k + 1.0) / ranks[k])) / 2;
        }

        return sum / ranks.Count;
    }

    /// <summary>Inverse negative penalty, <c>R / r(R)</c>: how deep one must go to find every positive (Ye et al. 2021).</summary>
    public static double InverseNegativePenalty(IReadOnlyList<int> ranks)
    {
        Check(ranks);
        return (double)ranks.Count / ranks[^1];
    }

    private static void Check(IReadOnlyList<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (ranks.Count == 0)
        {
            throw new ArgumentException("a query without a positive has no figures: it is skipped, or counted as zero", nameof(ranks));
        }
    }
}
