using System.Numerics;

namespace Semblance.Evaluation;

/// <summary>The ranking core: finds the ranks of a query's positives in the total order (distance ascending, gallery index ascending).</summary>
public static class Ranking
{
    /// <summary>
    /// Counts instead of sorting: with the positives sorted, each negative is placed among them by binary search, and
    /// <c>rank(k) = k + (negatives before positive k)</c>. Time O(G log R), memory O(R), and the same result as sorting, ties included.
    /// </summary>
    /// <param name="distances">Distance of each gallery item <c>[G]</c>, smaller is closer; finite; -0 equals +0.</param>
    /// <param name="matches">What each gallery item is for the query <c>[G]</c>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a distance is NaN or infinite (of removed items too); the message names the gallery item.</exception>
    public static PositiveRanks Of<T>(ReadOnlySpan<T> distances, ReadOnlySpan<Match> matches)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (distances.Length != matches.Length)
        {
            throw new ArgumentException($"{distances.Length} distances but {matches.Length} matches", nameof(matches));
        }

        if (FirstNonFinite(distances) is var broken and >= 0)
        {
            throw new ArgumentException($"the distance to gallery item {broken} is {distances[broken]}, expected a finite number", nameof(distances));
        }

        var (positives, indices, admissible) = SortedPositives(distances, matches);
        var count = positives.Length;
        if (count == 0)
        {
            return new PositiveRanks([], [], [], admissible);
        }

        // places[k] negatives stand before positive k but not before positive k - 1; those behind every positive are counted nowhere.
        var places = new int[count];
        var optimistic = new int[count];
        var pessimistic = new int[count];
        var furthest = positives[^1];
        for (var g = 0; g < distances.Length; g++)
        {
            var distance = distances[g];
            if (distance > furthest || matches[g] != Match.Negative)
            {
                continue;
            }

            var first = LowerBound(positives, distance);
            if (positives[first] != distance)
            {
                places[first]++;
                optimistic[first]++;
                pessimistic[first]++;
                continue;
            }

            pessimistic[first]++;
            var place = first;
            var end = first;
            for (; end < count && positives[end] == distance; end++)
            {
                place += indices[end] < g ? 1 : 0;
            }

            if (place < count)
            {
                places[place]++;
            }

            if (end < count)
            {
                optimistic[end]++;
            }
        }

        return new PositiveRanks(Ranks(places), Ranks(optimistic), Ranks(pessimistic), admissible);
    }

    /// <summary>Index of the first value that is NaN or infinite; -1 when there is none.</summary>
    internal static int FirstNonFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // x - x is 0 for finite x and NaN otherwise, so one vectorised sum clears a whole row.
        var sum = Vector<T>.Zero;
        var i = 0;
        for (; i + Vector<T>.Count <= values.Length; i += Vector<T>.Count)
        {
            var x = new Vector<T>(values[i..]);
            sum += x - x;
        }

        if (Vector.EqualsAll(sum, Vector<T>.Zero))
        {
            for (; i < values.Length && T.IsFinite(values[i]); i++)
            {
            }

            return i == values.Length ? -1 : i;
        }

        for (i = 0; T.IsFinite(values[i]); i++)
        {
        }

        return i;
    }

    private static (T[] Distances, int[] Indices, int Admissible) SortedPositives<T>(ReadOnlySpan<T> distances, ReadOnlySpan<Match> matches)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var removed = System.MemoryExtensions.Count(matches, Match.Removed);
        var indices = new int[System.MemoryExtensions.Count(matches, Match.Positive)];
        for (int k = 0, from = 0; k < indices.Length; k++)
        {
            indices[k] = from += matches[from..].IndexOf(Match.Positive);
            from++;
        }

        var sorted = new T[indices.Length];
        for (var k = 0; k < indices.Length; k++)
        {
            sorted[k] = distances[indices[k]];
        }

        // The sort is not stable, so equal distances are put into the order of their indices afterwards.
        Array.Sort(sorted, indices);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
            }

            Array.Sort(indices, start, end - start);
        }

        return (sorted, indices, matches.Length - removed);
    }

    // The first positive that is not nearer than the distance; there is one, since the caller leaves out what lies behind them all.
    private static int LowerBound<T>(T[] positives, T distance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var low = 0;
        var high = positives.Length - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (positives[middle] < distance)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int[] Ranks(int[] places)
    {
        var before = 0;
        for (var k = 0; k < places.Length; k++)
        {
            before += places[k];
            places[k] = before + k + 1;
        }

        return places;
    }
}
