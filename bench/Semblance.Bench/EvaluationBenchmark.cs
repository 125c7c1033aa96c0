using System.Globalization;
using System.Runtime.InteropServices;
using Semblance.Core;
using Semblance.Evaluation;
using Semblance.Evaluation.Distances;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Reranking;

namespace Semblance.Bench;

/// <summary>
/// Image re-identification of Market-1501's size, on made-up embeddings that are as hard as real ones, and its re-ranking, beside the code that the field uses. The figures
/// of both are compared first: in float64 they agree to 1e-9, or there is no row.
/// </summary>
internal static class EvaluationBenchmark
{
    private const int Width = 512;
    private const double Tolerance = 1e-9;
    private const double RerankingTolerance = 1e-6;

    /// <summary>First argument of a process that runs <see cref="Once"/>.</summary>
    public const string OnceName = "evaluate-once";

    private static readonly Size Market = new("Market-1501", 3368, 15913, 750, 2793, 6);
    private static readonly Size Msmt17 = new("MSMT17", 11659, 82161, 3060, 0, 15);

    private sealed record Size(string Name, int Queries, int Gallery, int Identities, int Strangers, int Cameras)
    {
        public string Work => $"{Name}: {Queries} x {Gallery}, {Width} wide";
    }

    public static IEnumerable<Comparison> Run()
    {
        var (queries, gallery) = Made(Market);
        var protocol = new ImageProtocol();
        using var scratch = new Scratch();
        Hand(scratch, "query", queries);
        Hand(scratch, "gallery", gallery);
        string[] arguments = [scratch.Folder, Width.ToString(CultureInfo.InvariantCulture), Peers()];
        HashSet<string> known;
        using (var peer = new Peer("evaluation", arguments))
        {
            known = [.. peer.Ask("peers").Split(' ')];
            foreach (var (name, precision, asked) in new[] { ("torchreid", "float32", 20), ("torchreid-cython", "float32", 3), ("fast-reid-cython", "float32", 3), ("numpy", "float32", 0), ("torchreid", "float64", 0) })
            {
                if (known.Contains(name))
                {
                    yield return Ranking(protocol, queries, gallery, peer, name, precision, asked);
                }
            }
        }

        yield return Product(protocol, queries, gallery, scratch);
        if (known.Contains("rerank"))
        {
            // A process of its own, so that its peak is that of re-ranking.
            using var peer = new Peer("evaluation", arguments);
            yield return Reranking(protocol, queries, gallery, scratch, peer);
            yield return RerankingOfTheSameDistances(protocol, queries, gallery, scratch, peer);
        }

        yield return RerankingAlone(Msmt17);
    }

    private static Comparison Ranking(ImageProtocol protocol, LabelledEmbeddings queries, LabelledEmbeddings gallery, Peer peer, string name, string precision, double asked)
    {
        var options = new EvaluationOptions { Exact = precision == "float64" };
        RetrievalResult? ours = null;
        double[] theirs = [];
        var row = Comparison.InTurn(
            $"rank {Market.Work}, {precision}", $"Semblance, {options.Threads} threads", () => ours = protocol.Evaluate(queries, gallery, options),
            $"{name}, whole matrix and sort", () => (theirs = peer.Numbers($"rank {name} {precision}"))[0], rounds: name == "torchreid" ? 1 : 3, warm: name != "torchreid");
        var figures = Figures(ours!);
        var difference = Differences(figures, theirs);

        // torchreid keeps its CMC in float32, whatever the distances are.
        if (options.Exact && !(difference[3] <= Tolerance && difference.Take(3).All(one => one <= float.BitIncrement(1) - 1)))
        {
            throw new InvalidOperationException(
                $"rank-1, 5, 10 and mAP are {string.Join(", ", figures)} here and {string.Join(", ", theirs.Skip(1))} in {name}: {Tolerance} is allowed, and float32's rounding for CMC");
        }

        var told = $"rank-1 {figures[0]:0.0000}, mAP {figures[3]:0.0000}; mAP differs by {difference[3]:0.0e0}, CMC by {difference.Take(3).Max():0.0e0}; the peer's peak memory {peer.Run("memory") / 1e6:0} MB";
        return asked > 0 ? row.Asked(asked, told) : row.Against(_ => told);
    }

