using System.Globalization;
using System.Runtime.InteropServices;
using Semblance.Core;
using Semblance.Evaluation;
using Semblance.Evaluation.Protocols;

namespace Semblance.Bench;

/// <summary>
/// Image re-identification of Market-1501's size, on made-up embeddings that are as hard as real ones, beside the usual NumPy code. The figures of both are compared first:
/// in float64 they agree to 1e-9, or there is no row.
/// </summary>
internal static class EvaluationBenchmark
{
    private const int Queries = 3368;
    private const int GalleryItems = 15913;
    private const int Identities = 750;
    private const int Distractors = 2793;
    private const int Cameras = 6;
    private const int Width = 512;
    private const double Tolerance = 1e-9;

    public static IEnumerable<Comparison> Run()
    {
        var (queries, gallery) = (Made(Queries, 0), Made(GalleryItems, Distractors));
        var protocol = new ImageProtocol();
        using var scratch = new Scratch();
        Hand(scratch, "query", queries);
        Hand(scratch, "gallery", gallery);
        using var peer = new Peer("evaluation", [scratch.Folder, Width.ToString(CultureInfo.InvariantCulture)]);

        foreach (var exact in new[] { true, false })
        {
            var precision = exact ? "float64" : "float32";
            var options = new EvaluationOptions { Exact = exact };
            RetrievalResult? ours = null;
            double[] theirs = [];
            var row = Comparison.InTurn(
                $"{Queries} queries, {GalleryItems} items, {Width} wide, {precision}", $"Semblance, {options.Threads} threads", () => ours = protocol.Evaluate(queries, gallery, options),
                "NumPy, whole matrix and sort", () => (theirs = peer.Numbers($"rank {precision}"))[0], rounds: exact ? 1 : 3);
            double[] figures = [ours!.RankAt(1), ours.RankAt(5), ours.RankAt(10), ours.MeanAveragePrecision];
            var difference = figures.Zip(theirs.Skip(1), (a, b) => Math.Abs(a - b)).Max();
            if (exact && !(difference <= Tolerance))
            {
                throw new InvalidOperationException(
                    $"rank-1, 5, 10 and mAP are {string.Join(", ", figures)} here and {string.Join(", ", theirs.Skip(1))} in the peer: they differ by {difference}, {Tolerance} is allowed");
            }

            yield return row.Against(_ => $"mAP {figures[3]:0.0000}, rank-1 {figures[0]:0.0000}; largest difference {difference:0.0e0}; peak memory {PeakMemory() / 1e9:0.00} GB, the peer's {peer.Run("memory") / 1e9:0.00} GB");
        }
    }

    /// <summary>Rows around one centre for each identity, with an offset that all pictures of a camera share. The last items are of people whom no query seeks.</summary>
    private static LabelledEmbeddings Made(int count, int strangers)
    {
        const double spread = 2, cameraShift = 0.5;
        var items = new Sighting[count];
        var rows = new float[count * Width];
        Parallel.For(0, count, i =>
        {
            var random = Randomness.For(0, count, i);
            var identity = i < count - strangers ? random.Next(Identities) : Identities + i;
            var camera = random.Next(Cameras);
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

    private static long PeakMemory()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
