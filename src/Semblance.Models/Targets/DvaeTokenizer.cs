using Semblance.Core;
using Semblance.Imaging;
using Semblance.Models.Losses;
using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Targets;

/// <summary>
/// The encoder of the DALL-E discrete VAE (Ramesh et al. 2021, arXiv 2102.12092), frozen: a picture becomes ids of 8192 visual words, one per 8 x 8 pixels.
/// The network is here; its weights are not, and are given as a file.
/// </summary>
/// <remarks>
/// Convolution 7x7 (3 to 256); four groups of two residual blocks, widths 256, 512, 1024, 2048, each of the first three groups followed by a 2x2 max-pool; ReLU; convolution 1x1 to
/// 8192. A block adds <c>path / 64</c> to its input (through a 1x1 convolution where widths differ). "Same" padding, no normalisation layers. Pixels come in [0, 1] as
/// <c>0.8 x + 0.1</c>. Weights: OpenAI's release (modified MIT), or <c>facebook/flava-image-codebook</c> (BSD-3), converted to safetensors.
/// </remarks>
public sealed class DvaeTokenizer : Module, IVisualTarget
{
    private const int Downsampling = 8;
    private const double Post = 1.0 / 64;                       // 1 / (number of blocks)², the weight of a path

    private readonly PatchGrid _grid;
    private readonly Tensor _mean;
    private readonly Tensor _deviation;
    private readonly Tensor _rows;
    private readonly Tensor _columns;
    private readonly Conv2d _input;
    private readonly ModuleList<ModuleList<DvaeBlock>> _groups;
    private readonly Conv2d _output;

    /// <summary>Builds the network.</summary>
    /// <param name="grid">One id is made for each patch: the covered region is resized (Lanczos) to 8 pixels per cell.</param>
    /// <param name="normalisation">What the encoder's pictures were normalised by; undone first.</param>
    /// <param name="classes">Visual words.</param>
    /// <param name="width">Channels of the first group; 256 in the published weights.</param>
    public DvaeTokenizer(PatchGrid grid, Normalisation normalisation, int classes = 8192, int width = 256)
    {
        ArgumentNullException.ThrowIfNull(normalisation);
        _grid = grid;
        OutputWidth = classes;
        _mean = TensorScope.Release(Tensor.From(normalisation.Mean.ToArray(), 1, 3, 1, 1));
        _deviation = TensorScope.Release(Tensor.From(normalisation.Deviation.ToArray(), 1, 3, 1, 1));
        _rows = TensorScope.Release(Lanczos(grid.CoveredHeight, grid.Rows * Downsampling));
        _columns = TensorScope.Release(Lanczos(grid.CoveredWidth, grid.Columns * Downsampling));
        _input = Register("input", new Conv2d(3, width, 7, padding: 3));
        var groups = new List<ModuleList<DvaeBlock>>();
        for (var g = 0; g < 4; g++)
        {
            var channels = width << g;
            groups.Add(new ModuleList<DvaeBlock>([new DvaeBlock(g == 0 ? width : channels / 2, channels), new DvaeBlock(channels, channels)]));
        }

        _groups = Register("groups", new ModuleList<ModuleList<DvaeBlock>>(groups));
        _output = Register("output", new Conv2d(width << 3, classes, 1));
        RequireGradients(false);
        Eval();
    }

    /// <summary>V_I, 8192.</summary>
    public int OutputWidth { get; }

    /// <summary>Reads published weights.</summary>
    /// <param name="path">Safetensors with the names of OpenAI's encoder (<c>blocks.group_1.block_1.res_path.conv_1.w</c> ...), with or without <c>encoder.</c> and <c>image_codebook.</c> before them.</param>
    /// <exception cref="SemblanceFormatException">A tensor is missing or has another shape; the message lists all.</exception>
    public void LoadWeights(string path)
    {
        using var scope = new TensorScope();
        using var file = Safetensors.Open(path);
        var published = file.Names.ToDictionary(name => name[(name.IndexOf("blocks.", StringComparison.Ordinal) is >= 0 and var at ? at : 0)..], name => name);
        var state = new Dictionary<string, Tensor>();
        var missing = new List<string>();
        foreach (var own in StateDict().Keys)
        {
            if (published.TryGetValue(PublishedName(own), out var name))
            {
                state[own] = file.Load(name);
            }
            else
            {
                missing.Add(PublishedName(own));
            }
        }

        if (missing.Count > 0)
        {
            throw new SemblanceFormatException(path, $"no weights of the DALL-E encoder: {missing.Count} tensors are missing ({string.Join(", ", missing.Take(4))}{(missing.Count > 4 ? ", ..." : "")})");
        }

        try
        {
            LoadStateDict(state);
        }
        catch (StateDictException error)
        {
            throw new SemblanceFormatException(path, error.Message, inner: error);
        }
    }

