using Semblance.Core;

namespace Semblance.Evaluation;

/// <summary>How a map of embeddings is drawn. The defaults are the usual ones.</summary>
public sealed record TSneOptions
{
    /// <summary>About how many neighbours an item keeps near; lowered to (N - 1) / 3 for few items.</summary> <value>30.</value>
    public double Perplexity { get; init; } = 30;

    /// <summary>Steps of gradient descent.</summary> <value>750.</value>
    public int Steps { get; init; } = 750;

    /// <summary>The same seed gives the same map.</summary> <value>1.</value>
    public ulong Seed { get; init; } = 1;
}

/// <summary>
/// t-SNE (van der Maaten and Hinton 2008), exact: a map in two dimensions on which near neighbours of the embedding space stay near. O(N²) a step, for up to a few thousand
/// items. Distances between far groups on it mean nothing.
/// </summary>
public static class TSne
{
    private const double Exaggeration = 12;
    private const double LeastGain = 0.01;

    /// <summary>Places N items.</summary>
    /// <param name="embeddings">Two items or more.</param>
    /// <param name="options">Options.</param>
    /// <returns>N places, centred on the origin.</returns>
    /// <exception cref="ArgumentException">There are fewer than two items, or an option is out of range.</exception>
    public static IReadOnlyList<(double X, double Y)> Map(LabelledEmbeddings embeddings, TSneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        options ??= new TSneOptions();
        if (embeddings.Count < 2 || options.Steps < 1 || !(options.Perplexity >= 1))
        {
            throw new ArgumentException($"{embeddings.Count} items, perplexity {options.Perplexity}, {options.Steps} steps; expected two items or more, a perplexity of 1 or more and a step or more");
        }

        var affinities = Affinities(Squared(embeddings), embeddings.Count, Math.Max(1, Math.Min(options.Perplexity, (embeddings.Count - 1) / 3.0)));
        var random = Randomness.For(options.Seed, Randomness.Key("t-sne"));
        var places = new double[2 * embeddings.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = 1e-4 * random.NextGaussian();
        }

        var (speed, gains, rate) = (new double[places.Length], new double[places.Length], Math.Max(embeddings.Count / Exaggeration / 4, 50));
        Array.Fill(gains, 1);
        var early = Math.Min(250, options.Steps / 3);
        for (var step = 0; step < options.Steps; step++)
        {
            var gradient = Gradient(affinities, places, step < early ? Exaggeration : 1);
            var momentum = step < early ? 0.5 : 0.8;
            for (var i = 0; i < places.Length; i++)
            {
                gains[i] = Math.Max(LeastGain, gradient[i] > 0 == speed[i] > 0 ? gains[i] * 0.8 : gains[i] + 0.2);
                speed[i] = (momentum * speed[i]) - (rate * gains[i] * gradient[i]);
                places[i] += speed[i];
            }

            Centre(places);
        }

        return [.. Enumerable.Range(0, embeddings.Count).Select(i => (places[2 * i], places[(2 * i) + 1]))];
    }

