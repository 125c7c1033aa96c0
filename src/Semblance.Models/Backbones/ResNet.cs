using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models.Backbones;

/// <summary>A residual network of bottlenecks without pooling and classifier: <c>[B, 3, H, W] -> [B, 32 · width, h, w]</c> at full depth.</summary>
/// <remarks>He et al. 2016, arXiv 1512.03385. Parameter names and the place of the stride, in the 3x3 convolution, are torchvision's, so that its weights load.</remarks>
public sealed class ResNet : Layer
{
    private readonly Conv2d _conv1;
    private readonly BatchNorm2d _bn1;
    private readonly List<Sequential> _stages = [];

    /// <param name="depths">Blocks of each of the four stages; 3, 4, 6, 3 is ResNet-50.</param>
    /// <param name="width">Channels of the stem; 64 is ResNet-50.</param>
    /// <param name="lastStride">Stride of the last stage: 2 as published, 1 for a map of twice the size.</param>
    /// <exception cref="ArgumentException">Not four positive depths.</exception>
    public ResNet(IReadOnlyList<int> depths, int width = 64, int lastStride = 2)
    {
        ArgumentNullException.ThrowIfNull(depths);
        if (depths.Count != 4 || depths.Any(depth => depth < 1))
        {
            throw new ArgumentException($"depths {string.Join(", ", depths)}, expected four positive numbers", nameof(depths));
        }

        _conv1 = Register("conv1", new Conv2d(3, width, 7, 2, 3, bias: false));
        _bn1 = Register("bn1", new BatchNorm2d(width));
        var channels = width;
        for (var stage = 0; stage < 4; stage++)
        {
            var (middle, stride) = (width << stage, stage switch { 0 => 1, 3 => lastStride, _ => 2 });
            var blocks = new Layer[depths[stage]];
            for (var i = 0; i < blocks.Length; i++)
            {
                blocks[i] = new Bottleneck(i == 0 ? channels : middle * 4, middle, i == 0 ? stride : 1);
            }

            channels = middle * 4;
            _stages.Add(Register($"layer{stage + 1}", new Sequential(blocks)));
        }

        Channels = channels;
        foreach (var parameter in Parameters().Where(parameter => parameter.Rank == 4))
        {
            Initialise.KaimingNormal(parameter, FanMode.Out, Initialise.ReluGain);
        }
    }

    /// <summary>Channels of the last map.</summary>
    public int Channels { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        var x = _bn1.Forward(_conv1.Forward(input)).Relu().MaxPool2d([3, 3], [2, 2], [1, 1]);
        return _stages.Aggregate(x, (map, stage) => stage.Forward(map));
    }
}

/// <summary>1x1, 3x3, 1x1 to four times the width, beside a shortcut.</summary>
internal sealed class Bottleneck : Layer
{
    private readonly Sequential _path;
    private readonly Sequential? _downsample;

    public Bottleneck(int input, int middle, int stride)
    {
        var output = middle * 4;
        _path = new Sequential(
            Register("conv1", new Conv2d(input, middle, 1, bias: false)), Register("bn1", new BatchNorm2d(middle)), new Relu(),
            Register("conv2", new Conv2d(middle, middle, 3, stride, 1, bias: false)), Register("bn2", new BatchNorm2d(middle)), new Relu(),
            Register("conv3", new Conv2d(middle, output, 1, bias: false)), Register("bn3", new BatchNorm2d(output)));
        _downsample = stride == 1 && input == output
            ? null
            : Register("downsample", new Sequential(new Conv2d(input, output, 1, stride, bias: false), new BatchNorm2d(output)));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        return scope.Keep((_path.Forward(input) + (_downsample?.Forward(input) ?? input)).Relu())!;
    }
}