    /// <inheritdoc/>
    public Tensor Loss(Tensor prediction, Tensor images, Tensor cells)
    {
        ArgumentNullException.ThrowIfNull(images);
        return MaskedPrediction.CrossEntropy(prediction, Ids(images).Flatten(0, 1).IndexSelect(0, cells));
    }

    /// <summary>The visual word of every patch, <c>[B, N]</c> int64.</summary>
    /// <param name="images">Normalised pictures, <c>[B, 3, H, W]</c>; borrowed.</param>
    public Tensor Ids(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var nothing = Autograd.NoGrad();
        using var scope = new TensorScope();
        var x = Pixels(images);                                                                             // [B, 3, 8 Gh, 8 Gw]
        x = _input.Forward((x * 0.8) + 0.1);
        for (var g = 0; g < _groups.Count; g++)
        {
            foreach (var block in _groups[g])
            {
                x = block.Forward(x, Post);
            }

            x = g < 3 ? x.MaxPool2d([2]) : x;
        }

        return scope.Keep(_output.Forward(x.Relu()).Argmax(1).Flatten(1, 2));                               // [B, Gh, Gw] -> [B, N]
    }

    /// <summary>The region of the cells in [0, 1], resized so that the token grid equals the patch grid.</summary>
    internal Tensor Pixels(Tensor images)
    {
        using var full = Autocast.Off();
        var region = Cells.Region(images, _grid).To(ScalarType.Float32);
        var pixels = (region * _deviation.To(images.Device)) + _mean.To(images.Device);
        return _rows.To(images.Device).MatMul(pixels).MatMul(_columns.To(images.Device).Transpose(0, 1)).Clamp(0, 1);
    }

    /// <summary>Resampling as a matrix <c>[to, from]</c>: Lanczos with support 3, widened by the step when shrinking, rows summing to 1 (Pillow's rule).</summary>
    internal static Tensor Lanczos(int from, int to)
    {
        var step = (double)from / to;
        var widening = Math.Max(step, 1);
        var weights = new float[to * from];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * step;
            var kernel = new double[from];
            for (var j = Math.Max(0, (int)(centre - (3 * widening) + 0.5)); j < Math.Min(from, (int)(centre + (3 * widening) + 0.5)); j++)
            {
                var x = (j + 0.5 - centre) / widening;
                kernel[j] = Math.Abs(x) >= 3 ? 0 : Sinc(x) * Sinc(x / 3);
            }

            var sum = kernel.Sum();
            for (var j = 0; j < from; j++)
            {
                weights[(i * from) + j] = (float)(kernel[j] / sum);
            }
        }

        return Tensor.From(weights, to, from);
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    /// <summary>"groups.1.0.conv2.weight" to "blocks.group_2.block_1.res_path.conv_2.w".</summary>
    internal static string PublishedName(string own)
    {
        var parts = own.Split('.');
        var kind = parts[^1] == "weight" ? "w" : "b";
        return parts switch
        {
            ["input", _] => $"blocks.input.{kind}",
            ["output", _] => $"blocks.output.conv.{kind}",
            ["groups", var g, var b, "identity", _] => $"blocks.group_{int.Parse(g) + 1}.block_{int.Parse(b) + 1}.id_path.{kind}",
            ["groups", var g, var b, var conv, _] => $"blocks.group_{int.Parse(g) + 1}.block_{int.Parse(b) + 1}.res_path.conv_{conv[^1]}.{kind}",
            _ => throw new ArgumentException($"\"{own}\" is no name of the DALL-E encoder", nameof(own)),
        };
    }
}

/// <summary><c>id(x) + post * path(x)</c>, path = three times (ReLU, 3x3 to w/4), then ReLU, 1x1 to w.</summary>
internal sealed class DvaeBlock : Module
{
    private readonly Conv2d? _identity;
    private readonly Conv2d[] _path;

    public DvaeBlock(int input, int output)
    {
        var hidden = output / 4;
        _identity = input == output ? null : Register("identity", new Conv2d(input, output, 1));
        _path =
        [
            Register("conv1", new Conv2d(input, hidden, 3, padding: 1)),
            Register("conv2", new Conv2d(hidden, hidden, 3, padding: 1)),
            Register("conv3", new Conv2d(hidden, hidden, 3, padding: 1)),
            Register("conv4", new Conv2d(hidden, output, 1)),
        ];
    }

    public Tensor Forward(Tensor x, double post)
    {
        using var scope = new TensorScope();
        var path = x;
        foreach (var convolution in _path)
        {
            path = convolution.Forward(path.Relu());
        }

        return scope.Keep((_identity?.Forward(x) ?? x) + (path * post));
    }
}
