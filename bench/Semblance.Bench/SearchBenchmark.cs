using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Semblance.Gallery.Search;

namespace Semblance.Bench;

/// <summary>
/// Search in a vector index beside FAISS, on the same vectors: made-up ones, clustered as embeddings of people are, or pictures of the world asked in words. Exact search in
/// float32 is held against the bandwidth of memory, 8 bits against our own float32, cells against FAISS's inverted file where both find 0.999 of the ten nearest.
/// </summary>
internal static class SearchBenchmark
{
    private const int Batch = 64;
    private const int Top = 10;
    private const int QueryCount = 2048;
    private const int WorldPictures = 20_000;
    private const double WantedRecall = 0.999;
    private const long MemoryForAMillion = 10L << 30;
    private const string Avx512Kernels = "SkylakeX";

    private static readonly int Threads = Environment.ProcessorCount;

    /// <summary>A million made-up vectors where there is memory for both sides, otherwise 100,000.</summary>
    public static IEnumerable<Comparison> Run() =>
        Run(FreeMemory() >= MemoryForAMillion ? 1_000_000 : 100_000, ClusteredVectors.Width, "", ClusteredVectors.WriteFiles);

    /// <summary>Embeddings of rendered people, asked with embeddings of captions: what a model makes, with all its crowding.</summary>
    public static IEnumerable<Comparison> RunWorld()
    {
        using var world = new WorldVectors();
        foreach (var row in Run(WorldPictures, world.Width, " of the world", world.WriteFiles))
        {
            yield return row;
        }
    }

    private static IEnumerable<Comparison> Run(int count, int width, string kind, Action<string, int, string, int> write)
    {
        using var scratch = new Scratch();
        var (gallery, asked) = (scratch.At("gallery.f32"), scratch.At("queries.f32"));
        write(gallery, count, asked, QueryCount);
        var queries = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(asked)).ToArray();
        var one = queries.AsSpan(0, width).ToArray();
        var batch = queries.AsSpan(0, Batch * width).ToArray();