    /// <summary>Joint probabilities <c>[N, N]</c>: for each item a Gaussian whose width gives the perplexity, then made symmetric; they sum to 1.</summary>
    internal static double[] Affinities(double[] squared, int count, double perplexity)
    {
        var conditional = new double[squared.Length];
        var entropy = Math.Log(perplexity);
        Parallel.For(0, count, i =>
        {
            var row = conditional.AsSpan(i * count, count);
            var distances = squared.AsSpan(i * count, count);
            var (low, high, precision) = (0.0, double.PositiveInfinity, 1.0);
            for (var trial = 0; trial < 64; trial++)
            {
                var found = Conditional(distances, i, precision, row);
                if (Math.Abs(found - entropy) < 1e-7)
                {
                    break;
                }

                // A greater precision narrows the Gaussian and lowers the entropy.
                (low, high) = found > entropy ? (precision, high) : (low, precision);
                precision = double.IsInfinity(high) ? precision * 2 : (low + high) / 2;
            }
        });
        var joint = new double[squared.Length];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                joint[(i * count) + j] = (conditional[(i * count) + j] + conditional[(j * count) + i]) / (2.0 * count);
            }
        }

        return joint;
    }

    /// <summary>The gradient of the Kullback-Leibler divergence by the places <c>[N, 2]</c>.</summary>
    internal static double[] Gradient(double[] affinities, double[] places, double exaggeration)
    {
        var count = places.Length / 2;
        var normaliser = Normaliser(places);
        var gradient = new double[places.Length];
        Parallel.For(0, count, i =>
        {
            var (x, y, gx, gy) = (places[2 * i], places[(2 * i) + 1], 0.0, 0.0);
            var row = affinities.AsSpan(i * count, count);
            for (var j = 0; j < count; j++)
            {
                var (dx, dy) = (x - places[2 * j], y - places[(2 * j) + 1]);
                var kernel = 1 / (1 + (dx * dx) + (dy * dy));
                var pull = ((exaggeration * row[j]) - (kernel / normaliser)) * kernel;
                gx += pull * dx;
                gy += pull * dy;
            }

            (gradient[2 * i], gradient[(2 * i) + 1]) = (4 * gx, 4 * gy);
        });
        return gradient;
    }

    /// <summary>The Kullback-Leibler divergence of the map from the affinities: what is made small.</summary>
    internal static double Divergence(double[] affinities, double[] places)
    {
        var (count, normaliser, sum) = (places.Length / 2, Normaliser(places), 0.0);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                if (affinities[(i * count) + j] is > 0 and var p)
                {
                    sum += p * Math.Log(p * normaliser / Kernel(places, i, j));
                }
            }
        }

        return sum;
    }

    internal static double[] Squared(LabelledEmbeddings embeddings)
    {
        var (count, width) = (embeddings.Count, embeddings.Width);
        var squared = new double[checked(count * count)];
        Parallel.For(0, count, i =>
        {
            var mine = embeddings.Rows.Slice(i * width, width);
            for (var j = 0; j < count; j++)
            {
                squared[(i * count) + j] = i == j ? 0 : Math.Max(0, 2 - (2.0 * System.Numerics.Tensors.TensorPrimitives.Dot(mine, embeddings.Rows.Slice(j * width, width))));
            }
        });
        return squared;
    }

    private static double Conditional(ReadOnlySpan<double> distances, int self, double precision, Span<double> row)
    {
        var nearest = double.PositiveInfinity;
        for (var j = 0; j < row.Length; j++)
        {
            nearest = j == self ? nearest : Math.Min(nearest, distances[j]);
        }

        var (sum, weighted) = (0.0, 0.0);
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j == self ? 0 : Math.Exp(-precision * (distances[j] - nearest));
            sum += row[j];
            weighted += row[j] * (distances[j] - nearest);
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(row, sum, row);
        return Math.Log(sum) + (precision * weighted / sum);
    }

    private static double Normaliser(double[] places)
    {
        var count = places.Length / 2;
        var sums = new double[count];
        Parallel.For(0, count, i =>
        {
            for (var j = 0; j < count; j++)
            {
                sums[i] += i == j ? 0 : Kernel(places, i, j);
            }
        });
        return sums.Sum();
    }

    private static double Kernel(double[] places, int i, int j)
    {
        var (dx, dy) = (places[2 * i] - places[2 * j], places[(2 * i) + 1] - places[(2 * j) + 1]);
        return 1 / (1 + (dx * dx) + (dy * dy));
    }

    private static void Centre(double[] places)
    {
        var (x, y, count) = (0.0, 0.0, places.Length / 2);
        for (var i = 0; i < count; i++)
        {
            x += places[2 * i];
            y += places[(2 * i) + 1];
        }

        for (var i = 0; i < count; i++)
        {
            places[2 * i] -= x / count;
            places[(2 * i) + 1] -= y / count;
        }
    }
}
