using System.Numerics;
using Semblance.Evaluation.Distances;

namespace Semblance.Evaluation.Reranking;

/// <summary>
/// Temporal lifting (TLift; Liao and Shao, ECCV 2020, arXiv 1904.10424): whoever is seen beside the query's person at one camera is likely beside them at another. The best matches
/// of all queries from one camera within τ are pivots, and gallery items near a pivot in time are lifted.
/// </summary>
/// <remarks>
/// <c>final = (w + α) s</c> with <c>s = 1 - d</c> and <c>w(x) = mean over the pivots b of x's camera of exp(-(t_x - t_b)² / σ²)</c>. The pivots of a query in a gallery camera are the K best scores
/// of all queries of its camera within τ, ties included, as in the authors' code. Meant for re-ranked distances, whose scores lie in [0, 1]. It looks at other queries and at times of the whole
/// gallery, so its figures belong into a row of their own. No Q x G matrix: the K best of each query and camera are kept, and rows are computed again.
/// </remarks>
public static class TemporalLifting
{
    /// <summary>Lifted distances, for a protocol to evaluate.</summary>
    /// <param name="distances">In [0, 1], such as re-ranked ones.</param>
    /// <param name="queries">With cameras and times.</param>
    /// <param name="gallery">With cameras and times; an item without either keeps <c>α s</c> alone.</param>
    /// <param name="options">τ, σ, K, α.</param>
    /// <exception cref="ArgumentException">No query, or no gallery item, has a camera and a time, or an option is out of range.</exception>
    public static IDistanceSource<T> Lift<T>(IDistanceSource<T> distances, IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, TemporalLiftingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        options ??= new TemporalLiftingOptions();
        if (!(options.Tau > 0 && options.Sigma > 0 && options.K > 0 && options.Alpha >= 0))
        {
            throw new ArgumentException($"τ is {options.Tau}, σ {options.Sigma}, K {options.K}, α {options.Alpha}; expected τ, σ and K above 0 and α of 0 or more");
        }

        if (!queries.Any(IsTimed) || !gallery.Any(IsTimed))
        {
            throw new ArgumentException("temporal lifting needs times and cameras, and the queries or the gallery have none: it works on sets whose names tell frames, such as Market-1501");
        }

        return new Lifted<T>(distances, queries, gallery, options);
    }

    private static bool IsTimed(Sighting sighting) => sighting is { Camera: not null, Time: not null };

    private sealed class Lifted<T> : IDistanceSource<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly IDistanceSource<T> _distances;
        private readonly IReadOnlyList<Sighting> _queries;
        private readonly IReadOnlyList<Sighting> _gallery;
        private readonly TemporalLiftingOptions _options;
        private readonly int[] _cameras;
        private readonly int[][] _itemsOf;

        // For each query and gallery camera: (score, time) of its K best, ties included.
        private readonly (T Score, double Time)[][][] _best;

        public Lifted(IDistanceSource<T> distances, IReadOnlyList<Sighting> queries, IReadOnlyList<Sighting> gallery, TemporalLiftingOptions options)
        {
            (_distances, _queries, _gallery, _options) = (distances, queries, gallery, options);
            _cameras = [.. gallery.Where(IsTimed).Select(item => item.Camera!.Value).Distinct().Order()];
            _itemsOf = [.. _cameras.Select(camera => Enumerable.Range(0, gallery.Count).Where(g => IsTimed(gallery[g]) && gallery[g].Camera == camera).ToArray())];
            _best = new (T, double)[queries.Count][][];
            Parallel.For(0, queries.Count, () => new T[gallery.Count], (q, _, row) =>
            {
                distances.Fill(q, 1, row);
                _best[q] = [.. _itemsOf.Select(items => Best([.. items.Select(g => (T.One - row[g], gallery[g].Time!.Value))]))];
                return row;
            }, _ => { });
        }

        public int Queries => _distances.Queries;

        public int GalleryItems => _distances.GalleryItems;

        public string Description => $"{_distances.Description}; temporal lifting (τ {_options.Tau} s, σ {_options.Sigma} s, K {_options.K}, α {_options.Alpha})";

        public void Fill(int first, int count, Span<T> distances)
        {
            _distances.Fill(first, count, distances);
            var weights = new double[GalleryItems];
            for (var i = 0; i < count; i++)
            {
                Array.Clear(weights);
                for (var c = 0; c < _cameras.Length && IsTimed(_queries[first + i]); c++)
                {
                    var pivots = Pivots(first + i, c);
                    foreach (var g in _itemsOf[c])
                    {
                        weights[g] = pivots.Average(time => Math.Exp(-Square((_gallery[g].Time!.Value - time) / _options.Sigma)));
                    }
                }

                var row = distances.Slice(i * GalleryItems, GalleryItems);
                for (var g = 0; g < row.Length; g++)
                {
                    row[g] = -T.CreateChecked(weights[g] + _options.Alpha) * (T.One - row[g]);
                }
            }
        }

        private static double Square(double value) => value * value;

        /// <summary>Times of the K best scores of all queries of the same camera within τ, in one gallery camera.</summary>
        private double[] Pivots(int query, int camera)
        {
            var own = _queries[query];
            var together = Enumerable.Range(0, _queries.Count)
                .Where(q => IsTimed(_queries[q]) && _queries[q].Camera == own.Camera && Math.Abs(_queries[q].Time!.Value - own.Time!.Value) < _options.Tau)
                .SelectMany(q => _best[q][camera]).ToArray();
            return [.. Best(together).Select(pivot => pivot.Time)];
        }

        /// <summary>Those that score no less than the K-th best.</summary>
        private (T Score, double Time)[] Best((T Score, double Time)[] all)
        {
            if (all.Length <= _options.K)
            {
                return all;
            }

            T[] scores = [.. all.Select(one => one.Score)];
            scores.AsSpan().Sort();
            var least = scores[^_options.K];
            return Array.FindAll(all, one => one.Score >= least);
        }
    }
}

/// <summary>Parameters of temporal lifting.</summary>
public sealed record TemporalLiftingOptions
{
    /// <summary>Queries of one camera belong together when they are less far apart, in seconds.</summary> <value>100 [code].</value>
    public double Tau { get; init; } = 100;

    /// <summary>How quickly a pivot's influence ends, in seconds.</summary> <value>200 [code].</value>
    public double Sigma { get; init; } = 200;

    /// <summary>Best matches that become pivots.</summary> <value>10 [code].</value>
    public int K { get; init; } = 10;

    /// <summary>Share of the score that counts without any time.</summary> <value>0.2 [code].</value>
    public double Alpha { get; init; } = 0.2;
}