        var index = new VectorIndex(width);
        var bytes = GC.GetTotalMemory(forceFullCollection: true);
        var filled = Comparison.Time(() => Fill(index, gallery, width));
        bytes = GC.GetTotalMemory(forceFullCollection: true) - bytes;
        string[] arguments = [gallery, asked, .. new[] { width, Threads }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        using var peer = new Peer("search", arguments);
        var rounds = count > 100_000 ? 5 : 15;
        var name = $"Semblance, {index.Instructions}, {Threads} threads";
        var what = $"{count} x {width}{kind}, top {Top}";

        SearchOptions exact = new() { Mode = SearchMode.Exact }, quantized = new() { Mode = SearchMode.Quantized };
        const string own = "Semblance, float32";
        void ExactOne() => index.Search(one, Top, exact);
        void ExactBatch() => index.Search(batch, Top, exact);
        var truth = Found(index.Search(queries, Top, exact));
        var agree = Share(Found(index.Search(batch, Top, exact)), peer.Numbers($"flat-found {Batch} {Top}"));
        var bandwidth = Machine.ReadBandwidth();
        var row = Comparison.InTurn($"{what}, float32, 1 query", name, ExactOne, "FAISS flat", () => peer.Run($"flat 1 {Top}"), rounds);
        bandwidth = Math.Max(bandwidth, Machine.ReadBandwidth());
        var rate = (double)count * width * sizeof(float) / row.OursSeconds;
        yield return row.Asked(5, $"{rate / 1e9:0.0} GB/s of {bandwidth / 1e9:0.0} that memory gives: {rate / bandwidth:0.00}, 0.9 asked; " +
            $"the same items: {agree:0.0000}; filled in {filled:0.0} s, {bytes / 1e9:0.00} GB");

        yield return Comparison.InTurn($"{what}, float32, {Batch} queries", name, ExactBatch, "FAISS flat", () => peer.Run($"flat {Batch} {Top}"), rounds)
            .Asked(2).Against(r => $"{r.Limit}; {2.0 * count * width * Batch / r.OursSeconds / 1e9:0} GFLOP/s; {Rates(r, Batch)}");
        if (Avx512F.IsSupported)
        {
            using var tuned = new Peer("search", arguments, Avx512Kernels);
            yield return Comparison.InTurn($"{what}, float32, {Batch} queries", name, ExactBatch, $"FAISS flat, OpenBLAS {Avx512Kernels}", () => tuned.Run($"flat {Batch} {Top}"), rounds)
                .Asked(2).Against(r => $"{r.Limit}; {Rates(r, Batch)}");
        }
        else
        {
            Console.Error.WriteLine($"bench: no row with OpenBLAS's {Avx512Kernels} kernels: this processor has no AVX-512");
        }

        var recall = Share(Found(index.Search(queries, Top, quantized)), truth);
        yield return Comparison.InTurn($"{what}, 8 bits re-scored, 1 query", name, () => index.Search(one, Top, quantized), own, () => Comparison.Time(ExactOne), 3 * rounds)
            .Asked(3, $"recall@{Top} {recall:0.00000} of {QueryCount} queries, 0.9999 asked");
        yield return Comparison.InTurn($"{what}, 8 bits re-scored, {Batch} queries", name, () => index.Search(batch, Top, quantized), own, () => Comparison.Time(ExactBatch), rounds)
            .Against(r => Rates(r, Batch));

        // FAISS's usual number for a million; fewer for fewer.
        var cells = (int)Math.Round(4.096 * Math.Sqrt(count));
        var theirBuild = peer.Run($"build {cells}");
        var theirMemory = peer.Run("memory");
        var ourBuild = Comparison.Time(() => index.BuildCells(new() { Cells = cells }));
        var ourMemory = GC.GetTotalMemory(forceFullCollection: true);
        var (ours, ourRecall) = FewestProbes(probes => Share(Found(index.Search(queries, Top, Cells(probes))), truth), cells);
        var (theirs, theirRecall) = FewestProbes(probes => Share(peer.Numbers($"ivf-found {QueryCount} {Top} {probes}"), truth), cells);
        var about = $"{cells} cells; recall@{Top} {ourRecall:0.0000} with {ours} probes (our own choice: {index.Probes}), FAISS {theirRecall:0.0000} with {theirs}; " +
            $"built in {ourBuild:0} s, FAISS {theirBuild:0} s; {ourMemory / 1e9:0.00} GB, FAISS {theirMemory / 1e9:0.00} GB";
        yield return Comparison.InTurn(
                $"{what}, cells, {QueryCount} queries", name, () => index.Search(queries, Top, Cells(ours)), $"FAISS IVF{cells},Flat", () => peer.Run($"ivf {QueryCount} {Top} {theirs}"), rounds)
            .Asked(4).Against(r => $"{r.Limit}; {Rates(r, QueryCount)}; {about}");

        const int repeats = 200;
        yield return Comparison.InTurn(
            $"{what}, cells, 1 query",
            name,
            () =>
            {
                for (var q = 0; q < repeats; q++)
                {
                    index.Search(queries.AsSpan(q * width, width), Top, Cells(ours));
                }
            },
            $"FAISS IVF{cells},Flat",
            () => peer.Run($"ivf-each {repeats} {Top} {theirs}"),
            rounds,
            repeats).Asked(4).Against(r => $"{r.Limit}; question by question");
    }

    private static SearchOptions Cells(int probes) => new() { Mode = SearchMode.Cells, Probes = probes };

    private static string Rates(Comparison row, int batch) => $"{batch / row.OursSeconds:0} a second, beside {batch / row.PeerSeconds:0}";

    private static void Fill(VectorIndex index, string path, int width)
    {
        using var stream = File.OpenRead(path);
        var vector = new float[width];
        while (stream.Position < stream.Length)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(vector.AsSpan()));
            index.Add(vector);
        }
    }

    /// <summary>The smallest number of probes that reaches the wanted recall: doubled until one does, then halved in between.</summary>
    private static (int Probes, double Recall) FewestProbes(Func<int, double> recallOf, int cells)
    {
        var (low, high) = (0, 4);
        var recall = recallOf(high);
        while (recall < WantedRecall && high < cells)
        {
            (low, high) = (high, Math.Min(2 * high, cells));
            recall = recallOf(high);
        }

        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var here = recallOf(middle);
            (low, high, recall) = here >= WantedRecall ? (low, middle, here) : (middle, high, recall);
        }

        return (high, recall);
    }

    private static double[] Found(IReadOnlyList<Neighbour>[] answers) => [.. answers.SelectMany(answer => answer.Select(neighbour => (double)neighbour.Slot))];

    /// <summary>Share of the true neighbours that were found.</summary>
    private static double Share(double[] found, double[] truth)
    {
        var asked = Math.Min(found.Length, truth.Length) / Top;
        return Enumerable.Range(0, asked).Sum(q => found[(q * Top)..((q + 1) * Top)].Intersect(truth[(q * Top)..((q + 1) * Top)]).Count()) / (double)(asked * Top);
    }

    private static long FreeMemory()
    {
        if (!File.Exists("/proc/meminfo"))
        {
            return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        }

        var line = File.ReadLines("/proc/meminfo").First(text => text.StartsWith("MemAvailable", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
