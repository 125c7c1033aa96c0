using System.Numerics.Tensors;

namespace Semblance.Gallery;

/// <summary>Joins sightings that look alike, the two groups of greatest mean cosine first (average linkage), until no two reach a threshold.</summary>
public static class AgglomerativeGroups
{
    /// <summary>Groups unit vectors. Memory and time grow with the square and the cube of their number at worst: some thousands at once.</summary>
    /// <param name="vectors">Of one space.</param>
    /// <param name="threshold">Least mean cosine between two groups that are joined.</param>
    /// <returns>Every vector in one group; the largest groups first, then by first member.</returns>
    public static IReadOnlyList<SimilarGroup> Of(IReadOnlyList<ReadOnlyMemory<float>> vectors, double threshold)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var n = vectors.Count;
        var similar = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                similar[i, j] = similar[j, i] = TensorPrimitives.Dot(vectors[i].Span, vectors[j].Span);
            }
        }

        var members = Enumerable.Range(0, n).Select(i => new List<int> { i }).ToArray();
        var joinedAt = Enumerable.Repeat(1.0, n).ToArray();
        var alive = Enumerable.Range(0, n).ToList();
        var nearest = new int[n];
        foreach (var i in alive)
        {
            nearest[i] = Nearest(i);
        }

        while (alive.Count > 1)
        {
            var a = alive.MaxBy(i => nearest[i] < 0 ? double.NegativeInfinity : similar[i, nearest[i]]);
            var b = nearest[a];
            if (b < 0 || similar[a, b] < threshold)
            {
                break;
            }

            // The mean over all pairs of two groups is the weighted mean of their parts'.
            joinedAt[a] = similar[a, b];
            foreach (var c in alive.Where(c => c != a && c != b))
            {
                similar[a, c] = similar[c, a] = ((members[a].Count * similar[a, c]) + (members[b].Count * similar[b, c])) / (members[a].Count + members[b].Count);
            }

            members[a].AddRange(members[b]);
            alive.Remove(b);
            foreach (var c in alive.Where(c => c == a || nearest[c] == a || nearest[c] == b))
            {
                nearest[c] = Nearest(c);
            }
        }

        return [.. alive.Select(i => new SimilarGroup([.. members[i].Order()], joinedAt[i])).OrderByDescending(group => group.Members.Count).ThenBy(group => group.Members[0])];

        int Nearest(int i)
        {
            var best = -1;
            foreach (var j in alive)
            {
                if (j != i && (best < 0 || similar[i, j] > similar[i, best]))
                {
                    best = j;
                }
            }

            return best;
        }
    }
}