    /// <summary>What a process needs that reads embeddings from files and ranks, or re-ranks, once: run as a process of its own, it prints its peak in bytes.</summary>
    public static void Once(string folder, string work)
    {
        var (queries, gallery) = (Read(folder, "query"), Read(folder, "gallery"));
        var protocol = new ImageProtocol();
        _ = work == "rerank" ? Reranked(protocol, queries, gallery) : protocol.Evaluate(queries, gallery);
        Console.WriteLine(PeakMemory());
    }

    private static double MemoryOfOne(Scratch scratch, string work)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Environment.ProcessPath!, [OnceName, scratch.Folder, work]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var peak = double.Parse(process.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        process.WaitForExit();
        return peak;
    }

    private static LabelledEmbeddings Read(string folder, string name)
    {
        var ids = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, $"{name}.ids"))).ToArray();
        var items = Enumerable.Range(0, ids.Length / 2).Select(i => new Sighting(ids[2 * i].ToString(CultureInfo.InvariantCulture), ids[(2 * i) + 1])).ToArray();
        return new LabelledEmbeddings(items, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, $"{name}.f32"))), Width);
    }

    private static Comparison Product(ImageProtocol protocol, LabelledEmbeddings queries, LabelledEmbeddings gallery, Scratch scratch)
    {
        var options = new EvaluationOptions();
        var distances = new CosineDistances(queries, gallery);
        var blocks = (queries.Count + options.BlockSize - 1) / options.BlockSize;
        var product = Comparison.Alone("", "", () => Parallel.For(
            0, blocks, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }, () => new float[options.BlockSize * gallery.Count],
            (block, _, rows) =>
            {
                var first = block * options.BlockSize;
                var count = Math.Min(options.BlockSize, queries.Count - first);
                distances.Fill(first, count, rows.AsSpan(0, count * gallery.Count));
                return rows;
            },
            _ => { }), rounds: 3).OursSeconds;
        return Comparison.Alone($"rank {Market.Work}, whole", $"Semblance, {options.Threads} threads", () => protocol.Evaluate(queries, gallery, options), rounds: 3)
            .Against(row => $"the matrix product alone takes {product:0.00} s, {product / row.OursSeconds:0%} of it: {2.0 * queries.Count * gallery.Count * Width / product / 1e9:0} GFLOP/s; "
                + $"a process that does this once peaks at {MemoryOfOne(scratch, "rank") / 1e6:0} MB (300 asked)");
    }

    private static Comparison Reranking(ImageProtocol protocol, LabelledEmbeddings queries, LabelledEmbeddings gallery, Scratch scratch, Peer peer)
    {
        var before = protocol.Evaluate(queries, gallery);
        RetrievalResult? ours = null;
        var watch = Comparison.Time(() => ours = Reranked(protocol, queries, gallery));
        var theirs = peer.Numbers("rerank");
        var figures = Figures(ours!);
        var difference = Differences(figures, theirs).Max();
        var (mine, reference) = (MemoryOfOne(scratch, "rerank"), peer.Run("memory"));
        return new Comparison($"re-rank {Market.Work}", $"Semblance, sparse, {Environment.ProcessorCount} threads", "Zhong et al., NumPy, dense", watch, theirs[0], theirs[0] / watch)
            .Asked(20, $"mAP {before.MeanAveragePrecision:0.0000} before, {figures[3]:0.0000} after; largest difference {difference:0.0e0}; "
                + $"peak memory {mine / 1e6:0} MB, the peer's {reference / 1e6:0} MB, {reference / mine:0} times as much");
    }

    /// <summary>
    /// Neighbours at nearly one distance change places with float32's last bit, and figures with them. On the very distances that the reference computed, both must agree.
    /// </summary>
    private static Comparison RerankingOfTheSameDistances(ImageProtocol protocol, LabelledEmbeddings queries, LabelledEmbeddings gallery, Scratch scratch, Peer peer)
    {
        var count = queries.Count + gallery.Count;
        var squared = new float[(long)count * count];
        using (var file = File.OpenRead(scratch.At("squared.f32")))
        {
            for (var i = 0; i < count; i++)
            {
                file.ReadExactly(MemoryMarshal.AsBytes(squared.AsSpan(i * count, count)));
            }
        }

        RetrievalResult? ours = null;
        var seconds = Comparison.Time(() => ours = protocol.Evaluate(queries.Items, gallery.Items, KReciprocal.Rerank<float>(squared, queries.Count)));
        var difference = Differences(Figures(ours!), peer.Numbers("reranked")).Max();
        if (!(difference <= RerankingTolerance))
        {
            throw new InvalidOperationException($"re-ranked figures are {string.Join(", ", Figures(ours!))} here and differ by {difference} from the reference on the same distances: {RerankingTolerance} is allowed");
        }

        return new Comparison($"re-rank {Market.Work}, the reference's own distances", "Semblance, sparse, of a matrix", null, seconds, null, null, Limit: $"largest difference of a figure {difference:0.0e0}, {RerankingTolerance:0e0} allowed");
    }

    private static Comparison RerankingAlone(Size size)
    {
        var (queries, gallery) = Made(size);
        var protocol = new ImageProtocol();
        RetrievalResult? ours = null;
        var seconds = Comparison.Time(() => ours = Reranked(protocol, queries, gallery));
        var before = protocol.Evaluate(queries, gallery);
        return new Comparison($"re-rank {size.Work}", $"Semblance, sparse, {Environment.ProcessorCount} threads", null, seconds, null, null, Limit:
            $"mAP {before.MeanAveragePrecision:0.0000} before, {ours!.MeanAveragePrecision:0.0000} after; peak memory of the whole benchmark so far {PeakMemory() / 1e6:0} MB (8000 asked), the embeddings alone {(queries.Count + gallery.Count) * 4L * Width / 1e6:0} MB; a dense matrix would take {4.0 * (queries.Count + gallery.Count) * (queries.Count + gallery.Count) / 1e9:0} GB");
    }

    private static RetrievalResult Reranked(ImageProtocol protocol, LabelledEmbeddings queries, LabelledEmbeddings gallery) =>
        protocol.Evaluate(queries.Items, gallery.Items, KReciprocal.Rerank(queries, gallery));

    private static double[] Figures(RetrievalResult result) => [result.RankAt(1), result.RankAt(5), result.RankAt(10), result.MeanAveragePrecision];

    private static double[] Differences(double[] figures, double[] answer) => [.. figures.Zip(answer.Skip(1), (a, b) => Math.Abs(a - b))];

    /// <summary>Where the repositories of the peers are: <c>./run bench evaluation</c> clones them there.</summary>
    private static string Peers() => Environment.GetEnvironmentVariable("SEMBLANCE_PEERS") ?? "artifacts/cache/peers";

    /// <summary>Rows around one centre for each identity, with an offset that all pictures of a camera share. The last items are of people whom no query seeks.</summary>
    private static (LabelledEmbeddings Queries, LabelledEmbeddings Gallery) Made(Size size) => (Made(size, size.Queries, 0), Made(size, size.Gallery, size.Strangers));

    private static LabelledEmbeddings Made(Size size, int count, int strangers)
    {
        const double spread = 2, cameraShift = 0.5;
        var items = new Sighting[count];
        var rows = new float[count * Width];
        Parallel.For(0, count, i =>
        {
            var random = Randomness.For(0, count, i);
            var identity = i < count - strangers ? random.Next(size.Identities) : size.Identities + i;
            var camera = random.Next(size.Cameras);
            items[i] = new Sighting(identity.ToString(CultureInfo.InvariantCulture), camera, Picture: $"{count}-{i}");
            var centre = Randomness.For(0, 1, identity);
            var shift = Randomness.For(0, 2, camera);
            for (var d = 0; d < Width; d++)
            {
                rows[(i * Width) + d] = (float)(centre.NextGaussian() + (cameraShift * shift.NextGaussian()) + (spread * random.NextGaussian()));
            }
        });
        return new LabelledEmbeddings(items, rows, Width);
    }

    private static void Hand(Scratch scratch, string name, LabelledEmbeddings embeddings)
    {
        File.WriteAllBytes(scratch.At($"{name}.f32"), MemoryMarshal.AsBytes(embeddings.Rows).ToArray());
        int[] ids = [.. embeddings.Items.SelectMany(item => (int[])[int.Parse(item.Identity, CultureInfo.InvariantCulture), item.Camera!.Value])];
        File.WriteAllBytes(scratch.At($"{name}.ids"), MemoryMarshal.AsBytes<int>(ids).ToArray());
    }

    private static double PeakMemory()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
