namespace Semblance.Models.Backbones;

/// <summary>Sizes of an <see cref="OsNet"/>. The defaults are OSNet x1.0 without a classifier.</summary>
public sealed record OsNetOptions
{
    /// <summary>Channels of the stem and of the three stages; those of a stage are a multiple of 64, so that its gate has a hidden unit.</summary> <value>64, 256, 384, 512: x1.0.</value>
    public IReadOnlyList<int> Channels { get; init; } = [64, 256, 384, 512];

    /// <summary>Blocks in each of the three stages.</summary> <value>2, 2, 2.</value>
    public IReadOnlyList<int> Blocks { get; init; } = [2, 2, 2];

    /// <summary>E, width of the feature after the last linear layer; 0 leaves that layer out.</summary> <value>512.</value>
    public int FeatureWidth { get; init; } = 512;

    /// <summary>Outputs of the classifier over the feature; 0 for none.</summary> <value>0; the published ImageNet weights have 1000.</value>
    public int Classes { get; init; }

    /// <exception cref="ArgumentException">An option is unsound; the message lists every fault.</exception>
    internal OsNetOptions Validate()
    {
        List<string> faults = [];
        if (Channels.Count != 4 || Channels[0] < 1 || Channels.Skip(1).Any(count => count < 64 || count % 64 != 0))
        {
            faults.Add($"Channels is [{string.Join(", ", Channels)}], expected the stem's and then three multiples of 64");
        }

        if (Blocks.Count != 3 || Blocks.Any(count => count < 1))
        {
            faults.Add($"Blocks is [{string.Join(", ", Blocks)}], expected three numbers of 1 or more");
        }

        if (FeatureWidth == 0 && Classes > 0)
        {
            faults.Add($"Classes is {Classes} but FeatureWidth 0: a classifier reads the feature, give it a width");
        }

        OptionFaults.Refuse([.. faults, .. OptionFaults.NotNegative((nameof(FeatureWidth), FeatureWidth), (nameof(Classes), Classes))]);
        return this;
    }
}
