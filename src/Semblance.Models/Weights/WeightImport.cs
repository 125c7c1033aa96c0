using System.Globalization;
using System.Security.Cryptography;
using Semblance.Core;
using Semblance.Tensors;

namespace Semblance.Models.Weights;

/// <summary>Brings public weights into a safetensors file with our names, ready for the network that they were made for.</summary>
public static class WeightImport
{
    /// <summary>Reads, renames, resizes positions, writes; and tells of every tensor what became of it.</summary>
    /// <param name="map">What the weights are.</param>
    /// <param name="path">A safetensors file or a PyTorch checkpoint; nothing in it is run.</param>
    /// <param name="output">The safetensors file to write, atomically. Its words are source, sha256 (of the source), map, licence, and the picture's size where there is one.</param>
    /// <param name="size">The pictures that the weights shall read.</param>
    /// <exception cref="SemblanceFormatException">The file is damaged or of another kind, or tensors are missing or of another shape; the message lists them. Nothing is written.</exception>
    /// <exception cref="ArgumentException">The size does not fit the weights.</exception>
    public static ImportReport Run(WeightMap map, string path, string output, ImportSize? size = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(output);
        size ??= new ImportSize();
        if (size.Height is null != size.Width is null)
        {
            throw new ArgumentException("a height without a width, or the other way round: give both");
        }

        using var scope = new TensorScope();
        using var nothing = Autograd.NoGrad();
        return map.Build is null ? RunFlava(map, path, output, size) : RunBackbone(map, path, output, size);
    }

    private static ImportReport RunBackbone(WeightMap map, string path, string output, ImportSize size)
    {
        using var file = WeightsFile.Open(path);
        var prefix = map.Prefix(file.Names) ?? throw OfAnotherKind(map, path, file.Names);
        var (found, left, unexpected) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>(), new List<string>());
        foreach (var name in file.Names)
        {
            var (ours, isLeft) = map.Translate(name, prefix);
            if (ours is null)
            {
                (isLeft ? left : unexpected).Add(name);
            }
            else if (!found.TryAdd(ours, name))
            {
                throw new SemblanceFormatException(path, $"\"{name}\" and \"{found[ours]}\" both mean {ours}");
            }
        }

        var sizes = new WeightSizes(file, path, found);
        var grid = GridOf(map, file, path, found, size);
        var expected = Expected(map, path, sizes, grid ?? default);
        unexpected.AddRange(found.Where(pair => !expected.ContainsKey(pair.Key)).Select(pair => pair.Value));
        string[] missing = [.. expected.Keys.Where(name => !found.ContainsKey(name))];
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        List<string> resized = [], misshapen = [];
        foreach (var (ours, shape) in expected)
        {
            if (!found.TryGetValue(ours, out var name))
            {
                if (WeightMap.MayBeMissing(ours))
                {
                    tensors.Add(ours, Tensor.Zeros(shape, ScalarType.Int64));
                }

                continue;
            }

            var tensor = file.Load(name);
            if (ours == map.Patches?.Positions && tensor.Rank == map.Patches.PositionsRank && Resized(tensor, grid!.Value, path) is { } other)
            {
                resized.Add(ours);
                tensor = other;
            }

            // Tables that hold a single number come as [1] in some conversions.
            if (!tensor.Shape.SequenceEqual(shape) && !(tensor.ElementCount == 1 && shape.All(length => length == 1)))
            {
                misshapen.Add($"{name} is {Mmet.Shape(tensor)}, expected [{string.Join(", ", shape)}]");
                continue;
            }

            tensors.Add(ours, tensor.Reshape(shape));
        }

        string[] needed = [.. missing.Where(name => !WeightMap.MayBeMissing(name))];
        if (needed.Length + misshapen.Count > 0)
        {
            string[] parts =
            [
                needed.Length > 0 ? $"{needed.Length} tensors are missing ({string.Join(", ", needed)})" : "",
                misshapen.Count > 0 ? $"{misshapen.Count} have another shape ({string.Join("; ", misshapen)})" : "",
                unexpected.Count > 0 ? $"{unexpected.Count} are unexpected ({string.Join(", ", unexpected)})" : "",
            ];
            throw new SemblanceFormatException(path, $"these are no whole {map.Key} weights: {string.Join("; ", parts.Where(part => part.Length > 0))}");
        }

