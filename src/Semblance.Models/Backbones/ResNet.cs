using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Backbones;

/// <summary>A residual network of bottleneck blocks, ResNet-50 by default, with torchvision's parameter names.</summary>
/// <remarks>
/// He et al. 2016, arXiv 1512.03385, in torchvision's form: the stride of a block stands in its 3 x 3 convolution and not in the first 1 x 1 one ("v1.5").
/// Names: <c>conv1</c>, <c>bn1</c>, <c>layer1.0.conv1</c> ..., <c>layer1.0.downsample.0</c>, <c>fc</c>. Letters: B batch; H, W picture; C channels of the last stage.
/// </remarks>
public sealed class ResNet : Module
{
    private const int Expansion = 4;

    /// <summary>Builds the network with random weights, reproducible from <see cref="TorchRandom"/>.</summary>
    /// <exception cref="ArgumentException">The options are unsound; the message lists every fault.</exception>
    public ResNet(ResNetOptions? options = null)
    {
        Options = (options ?? new ResNetOptions()).Validate();
        Conv1 = Register("conv1", new Conv2d(3, Options.Width, 7, stride: 2, padding: 3, bias: false));
        Norm1 = Register("bn1", new BatchNorm2d(Options.Width));
        var input = Options.Width;
        var stages = new Sequential[4];
        for (var stage = 0; stage < 4; stage++)
        {
            var inner = Options.Width << stage;
            var blocks = new Layer[Options.Blocks[stage]];
            for (var block = 0; block < blocks.Length; block++)
            {
                var stride = block > 0 || stage == 0 ? 1 : stage == 3 ? Options.LastStride : 2;
                blocks[block] = new Bottleneck(input, inner, inner * Expansion, stride);
                input = inner * Expansion;
            }

            stages[stage] = Register($"layer{stage + 1}", new Sequential(blocks));
        }

        Stages = stages;
        OutputWidth = input;
        ConvolutionalStart.Apply(this);
        Classifier = Options.Classes > 0 ? Register("fc", new Linear(input, Options.Classes)) : null;
    }

    /// <summary>What this network was built by.</summary>
    public ResNetOptions Options { get; }

    /// <summary>C, channels of the last feature map; 2048 in ResNet-50.</summary>
    public int OutputWidth { get; }

    internal Conv2d Conv1 { get; }

    internal BatchNorm2d Norm1 { get; }

    internal IReadOnlyList<Sequential> Stages { get; }

    internal Linear? Classifier { get; }

    /// <summary>The feature map of the last stage: <c>[B, 3, H, W] -> [B, C, H/32, W/32]</c>, or <c>[B, C, H/16, W/16]</c> where the last stride is 1; sizes are rounded up.</summary>
    /// <param name="images">Normalised pixels; borrowed.</param>
    /// <param name="trace">Keeps <c>stem</c> and <c>layer1</c> to <c>layer4</c>, if given; open a scope around the call then.</param>
    public Tensor Forward(Tensor images, Trace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = trace is null ? new TensorScope() : null;
        var x = Norm1.Forward(Conv1.Forward(images)).Relu().MaxPool2d([3], [2], [1]);
        trace?.Keep("stem", x);
        for (var stage = 0; stage < Stages.Count; stage++)
        {
            x = Stages[stage].Forward(x);
            trace?.Keep($"layer{stage + 1}", x);
        }

        return scope is null ? x : scope.Keep(x);
    }

    /// <summary>The classifier's logits of the averaged feature map: <c>[B, 3, H, W] -> [B, Classes]</c>.</summary>
    /// <param name="images">Normalised pixels; borrowed.</param>
    /// <exception cref="InvalidOperationException">The network was built without a classifier.</exception>
    public Tensor Classify(Tensor images)
    {
        if (Classifier is null)
        {
            throw new InvalidOperationException("this ResNet has no classifier: build it with ResNetOptions.Classes above 0, or use Forward");
        }

        using var scope = new TensorScope();
        return scope.Keep(Classifier.Forward(Forward(images).AdaptiveAvgPool2d(1, 1).Flatten(1)));
    }
}

/// <summary>1 x 1 to fewer channels, 3 x 3, 1 x 1 to more channels, added to the input: <c>[B, In, H, W] -> [B, Out, H/stride, W/stride]</c>.</summary>
internal sealed class Bottleneck : Layer
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _norm1;
    private readonly Conv2d _conv2;
    private readonly BatchNorm2d _norm2;
    private readonly Conv2d _conv3;
    private readonly BatchNorm2d _norm3;
    private readonly Sequential? _shortcut;

    public Bottleneck(int input, int inner, int output, int stride)
    {
        _conv1 = Register("conv1", new Conv2d(input, inner, 1, bias: false));
        _norm1 = Register("bn1", new BatchNorm2d(inner));
        _conv2 = Register("conv2", new Conv2d(inner, inner, 3, stride: stride, padding: 1, bias: false));
        _norm2 = Register("bn2", new BatchNorm2d(inner));
        _conv3 = Register("conv3", new Conv2d(inner, output, 1, bias: false));
        _norm3 = Register("bn3", new BatchNorm2d(output));
        _shortcut = input == output && stride == 1
            ? null
            : Register("downsample", new Sequential(new Conv2d(input, output, 1, stride: stride, bias: false), new BatchNorm2d(output)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        var x = _norm1.Forward(_conv1.Forward(input)).Relu();
        x = _norm2.Forward(_conv2.Forward(x)).Relu();
        x = _norm3.Forward(_conv3.Forward(x));
        return scope.Keep((x + (_shortcut?.Forward(input) ?? input)).Relu());
    }
}
