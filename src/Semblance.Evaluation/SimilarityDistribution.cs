using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation;

/// <summary>
/// How similar right pairs (genuine) and wrong pairs (impostor) are, and how high the best wrong answer of each query stands: what a threshold costs, for pairs
/// (verification) and for whole searches of people who may not be in the gallery (open set). Immutable.
/// </summary>
/// <remarks>
/// <para>Counted in <see cref="Bins"/> steps over [-1, 1], so that millions of pairs need no memory; a rate at a threshold that is a multiple of <see cref="Step"/> is exact.</para>
/// <para>Every query is used twice for the open set: as a search of a person who is in the gallery, and, with all items of its identity left out, of one who is not.</para>
/// <para>A threshold that is used belongs to validation data: on the test split it may be reported, not chosen.</para>
/// </remarks>
public sealed class SimilarityDistribution
{
    /// <summary>Steps of the count.</summary>
    public const int Bins = 1 << 16;

    /// <summary>Width of one.</summary>
    public const double Step = 2.0 / Bins;

    private readonly long[] _genuine;
    private readonly long[] _impostor;
    private readonly long[] _found;
    private readonly long[] _strangers;

    private SimilarityDistribution(long[] genuine, long[] impostor, long[] found, long[] strangers, int mated, int searches)
    {
        // From here on, entry b holds what stands at or above the lower edge of bin b.
        (_genuine, _impostor, _found, _strangers) = (AtLeast(genuine), AtLeast(impostor), AtLeast(found), AtLeast(strangers));
        (MatedSearches, Searches) = (mated, searches);
    }

    /// <summary>Right pairs.</summary>
    public long GenuinePairs => _genuine[0];

    /// <summary>Wrong pairs.</summary>
    public long ImpostorPairs => _impostor[0];

    /// <summary>Searches of people who are in the gallery: queries with a positive.</summary>
    public int MatedSearches { get; }

    /// <summary>All searches; each is also one of a person who is not there.</summary>
    public int Searches { get; }

    /// <summary>Share of wrong pairs with a similarity of <paramref name="threshold"/> or more (FMR).</summary>
    public double FalseMatchRate(double threshold) => Share(_impostor, Bin(threshold), ImpostorPairs);

    /// <summary>Share of right pairs below <paramref name="threshold"/> (FNMR).</summary>
    public double FalseNonMatchRate(double threshold) => 1 - Share(_genuine, Bin(threshold), GenuinePairs);

    /// <summary>Share of searches of people in the gallery whose first answer is right and has <paramref name="threshold"/> or more (TPIR at rank 1, or DIR).</summary>
    public double TruePositiveIdentificationRate(double threshold) => Share(_found, Bin(threshold), MatedSearches);

    /// <summary>Share of searches of people who are not in the gallery that answer somebody with <paramref name="threshold"/> or more (FPIR).</summary>
    public double FalsePositiveIdentificationRate(double threshold) => Share(_strangers, Bin(threshold), Searches);

    /// <summary>The least threshold, a multiple of <see cref="Step"/>, with a false-match rate of <paramref name="rate"/> or less.</summary>
    public double ThresholdAtFalseMatchRate(double rate) => Threshold(_impostor, ImpostorPairs, rate);

    /// <summary>The least threshold, a multiple of <see cref="Step"/>, with a false-positive identification rate of <paramref name="rate"/> or less.</summary>
    public double ThresholdAtFalsePositiveIdentificationRate(double rate) => Threshold(_strangers, Searches, rate);

    /// <summary>Where as many right pairs fall below as wrong pairs above: the threshold and the mean of both rates.</summary>
    public (double Threshold, double Rate) EqualErrorRate()
    {
        // FMR falls with the threshold and FNMR rises, so they cross once.
        var (low, high) = (0, Bins);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (FalseNonMatchRate(Edge(middle)) >= FalseMatchRate(Edge(middle)))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        var threshold = Edge(low);
        return (threshold, (FalseMatchRate(threshold) + FalseNonMatchRate(threshold)) / 2);
    }

    internal static SimilarityDistribution Of(
        IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, MatchTable table, IDistanceSource<float> distances, EvaluationOptions options)
    {
        var (mated, counts) = (0, new long[4][]);
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = new long[Bins + 1];
        }

        using var local = new ThreadLocal<long[][]>(() => [new long[Bins + 1], new long[Bins + 1]], trackAllValues: true);
        Evaluator.ForEachQuery(queries, gallery, table, distances, options, (query, row, matches) =>
        {
            var (genuine, impostor) = (local.Value![0], local.Value[1]);
            var (right, wrong) = (new Nearest(), new Nearest());
            for (var g = 0; g < row.Length; g++)
            {
                if (matches[g] == Match.Negative)
                {
                    impostor[Bin(-row[g])]++;
                    wrong.See(row[g], g);
                }
                else if (matches[g] == Match.Positive)
                {
                    genuine[Bin(-row[g])]++;
                    right.See(row[g], g);
                }
            }

            if (right.Index >= 0)
            {
                Interlocked.Increment(ref mated);
                if (right.Before(wrong))
                {
                    Interlocked.Increment(ref counts[2][Bin(-right.Distance)]);
                }
            }

            if (wrong.Index >= 0)
            {
                Interlocked.Increment(ref counts[3][Bin(-wrong.Distance)]);
            }
        });
        foreach (var one in local.Values)
        {
            for (var b = 0; b <= Bins; b++)
            {
                counts[0][b] += one[0][b];
                counts[1][b] += one[1][b];
            }
        }

        return mated == 0
            ? throw new ArgumentException($"none of {queries.Count} queries has a match left among {gallery.Count} gallery items after the protocol's removals; check identities and cameras")
            : new(counts[0], counts[1], counts[2], counts[3], mated, queries.Count);
    }

    /// <summary>The bin of a similarity; float32 rounding may carry a cosine just beyond 1.</summary>
    private static int Bin(double similarity) => (int)Math.Clamp(Math.Floor((similarity + 1) / Step), 0, Bins);

    private static double Edge(int bin) => (bin * Step) - 1;

    private static double Share(long[] atLeast, int bin, long all) => all == 0 ? 0 : (double)atLeast[bin] / all;

    private static double Threshold(long[] atLeast, long all, double rate)
    {
        if (!(rate is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "a rate to stay below must be above 0 and at most 1");
        }

        var (low, high) = (0, Bins);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Share(atLeast, middle, all) <= rate)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        // The last bin holds similarities of 1 itself: beyond it nothing is found.
        return Share(atLeast, low, all) <= rate ? Edge(low) : Math.BitIncrement(1.0);
    }

    private static long[] AtLeast(long[] counts)
    {
        for (var b = counts.Length - 2; b >= 0; b--)
        {
            counts[b] += counts[b + 1];
        }

        return counts;
    }

    private struct Nearest()
    {
        public float Distance { get; private set; } = float.PositiveInfinity;

        public int Index { get; private set; } = -1;

        public void See(float distance, int index)
        {
            if (distance < Distance)
            {
                (Distance, Index) = (distance, index);
            }
        }

        public readonly bool Before(Nearest other) => Distance < other.Distance || (Distance == other.Distance && Index < other.Index);
    }
}
