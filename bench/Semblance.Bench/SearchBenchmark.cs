using System.Globalization;
using System.Runtime.InteropServices;
using Semblance.Core;
using Semblance.Core.Vectors;
using Semblance.Gallery.Search;

namespace Semblance.Bench;

/// <summary>
/// Exact search in a gallery, beside FAISS's flat index. One query reads every vector once, so memory is the limit; a batch could share the reading, which FAISS does and a
/// gallery, which answers one question at a time, does not yet. A million vectors only where there is memory for both sides.
/// </summary>
internal static class SearchBenchmark
{
    private const int Width = 512;
    private const int Batch = 64;
    private const int Top = 10;
    private const long MemoryForAMillion = 14L << 30;

    public static IEnumerable<Comparison> Run()
    {
        var bandwidth = Machine.ReadBandwidth();
        int[] sizes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet >= MemoryForAMillion ? [100_000, 1_000_000] : [100_000];
        return sizes.SelectMany(count => Run(count, bandwidth));
    }

    private static IEnumerable<Comparison> Run(int count, double bandwidth)
    {
        using var scratch = new Scratch();
        var queries = Enumerable.Range(0, Batch).Select(i => Unit(1, i)).ToArray();
        var index = Build(scratch, count, queries);
        var threads = Environment.ProcessorCount;
        using var peer = new Peer("search", [scratch.At("gallery.f32"), scratch.At("queries.f32"), .. new[] { Width, threads }.Select(number => number.ToString(CultureInfo.InvariantCulture))]);

        var rounds = count > 100_000 ? 3 : 7;
        var theirs = peer.Numbers($"found {Batch} {Top}");
        var ours = queries.SelectMany(query => index.Search(query, Top)[0].Select(found => (double)found.Slot)).ToArray();
        var agree = Enumerable.Range(0, Batch).Sum(q => ours.Skip(q * Top).Take(Top).Intersect(theirs.Skip(q * Top).Take(Top)).Count()) / (double)(Batch * Top);

        var name = $"Semblance, exact, {threads} threads";
        yield return Comparison.InTurn($"{count} x {Width}, top {Top}, 1 query", name, () => index.Search(queries[0], Top), "FAISS flat", () => peer.Run($"search 1 {Top}"), rounds)
            .Against(row => $"{(double)count * Width * sizeof(float) / row.OursSeconds / 1e9:0.0} GB/s of {bandwidth / 1e9:0.0} that memory gives; the same items as FAISS: {agree:0.0000}");
        yield return Comparison.InTurn($"{count} x {Width}, top {Top}, {Batch} queries", $"{name}, one by one", () => Array.ForEach(queries, query => index.Search(query, Top)), "FAISS flat, one batch", () => peer.Run($"search {Batch} {Top}"), rounds)
            .Against(row => $"{Batch / row.OursSeconds:0} a second, FAISS {Batch / row.PeerSeconds:0}");
    }

    private static VectorIndex Build(Scratch scratch, int count, float[][] queries)
    {
        using (var stream = File.Create(scratch.At("queries.f32")))
        {
            Array.ForEach(queries, query => stream.Write(MemoryMarshal.AsBytes(query.AsSpan())));
        }

        var index = new VectorIndex(Width);
        using (var stream = File.Create(scratch.At("gallery.f32")))
        {
            foreach (var row in Enumerable.Range(0, count).AsParallel().AsOrdered().Select(i => Unit(0, i)))
            {
                stream.Write(MemoryMarshal.AsBytes(row.AsSpan()));
                index.Add(row);
            }
        }

        return index;
    }

    private static float[] Unit(long kind, int index)
    {
        var random = Randomness.For(7, kind, index);
        var vector = new float[Width];
        for (var d = 0; d < Width; d++)
        {
            vector[d] = (float)random.NextGaussian();
        }

        UnitVectors.NormaliseInPlace(vector);
        return vector;
    }
}
