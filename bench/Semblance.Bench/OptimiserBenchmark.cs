using System.Globalization;
using System.Text.Json;
using Semblance.Tensors;
using Semblance.Tensors.Optimisers;

namespace Semblance.Bench;

/// <summary>One step of AdamW over the parameters of a transformer of 12 blocks, width 512. Every step reads and writes each number once at least: memory is the limit.</summary>
internal static class OptimiserBenchmark
{
    private const int Blocks = 12;
    private const int Width = 512;
    private const int Rounds = 15;

    /// <summary>Parameter, gradient and two moments read; parameter and moments written.</summary>
    private const int BytesTouched = 7 * sizeof(float);

    public static IEnumerable<Comparison> Run()
    {
        long[][] block =
        [
            [Width], [Width], [Width, Width], [Width], [Width, Width], [Width], [Width, Width], [Width], [Width, Width], [Width],
            [Width], [Width], [4 * Width, Width], [4 * Width], [Width, 4 * Width], [Width],
        ];
        long[][] shapes = [.. Enumerable.Repeat(block, Blocks).SelectMany(shape => shape)];
        var elements = shapes.Sum(shape => shape.Aggregate(1L, (a, b) => a * b));
        var bandwidth = Machine.ReadBandwidth();
        TorchRandom.Seed(0);
        using var noGrad = Autograd.NoGrad();
        using var scope = new TensorScope();
        Tensor[] parameters = [.. shapes.Select(shape => Tensor.Randn(shape) * 0.02)];
        foreach (var parameter in parameters)
        {
            parameter.RequiresGrad = true;
            parameter.Grad = Tensor.Randn(parameter.Shape) * 0.01;
        }

        using var optimiser = new AdamW([new ParameterGroup(parameters) { LearningRate = 1e-4, WeightDecay = 0.1 }], 0.9, 0.98, 1e-6);
        var threads = Torch.Threads;
        using var peer = new Peer("optimiser", [threads.ToString(CultureInfo.InvariantCulture), JsonSerializer.Serialize(shapes)]);
        var work = $"AdamW, {elements / 1e6:0.0} M in {shapes.Length} tensors";
        foreach (var (way, name) in new[] { ("loop", "PyTorch, as it comes"), ("foreach", "PyTorch, foreach=True") })
        {
            yield return Comparison.InTurn(work, $"Semblance, {threads} threads", optimiser.Step, name, () => peer.Run(way), Rounds)
                .Against(row => $"{elements * BytesTouched / row.OursSeconds / 1e9:0.0} GB/s read and written; memory gives {bandwidth / 1e9:0.0} GB/s to readers");
        }
    }
}
