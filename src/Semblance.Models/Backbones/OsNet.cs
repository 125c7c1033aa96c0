using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Backbones;

/// <summary>OSNet, a small network for re-identification whose blocks look at four scales at once and weigh them by a gate, with torchreid's parameter names.</summary>
/// <remarks>
/// Zhou et al. 2019, arXiv 1905.00953; authors' code: KaiyangZhou/deep-person-reid, <c>torchreid/models/osnet.py</c>. Names: <c>conv1.conv</c>, <c>conv2.0.conv2b.1.conv1</c>,
/// <c>conv2.0.gate.fc1</c>, <c>conv2.2.0.conv</c> (the step to half the size), <c>conv5</c>, <c>fc.0</c>, <c>classifier</c>. Letters: B batch; H, W picture; C last channels; E feature.
/// </remarks>
public sealed class OsNet : Module
{
    /// <summary>Builds the network with random weights, reproducible from <see cref="TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public OsNet(OsNetOptions? options = null)
    {
        Options = (options ?? new OsNetOptions()).Validate();
        var channels = Options.Channels;
        Stem = Register("conv1", new ConvNorm(3, channels[0], 7, stride: 2, padding: 3));
        Stage1 = Register("conv2", Stage(Options.Blocks[0], channels[0], channels[1], halves: true));
        Stage2 = Register("conv3", Stage(Options.Blocks[1], channels[1], channels[2], halves: true));
        Stage3 = Register("conv4", Stage(Options.Blocks[2], channels[2], channels[3], halves: false));
        Last = Register("conv5", new ConvNorm(channels[3], channels[3], 1));
        Head = Options.FeatureWidth > 0
            ? Register("fc", new Sequential(new Linear(channels[3], Options.FeatureWidth), new BatchNorm1d(Options.FeatureWidth), new Relu()))
            : null;
        Classifier = Options.Classes > 0 ? Register("classifier", new Linear(Options.FeatureWidth, Options.Classes)) : null;
        ConvolutionalStart.Apply(this);
    }

    /// <summary>What this network was built by.</summary>
    public OsNetOptions Options { get; }

    /// <summary>C, channels of the last feature map; 512 in OSNet x1.0.</summary>
    public int OutputWidth => Options.Channels[3];

    internal ConvNorm Stem { get; }

    internal Sequential Stage1 { get; }

    internal Sequential Stage2 { get; }

    internal Sequential Stage3 { get; }

    internal ConvNorm Last { get; }

    internal Sequential? Head { get; }

    internal Linear? Classifier { get; }

    /// <summary>The last feature map: <c>[B, 3, H, W] -> [B, C, H/16, W/16]</c>.</summary>
    /// <param name="images">Normalised pixels; borrowed.</param>
    /// <param name="trace">Keeps <c>conv1</c> (after pooling) to <c>conv5</c>, if given; open a scope around the call then.</param>
    public Tensor Forward(Tensor images, Trace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = trace is null ? new TensorScope() : null;
        var x = Keep("conv1", Stem.Forward(images).MaxPool2d([3], [2], [1]));
        x = Keep("conv2", Stage1.Forward(x));
        x = Keep("conv3", Stage2.Forward(x));
        x = Keep("conv4", Stage3.Forward(x));
        x = Keep("conv5", Last.Forward(x));
        return scope is null ? x : scope.Keep(x);

        Tensor Keep(string name, Tensor tensor) => trace?.Keep(name, tensor) ?? tensor;
    }

    /// <summary>The feature of the averaged map: <c>[B, 3, H, W] -> [B, E]</c>; <c>[B, C]</c> without a last linear layer.</summary>
    /// <param name="images">Normalised pixels; borrowed.</param>
    public Tensor Feature(Tensor images)
    {
        using var scope = new TensorScope();
        var pooled = Forward(images).AdaptiveAvgPool2d(1, 1).Flatten(1);
        return scope.Keep(Head?.Forward(pooled) ?? pooled);
    }

    /// <summary>The classifier's logits of the feature: <c>[B, 3, H, W] -> [B, Classes]</c>.</summary>
    /// <param name="images">Normalised pixels; borrowed.</param>
    /// <exception cref="InvalidOperationException">The network was built without a classifier.</exception>
    public Tensor Classify(Tensor images)
    {
        if (Classifier is null)
        {
            throw new InvalidOperationException("this OSNet has no classifier: build it with OsNetOptions.Classes above 0, or use Feature");
        }

        using var scope = new TensorScope();
        return scope.Keep(Classifier.Forward(Feature(images)));
    }