        Write(map, path, output, tensors, grid);
        return new ImportReport([.. tensors.Keys.Where(found.ContainsKey)], missing, left, unexpected, resized);
    }

    private static ImportReport RunFlava(WeightMap map, string path, string output, ImportSize size)
    {
        MmetOptions options;
        using (var file = WeightsFile.Open(path))
        {
            var prefix = map.Prefix(file.Names) ?? throw OfAnotherKind(map, path, file.Names);
            var sizes = new WeightSizes(file, path, file.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(name => name[prefix.Length..], name => name));
            var (image, text) = ("image_encoder.", "text_encoder.");
            var patch = sizes.Of($"{image}embeddings.patch_embeddings.projection.weight", 2);
            var standard = new MmetOptions();
            options = standard with
            {
                Height = size.Height ?? standard.Height,
                Width = size.Width ?? standard.Width,
                Patch = patch,
                Stride = size.Stride ?? patch,
                HiddenWidth = sizes.Of($"{image}embeddings.patch_embeddings.projection.weight", 0),
                Heads = sizes.Heads($"{image}embeddings.patch_embeddings.projection.weight", 0),
                MlpWidth = sizes.Of($"{image}encoder.layer.0.feedforward.model.0.weight", 0),
                ImageLayers = sizes.Count($"{image}encoder.layer."),
                TextLayers = sizes.Count($"{text}encoder.layer."),
                FusionLayers = sizes.Count("mm_encoder.encoder.layer."),
                VocabularySize = sizes.Of($"{text}embeddings.word_embeddings.weight", 0),
                TextPositions = sizes.Of($"{text}embeddings.position_embeddings.weight", 0),
                TextLength = Math.Min(standard.TextLength, sizes.Of($"{text}embeddings.position_embeddings.weight", 0)),
            };
        }

        using var model = new Mmet(options);
        var report = FlavaWeights.Import(model, path);
        Write(map, path, output, model.StateDict(), options.Grid);
        return report;
    }

    /// <summary>How the pictures are cut: at the wanted size, or at the one that the position table was trained on.</summary>
    private static PatchGrid? GridOf(WeightMap map, IWeightsFile file, string path, Dictionary<string, string> found, ImportSize size)
    {
        if (map.Patches is not { } patches)
        {
            return size.IsGiven ? throw new ArgumentException($"{map.Key} reads pictures of any size: leave height, width and stride out") : null;
        }

        var sizes = new WeightSizes(file, path, found);
        var patch = sizes.Of(patches.Convolution, 2);
        var places = sizes.Of(patches.Positions, patches.PositionsRank - 2) - 1;
        var (height, width) = (size.Height, size.Width) is ({ } h, { } w) ? (h, w)
            : Side(places) is { } side ? (side * patch, side * patch)
            : map.DefaultSize ?? throw new ArgumentException($"{path}: {places} positions are no square, so the pictures' size cannot be seen: give height and width");
        var grid = new PatchGrid(height, width, patch, size.Stride ?? patch);
        string[] faults = [.. Backbones.OptionFaults.Grid(grid)];
        return faults.Length == 0 ? grid : throw new ArgumentException(string.Join("; ", faults));
    }

    /// <summary>The table at the grid's size, or null when it has it already. Tables that are no square are taken as they are.</summary>
    private static Tensor? Resized(Tensor table, PatchGrid grid, string path)
    {
        var places = table.Size(-2) - 1;
        var (rows, columns) = Side(places) is { } side ? (side, side) : (grid.Rows, grid.Columns);
        if ((rows, columns) == (grid.Rows, grid.Columns) && places == grid.Count)
        {
            return null;
        }

        if (places != (long)rows * columns)
        {
            throw new SemblanceFormatException(path, $"{places} positions are neither a square nor those of {grid}: import at the size that the weights were trained at");
        }

        var batched = table.Rank == 2 ? table.Unsqueeze(0) : table;
        var resized = PositionTable.Resize(batched.To(ScalarType.Float32), (rows, columns), (grid.Rows, grid.Columns));
        return table.Rank == 2 ? resized.Squeeze(0) : resized;
    }

    private static int? Side(long places) => (int)Math.Round(Math.Sqrt(places)) is > 0 and var side && (long)side * side == places ? side : null;

    /// <summary>Names and shapes of the network that these weights must fill.</summary>
    private static OrderedDictionary<string, long[]> Expected(WeightMap map, string path, WeightSizes sizes, PatchGrid grid)
    {
        try
        {
            using var network = map.Build!(sizes, grid);
            var expected = new OrderedDictionary<string, long[]>(StringComparer.Ordinal);
            foreach (var (name, tensor) in network.StateDict())
            {
                expected.Add(name, tensor.Shape);
            }

            return expected;
        }
        catch (ArgumentException error)
        {
            throw new SemblanceFormatException(path, $"the weights have sizes that no {map.Key} has: {error.Message}", inner: error);
        }
    }

    private static void Write(WeightMap map, string path, string output, IReadOnlyDictionary<string, Tensor> tensors, PatchGrid? grid)
    {
        using var source = File.OpenRead(path);
        var words = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["map"] = map.Key,
            ["source"] = $"{Path.GetFileName(path)}: {map.Source}",
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(source)),
            ["licence"] = $"{map.Licence} (as such weights usually are; see where you got the file)",
        };
        if (grid is { } cut)
        {
            foreach (var (word, value) in new[] { ("height", cut.Height), ("width", cut.Width), ("patch", cut.Patch), ("stride", cut.Stride) })
            {
                words[word] = value.ToString(CultureInfo.InvariantCulture);
            }
        }

        Safetensors.Write(output, tensors, words);
    }

    private static SemblanceFormatException OfAnotherKind(WeightMap map, string path, IReadOnlyList<string> names) =>
        new(path, $"none of its {names.Count} tensors has a name of {map.Key}{(WeightMap.Guess(names) is { } other ? $": they look like {other.Key}" : $" (it has {string.Join(", ", names.Take(3))}{(names.Count > 3 ? ", ..." : "")})")}");
}
