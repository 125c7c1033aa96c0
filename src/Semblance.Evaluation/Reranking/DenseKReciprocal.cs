namespace Semblance.Evaluation.Reranking;

/// <summary>k-reciprocal re-ranking as its nine steps say, with N x N arrays in float64: the twin that <see cref="KReciprocal"/> is held against. O(N² log N) time, O(N²) memory.</summary>
public static class DenseKReciprocal
{
    /// <summary>Re-ranked distances <c>[Q, G]</c>, row by row.</summary>
    /// <param name="squared">Squared distances <c>[N, N]</c>, queries first.</param>
    /// <param name="queries">Q.</param>
    /// <param name="options">Of these, <see cref="RerankingOptions.K1"/>, <see cref="RerankingOptions.K2"/> and <see cref="RerankingOptions.Lambda"/>.</param>
    public static double[,] Rerank(double[,] squared, int queries, RerankingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(squared);
        options ??= new RerankingOptions();
        options.Check();
        var count = squared.GetLength(0);
        var items = Enumerable.Range(0, count).ToArray();
        double D(int i, int j) => i == j ? 0 : Math.Max(0, squared[i, j]);

        // Steps 1 and 2.
        var normalised = new double[count, count];
        foreach (var i in items)
        {
            var furthest = items.Max(j => D(i, j));
            foreach (var j in items)
            {
                normalised[i, j] = furthest == 0 ? 0 : D(i, j) / furthest;
            }
        }

        // Step 3.
        var ranking = items.Select(i => items.OrderBy(j => j == i ? 0 : 1).ThenBy(j => D(i, j)).ThenBy(j => j).ToArray()).ToArray();

        // Step 4.
        HashSet<int>[] Reciprocal(int k)
        {
            var nearest = items.Select(i => ranking[i].Take(k + 1).ToHashSet()).ToArray();
            return [.. items.Select(i => nearest[i].Where(j => nearest[j].Contains(i)).ToHashSet())];
        }

        // Steps 5 and 6.
        var cores = Reciprocal(options.K1);
        var halves = Reciprocal((int)Math.Round(options.K1 / 2.0, MidpointRounding.ToEven));
        var encoding = new double[count, count];
        foreach (var i in items)
        {
            var core = cores[i];
            var expanded = new SortedSet<int>(core);
            foreach (var candidates in core.Select(j => halves[j]))
            {
                if (3 * candidates.Count(core.Contains) > 2 * candidates.Count)
                {
                    expanded.UnionWith(candidates);
                }
            }

            var sum = expanded.Sum(t => Math.Exp(-normalised[i, t]));
            foreach (var t in expanded)
            {
                encoding[i, t] = Math.Exp(-normalised[i, t]) / sum;
            }
        }

        // Step 7.
        var averaged = encoding;
        if (options.K2 > 1)
        {
            averaged = new double[count, count];
            foreach (var i in items)
            {
                var nearest = ranking[i].Take(options.K2).ToArray();
                foreach (var t in items)
                {
                    averaged[i, t] = nearest.Sum(j => encoding[j, t]) / nearest.Length;
                }
            }
        }

        // Steps 8 and 9.
        var final = new double[queries, count - queries];
        for (var i = 0; i < queries; i++)
        {
            for (var g = queries; g < count; g++)
            {
                var shared = items.Sum(t => Math.Min(averaged[i, t], averaged[g, t]));
                final[i, g - queries] = ((1 - options.Lambda) * (1 - (shared / (2 - shared)))) + (options.Lambda * normalised[i, g]);
            }
        }

        return final;
    }
}
