using Semblance.Core;

namespace Semblance.Evaluation;

/// <summary>How confidence intervals are found.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Resamplings.</summary> <value>1000.</value>
    public int Samples { get; init; } = 1000;

    /// <summary>Confidence level in (0, 1).</summary> <value>0.95.</value>
    public double Level { get; init; } = 0.95;

    /// <summary>The same seed gives the same intervals.</summary> <value>1.</value>
    public ulong Seed { get; init; } = 1;
}

/// <summary>What a figure could have been with other people of the same kind.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="StandardError">Standard deviation over the resamplings.</param>
public sealed record ConfidenceInterval(double Low, double High, double StandardError);

/// <summary>
/// Confidence intervals of a result by the percentile bootstrap over identities: the queries of one person share their pictures and their luck, so people are drawn, with
/// replacement, and each brings all queries of theirs. What other training seeds would change is not in it.
/// </summary>
/// <param name="Identities">People who were drawn from.</param>
/// <param name="Samples">Resamplings.</param>
/// <param name="Level">Confidence level.</param>
/// <param name="Rank1">CMC at 1.</param>
/// <param name="Rank5">CMC at 5.</param>
/// <param name="Rank10">CMC at 10.</param>
/// <param name="MeanAveragePrecision">mAP by steps.</param>
/// <param name="MeanAveragePrecisionTrapezoid">mAP by trapezoids.</param>
/// <param name="MeanInverseNegativePenalty">mINP.</param>
public sealed record Bootstrap(
    int Identities,
    int Samples,
    double Level,
    ConfidenceInterval Rank1,
    ConfidenceInterval Rank5,
    ConfidenceInterval Rank10,
    ConfidenceInterval MeanAveragePrecision,
    ConfidenceInterval MeanAveragePrecisionTrapezoid,
    ConfidenceInterval MeanInverseNegativePenalty)
{
    private const int Figures = 6;

    /// <summary>Draws the people of a result anew.</summary>
    /// <exception cref="ArgumentException">The result has fewer than two people, or an option is out of range.</exception>
    public static Bootstrap Of(RetrievalResult result, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        options ??= new BootstrapOptions();
        if (options.Samples < 2 || !(options.Level is > 0 and < 1))
        {
            throw new ArgumentException($"{options.Samples} samples at level {options.Level}; expected 2 samples or more and a level between 0 and 1");
        }

        var people = Sums(result);
        if (people.Length < 2)
        {
            throw new ArgumentException($"the queries show {people.Length} identity, and intervals over identities need two or more");
        }

        var samples = new double[Figures][];
        for (var f = 0; f < Figures; f++)
        {
            samples[f] = new double[options.Samples];
        }

        Parallel.For(0, options.Samples, s =>
        {
            var random = Randomness.For(options.Seed, Randomness.Key("bootstrap"), s);
            var (sum, count) = (new double[Figures], 0);
            for (var draw = 0; draw < people.Length; draw++)
            {
                var person = people[random.Next(people.Length)];
                count += person.Queries;
                for (var f = 0; f < Figures; f++)
                {
                    sum[f] += person.Figures[f];
                }
            }

            for (var f = 0; f < Figures; f++)
            {
                samples[f][s] = sum[f] / count;
            }
        });
        var intervals = samples.Select(values => Interval(values, options.Level)).ToArray();
        return new(people.Length, options.Samples, options.Level, intervals[0], intervals[1], intervals[2], intervals[3], intervals[4], intervals[5]);
    }

    /// <summary>For each person, in the order of their first query, the sums over their queries that count.</summary>
    private static (int Queries, double[] Figures)[] Sums(RetrievalResult result)
    {
        var people = new Dictionary<string, int>(StringComparer.Ordinal);
        var sums = new List<(int Queries, double[] Figures)>();
        foreach (var query in result.PerQuery.Where(query => query.Positives > 0 || result.NoMatch == NoMatchRule.Zero))
        {
            if (!people.TryGetValue(result.QueryIdentities[query.Query], out var place))
            {
                people.Add(result.QueryIdentities[query.Query], place = sums.Count);
                sums.Add((0, new double[Figures]));
            }

            var (count, sum) = sums[place];
            var figures = query.Figures;
            double At(int k) => figures.FirstRank >= 1 && figures.FirstRank <= k ? 1 : 0;
            double[] values = [At(1), At(5), At(10), figures.AveragePrecision, figures.AveragePrecisionTrapezoid, figures.InverseNegativePenalty];
            sums[place] = (count + 1, [.. sum.Zip(values, (a, b) => a + b)]);
        }

        return [.. sums];
    }

    private static ConfidenceInterval Interval(double[] values, double level)
    {
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        Array.Sort(values);
        return new(Quantile(values, (1 - level) / 2), Quantile(values, (1 + level) / 2), error);
    }

    /// <summary>Linear between neighbouring order statistics.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
