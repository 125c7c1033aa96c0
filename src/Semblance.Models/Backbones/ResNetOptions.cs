namespace Semblance.Models.Backbones;

/// <summary>Sizes of a <see cref="ResNet"/>. The defaults are ResNet-50 as it is trained on ImageNet.</summary>
public sealed record ResNetOptions
{
    /// <summary>ResNet-50 for person re-identification: the last stage keeps the resolution of the third, and there is no classifier.</summary>
    public static ResNetOptions ReIdentification { get; } = new() { LastStride = 1, Classes = 0 };

    /// <summary>Bottleneck blocks in each of the four stages.</summary> <value>3, 4, 6, 3: ResNet-50.</value>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the stem; stage s (from 0) gives <c>4 · Width · 2ˢ</c>.</summary> <value>64.</value>
    public int Width { get; init; } = 64;

    /// <summary>
    /// Stride of the last stage, 1 or 2. 1 doubles the feature map's height and width at no extra weight, which re-identification gains from
    /// (Luo et al. 2019, arXiv 1903.07071, "last stride").
    /// </summary>
    /// <value>2, as trained on ImageNet.</value>
    public int LastStride { get; init; } = 2;

    /// <summary>Outputs of the classifier; 0 for none.</summary> <value>1000.</value>
    public int Classes { get; init; } = 1000;

    /// <exception cref="ArgumentException">An option is unsound; the message lists every fault.</exception>
    internal ResNetOptions Validate()
    {
        List<string> faults = [];
        if (Blocks.Count != 4 || Blocks.Any(count => count < 1))
        {
            faults.Add($"Blocks is [{string.Join(", ", Blocks)}], expected four numbers of 1 or more");
        }

        if (LastStride is not (1 or 2))
        {
            faults.Add($"LastStride is {LastStride}, expected 1 or 2");
        }

        OptionFaults.Refuse([.. faults, .. OptionFaults.Positive((nameof(Width), Width)), .. OptionFaults.NotNegative((nameof(Classes), Classes))]);
        return this;
    }
}
