namespace Semblance.Models.Backbones;

/// <summary>Sizes of a <see cref="Vit"/>. The defaults are ViT-B/16 for a person of 256 x 128 pixels, without a classifier.</summary>
public sealed record VitOptions
{
    /// <summary>Input rows in pixels.</summary> <value>256.</value>
    public int Height { get; init; } = 256;

    /// <summary>Input columns in pixels.</summary> <value>128.</value>
    public int Width { get; init; } = 128;

    /// <summary>Side of a patch in pixels.</summary> <value>16.</value>
    public int Patch { get; init; } = 16;

    /// <summary>Step between patches in pixels; below <see cref="Patch"/> they overlap (He et al. 2021, arXiv 2102.04378).</summary> <value>16.</value>
    public int Stride { get; init; } = 16;

    /// <summary>D.</summary> <value>768: ViT-B.</value>
    public int HiddenWidth { get; init; } = 768;

    /// <summary>Transformer blocks.</summary> <value>12.</value>
    public int Layers { get; init; } = 12;

    /// <summary>A, a divisor of <see cref="HiddenWidth"/>.</summary> <value>12.</value>
    public int Heads { get; init; } = 12;

    /// <summary>Width between the two linear layers of a block.</summary> <value>3072.</value>
    public int MlpWidth { get; init; } = 3072;

    /// <summary>Outputs of the classifier; 0 for none.</summary> <value>0; the published weights have 1000 or 21843.</value>
    public int Classes { get; init; }

    /// <summary>How the picture is cut.</summary>
    public PatchGrid Grid => new(Height, Width, Patch, Stride);

    /// <exception cref="ArgumentException">An option is unsound; the message lists every fault.</exception>
    internal VitOptions Validate()
    {
        OptionFaults.Refuse(
        [
            .. OptionFaults.Grid(Grid),
            .. OptionFaults.Transformer(nameof(HiddenWidth), HiddenWidth, nameof(Heads), Heads),
            .. OptionFaults.Positive((nameof(Layers), Layers), (nameof(MlpWidth), MlpWidth)),
            .. OptionFaults.NotNegative((nameof(Classes), Classes)),
        ]);
        return this;
    }
}
