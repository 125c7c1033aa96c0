using System.Numerics;
using Semblance.Core.Vectors;

namespace Semblance.Evaluation.Reranking;

/// <summary>The nearest items of each item, itself first, then by (distance, index), and its distance to the furthest of all. All that step 3 leaves of N x N distances.</summary>
internal sealed class NeighbourLists<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _neighbours;

    public NeighbourLists(int count, int length)
    {
        (Count, Length) = (count, Math.Min(length, count));
        _neighbours = new int[checked(Count * Length)];
        Furthest = new T[count];
    }

    public int Count { get; }

    /// <summary>Items in each list.</summary>
    public int Length { get; }

    /// <summary>Largest distance in each row.</summary>
    public T[] Furthest { get; }

    /// <summary>The first <paramref name="most"/> of the list of item <paramref name="i"/>, or all there are.</summary>
    public ReadOnlySpan<int> Of(int i, int most) => _neighbours.AsSpan(i * Length, Math.Min(most, Length));

    /// <summary>Row by row: N² distances.</summary>
    public static NeighbourLists<T> ByRows(IJointDistances<T> distances, int length, int threads)
    {
        var lists = new NeighbourLists<T>(distances.Count, length);
        Parallel.For(0, distances.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new T[distances.Count], (i, _, row) =>
        {
            distances.FillRows(i, 1, row);
            var nearest = new TopK<T>(lists.Length - 1);
            var (bound, furthest) = (-nearest.Threshold, T.Zero);
            for (var j = 0; j < row.Length; j++)
            {
                if (!T.IsFinite(row[j]))
                {
                    throw new ArgumentException($"the distance of items {i} and {j} is {row[j]}, expected a finite number");
                }

                furthest = T.Max(furthest, row[j]);
                if (row[j] < bound && j != i)
                {
                    nearest.Add(-row[j], j);
                    bound = -nearest.Threshold;
                }
            }

            lists.Put(i, nearest, furthest);
            return row;
        }, _ => { });
        return lists;
    }

    /// <summary>Writes one list; what is kept is nearest first.</summary>
    public void Put(int i, TopK<T> nearest, T furthest)
    {
        Furthest[i] = furthest;
        var list = _neighbours.AsSpan(i * Length, Length);
        list[0] = i;
        var place = 1;
        foreach (var (_, index) in nearest.Sorted())
        {
            list[place++] = index;
        }
    }

    /// <summary>Writes one list that is known.</summary>
    public void Put(int i, ReadOnlySpan<int> neighbours, T furthest)
    {
        Furthest[i] = furthest;
        neighbours.CopyTo(_neighbours.AsSpan(i * Length, Length));
    }
}