    private static Sequential Stage(int blocks, int input, int output, bool halves)
    {
        List<Layer> layers = [new OsBlock(input, output)];
        for (var i = 1; i < blocks; i++)
        {
            layers.Add(new OsBlock(output, output));
        }

        if (halves)
        {
            layers.Add(new Sequential(new ConvNorm(output, output, 1), new AvgPool2d(2)));
        }

        return new Sequential([.. layers]);
    }
}

/// <summary>Four streams that see 3, 5, 7 and 9 pixels, weighed by one gate, summed, and added to the input: <c>[B, In, H, W] -> [B, Out, H, W]</c>.</summary>
internal sealed class OsBlock : Layer
{
    private readonly ConvNorm _reduce;
    private readonly LightConv _three;
    private readonly Sequential[] _wider;
    private readonly ChannelGate _gate;
    private readonly ConvNorm _restore;
    private readonly ConvNorm? _shortcut;

    public OsBlock(int input, int output)
    {
        var inner = output / 4;
        _reduce = Register("conv1", new ConvNorm(input, inner, 1));
        _three = Register("conv2a", new LightConv(inner));
        _wider = [Stream("conv2b", 2), Stream("conv2c", 3), Stream("conv2d", 4)];
        _gate = Register("gate", new ChannelGate(inner));
        _restore = Register("conv3", new ConvNorm(inner, output, 1, relu: false));
        _shortcut = input == output ? null : Register("downsample", new ConvNorm(input, output, 1, relu: false));

        Sequential Stream(string name, int depth) => Register(name, new Sequential([.. Enumerable.Range(0, depth).Select(_ => new LightConv(inner))]));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var x = _reduce.Forward(input);
        var sum = _gate.Forward(_three.Forward(x));
        foreach (var stream in _wider)
        {
            sum += _gate.Forward(stream.Forward(x));
        }

        return scope.Keep((_restore.Forward(sum) + (_shortcut?.Forward(input) ?? input)).Relu());
    }
}

/// <summary>A convolution without bias, batch normalisation and, unless told otherwise, ReLU. torchreid's names: conv and bn.</summary>
internal sealed class ConvNorm : Layer
{
    private readonly Conv2d _conv;
    private readonly BatchNorm2d _norm;
    private readonly bool _relu;

    public ConvNorm(int input, int output, Size2d kernel, Size2d? stride = null, Size2d padding = default, bool relu = true)
    {
        _conv = Register("conv", new Conv2d(input, output, kernel, stride, padding, bias: false));
        _norm = Register("bn", new BatchNorm2d(output));
        _relu = relu;
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var x = _norm.Forward(_conv.Forward(input));
        return scope.Keep(_relu ? x.Relu() : x);
    }
}

/// <summary>OSNet's cheap 3 x 3 convolution: every pixel's channels are mixed first, then each channel is filtered by itself; batch normalisation and ReLU.</summary>
internal sealed class LightConv : Layer
{
    private readonly Conv2d _point;
    private readonly Conv2d _depth;
    private readonly BatchNorm2d _norm;

    /// <param name="channels">In and out.</param>
    /// <param name="kernel">Odd sizes; 3 x 3 when left out, 1 x 3 along words.</param>
    public LightConv(int channels, Size2d? kernel = null)
    {
        var size = kernel ?? 3;
        _point = Register("conv1", new Conv2d(channels, channels, 1, bias: false));
        _depth = Register("conv2", new Conv2d(channels, channels, size, padding: (size.Height / 2, size.Width / 2), groups: channels, bias: false));
        _norm = Register("bn", new BatchNorm2d(channels));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        return scope.Keep(_norm.Forward(_depth.Forward(_point.Forward(input))).Relu());
    }
}

/// <summary>Weighs each channel by what the channels hold on average: <c>x · σ(W₂ ReLU(W₁ mean(x) + b₁) + b₂)</c>, <c>[B, C, H, W] -> [B, C, H, W]</c>.</summary>
internal sealed class ChannelGate : Layer
{
    private readonly Conv2d _squeeze;
    private readonly Conv2d _excite;

    /// <param name="channels">In and out.</param>
    /// <param name="reduction">The hidden layer has this fraction of them, and one at least.</param>
    public ChannelGate(int channels, int reduction = 16)
    {
        var hidden = Math.Max(1, channels / reduction);
        _squeeze = Register("fc1", new Conv2d(channels, hidden, 1));
        _excite = Register("fc2", new Conv2d(hidden, channels, 1));
    }

    public override Tensor Forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = new TensorScope();
        return scope.Keep(input * _excite.Forward(_squeeze.Forward(input.AdaptiveAvgPool2d(1, 1)).Relu()).Sigmoid());
    }
}
