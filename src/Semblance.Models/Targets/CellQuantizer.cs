using Semblance.Core;
using Semblance.Models.Losses;
using Semblance.Tensors;

namespace Semblance.Models.Targets;

/// <summary>Ids of an own vocabulary: the nearest of V_I centres found by k-means over normalised cells of the training data. Classification without weights from outside.</summary>
public sealed class CellQuantizer : IVisualTarget, IDisposable
{
    private readonly PatchGrid _grid;

    private CellQuantizer(PatchGrid grid, Tensor centres)
    {
        _grid = grid;
        Centres = TensorScope.Release(centres);
    }

    /// <summary>The vocabulary, <c>[V_I, 3cc]</c>, float32.</summary>
    public Tensor Centres { get; }

    /// <summary>V_I.</summary>
    public int OutputWidth => (int)Centres.Size(0);

    /// <summary>Finds the centres: k-means++ start on a sample, then Lloyd's steps.</summary>
    /// <param name="images">Batches of normalised pictures, <c>[B, 3, H, W]</c>; borrowed.</param>
    /// <param name="grid">The cells.</param>
    /// <param name="classes">V_I.</param>
    /// <param name="seed">Of the start.</param>
    /// <param name="steps">Lloyd's steps.</param>
    /// <param name="largestSample">Cells that are kept at most, drawn evenly from all batches.</param>
    /// <exception cref="ArgumentException">There are fewer cells than classes.</exception>
    public static CellQuantizer Fit(IEnumerable<Tensor> images, PatchGrid grid, int classes, ulong seed, int steps = 20, int largestSample = 200_000)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var _ = Autograd.NoGrad();
        using var scope = new TensorScope();
        var random = Randomness.For(seed, Randomness.Key("quantizer"));
        var width = 3 * grid.CellSize * grid.CellSize;
        var sample = new List<float[]>();
        long seen = 0;
        foreach (var batch in images)
        {
            using var step = new TensorScope();
            var cells = Cells.Normalise(Cells.Cut(batch.To(ScalarType.Float32), grid)).ToArray<float>();
            for (var i = 0; i < cells.Length / width; i++, seen++)    // reservoir sampling: every cell stays with the same probability
            {
                var cell = cells.AsSpan(i * width, width);
                if (sample.Count < largestSample)
                {
                    sample.Add(cell.ToArray());
                }
                else if (random.NextDouble() * (seen + 1) < largestSample)
                {
                    sample[random.Next(sample.Count)] = cell.ToArray();
                }
            }
        }

        if (sample.Count < classes)
        {
            throw new ArgumentException($"{sample.Count} cells cannot make {classes} classes: give more pictures or ask for fewer classes", nameof(images));
        }

        var points = Tensor.From<float>(sample.SelectMany(cell => cell).ToArray(), sample.Count, width);
        var centres = Start(points, classes, ref random);
        for (var step = 0; step < steps; step++)
        {
            using var inner = new TensorScope();
            var nearest = Nearest(points, centres);                                                             // [P]
            var counts = Tensor.Zeros([classes]).IndexAdd(0, nearest, Tensor.Ones([points.Size(0)]));           // [V]
            var sums = Tensor.Zeros([classes, width]).IndexAdd(0, nearest, points);
            var means = sums / counts.ClampMin(1).Unsqueeze(1);
            centres = inner.Keep(Tensor.Where(counts.Gt(0).Unsqueeze(1), means, centres));                      // an empty class keeps its centre
        }

        return new CellQuantizer(grid, scope.Keep(centres.Contiguous()));
    }

    /// <summary>Reads centres that <see cref="Save"/> wrote.</summary>
    /// <exception cref="SemblanceFormatException">The file holds something else, or centres of another cell size.</exception>
    public static CellQuantizer Load(string path, PatchGrid grid)
    {
        using var file = Safetensors.Open(path);
        var width = 3 * grid.CellSize * grid.CellSize;
        if (!file.Names.Contains("centres"))
        {
            throw new SemblanceFormatException(path, "no tensor \"centres\": this is no quantizer file");
        }

        return file.Shape("centres") is [_, var found] && found == width
            ? new CellQuantizer(grid, file.Load("centres"))
            : throw new SemblanceFormatException(path, $"centres [{string.Join(", ", file.Shape("centres"))}], expected [V, {width}] for cells of {grid.CellSize}x{grid.CellSize}");
    }

    /// <summary>Writes the centres, atomically.</summary>
    public void Save(string path) => Safetensors.Write(path, new Dictionary<string, Tensor> { ["centres"] = Centres });

    /// <inheritdoc/>
    public Tensor Loss(Tensor prediction, Tensor images, Tensor cells) => MaskedPrediction.CrossEntropy(prediction, Ids(images, cells));

    /// <summary>The nearest centre of these cells, <c>[M]</c> int64.</summary>
    /// <param name="images">Normalised pictures, <c>[B, 3, H, W]</c>.</param>
    /// <param name="cells">Indices b N + i, <c>[M]</c> int64.</param>
    public Tensor Ids(Tensor images, Tensor cells)
    {
        using var _ = Autograd.NoGrad();
        using var full = Autocast.Off();
        return Nearest(Cells.Normalise(Cells.Cut(images, _grid).IndexSelect(0, cells).To(ScalarType.Float32)), Centres);
    }

    /// <inheritdoc/>
    public void Dispose() => Centres.Dispose();

    /// <summary><c>argmin_v |x - c_v|²</c>; |x|² is the same for all v and left out.</summary>
    private static Tensor Nearest(Tensor points, Tensor centres)
    {
        // Some points at a time: all distances of a large sample at once would take gigabytes.
        const long block = 8192;
        var lengths = (centres * centres).Sum(1).Unsqueeze(0);                                                  // [1, V]
        var across = centres.Transpose(0, 1) * 2;                                                               // [C, V]
        var count = points.Size(0);
        var nearest = new List<Tensor>();
        for (long first = 0; first < count; first += block)
        {
            using var scope = new TensorScope();
            nearest.Add(scope.Keep((lengths - points.Narrow(0, first, Math.Min(block, count - first)).MatMul(across)).Argmin(1)));
        }

        return nearest.Count == 1 ? nearest[0] : Tensor.Cat([.. nearest], 0);
    }

    /// <summary>k-means++ (Arthur and Vassilvitskii 2007): each next centre is drawn in proportion to its squared distance from those before.</summary>
    private static Tensor Start(Tensor points, int classes, ref Randomness random)
    {
        var count = (int)points.Size(0);
        var chosen = new List<long> { random.Next(count) };
        var distance = new double[count];
        Array.Fill(distance, double.PositiveInfinity);
        while (chosen.Count < classes)
        {
            using var step = new TensorScope();
            var fresh = ((points - points.Narrow(0, chosen[^1], 1)).Square().Sum(1)).ToArray<float>();
            var total = 0.0;
            for (var i = 0; i < count; i++)
            {
                distance[i] = Math.Min(distance[i], fresh[i]);
                total += distance[i];
            }

            chosen.Add(total > 0 ? random.PickWeighted(distance) : random.Next(count));
        }

        return points.IndexSelect(0, Tensor.From<long>([.. chosen], chosen.Count));
    }
}
