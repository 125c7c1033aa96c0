using Semblance.Core;
using Semblance.Core.Vectors;

namespace Semblance.Gallery.Search;

/// <summary>
/// Spherical k-means: centres are unit vectors, a vector belongs to the centre of the greatest dot product, compared in 8 bits. The same for any number of
/// threads.
/// </summary>
internal static class KMeans
{
    private const int VectorsPerPart = 64;

    /// <summary>Finds centres.</summary>
    /// <param name="sample"><c>[n, E]</c>, at least as many as cells.</param>
    /// <param name="width">E.</param>
    /// <param name="cells">How many.</param>
    /// <param name="rounds">How often vectors are dealt out and centres moved.</param>
    /// <param name="seed">Chooses the vectors that are centres at first.</param>
    /// <param name="kernels">What compares.</param>
    /// <param name="threads">How many may work.</param>
    /// <param name="progress">Gets the share that is done.</param>
    /// <param name="cancellation">Ends it between two parts.</param>
    public static CellCentres Train(
        float[] sample, int width, int cells, int rounds, ulong seed, ScanKernels kernels, int threads, Action<double> progress, CancellationToken cancellation)
    {
        var count = sample.Length / width;
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        var random = Randomness.For(seed, Randomness.Key("cells"));
        random.Shuffle(order.AsSpan());
        var vectors = new float[cells * width];
        for (var cell = 0; cell < cells; cell++)
        {
            sample.AsSpan(order[cell] * width, width).CopyTo(vectors.AsSpan(cell * width));
        }

        var centres = new CellCentres(vectors, width, kernels);
        var nearest = new int[count];
        for (var round = 0; round < rounds; round++)
        {
            Deal(centres, sample, width, nearest, threads, cancellation);
            var members = Members(nearest, cells);
            FillEmpty(members);
            var moved = new float[cells * width];
            Parallel.For(0, cells, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, cell =>
            {
                var centre = moved.AsSpan(cell * width, width);
                foreach (var i in members[cell])
                {
                    System.Numerics.Tensors.TensorPrimitives.Add(centre, sample.AsSpan(i * width, width), centre);
                }

                UnitVectors.NormaliseInPlace(centre);
            });
            centres = new(moved, width, kernels);
            progress((round + 1.0) / rounds);
        }

        return centres;
    }

    /// <summary>The nearest centre of each vector.</summary>
    public static void Deal(CellCentres centres, float[] vectors, int width, int[] nearest, int threads, CancellationToken cancellation)
    {
        var count = vectors.Length / width;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (count + VectorsPerPart - 1) / VectorsPerPart, parallel, part =>
        {
            var first = part * VectorsPerPart;
            var some = Math.Min(VectorsPerPart, count - first);
            centres.Nearest(new CodedQueries(vectors.AsSpan(first * width, some * width), width), nearest.AsSpan(first, some));
        });
    }

    private static List<int>[] Members(int[] nearest, int cells)
    {
        var members = new List<int>[cells];
        for (var cell = 0; cell < cells; cell++)
        {
            members[cell] = [];
        }

        for (var i = 0; i < nearest.Length; i++)
        {
            members[nearest[i]].Add(i);
        }

        return members;
    }

    // An empty cell takes every other member of the largest, which then lie in two.
    private static void FillEmpty(List<int>[] members)
    {
        for (var cell = 0; cell < members.Length; cell++)
        {
            if (members[cell].Count > 0)
            {
                continue;
            }

            var largest = 0;
            for (var other = 1; other < members.Length; other++)
            {
                largest = members[other].Count > members[largest].Count ? other : largest;
            }

            var all = members[largest];
            if (all.Count < 2)
            {
                return;
            }

            members[cell] = [.. all.Where((_, place) => place % 2 == 1)];
            members[largest] = [.. all.Where((_, place) => place % 2 == 0)];
        }
    }
}
