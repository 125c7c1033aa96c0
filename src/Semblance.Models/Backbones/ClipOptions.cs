namespace Semblance.Models.Backbones;

/// <summary>Sizes of a <see cref="Clip"/>. The defaults are CLIP ViT-B/16 for a person of 384 x 128 pixels, as text-to-person search uses it.</summary>
public sealed record ClipOptions
{
    /// <summary>Input rows in pixels.</summary> <value>384; the published weights were trained on 224 x 224.</value>
    public int Height { get; init; } = 384;

    /// <summary>Input columns in pixels.</summary> <value>128.</value>
    public int Width { get; init; } = 128;

    /// <summary>Side of a patch in pixels.</summary> <value>16.</value>
    public int Patch { get; init; } = 16;

    /// <summary>Step between patches in pixels; below <see cref="Patch"/> they overlap.</summary> <value>16.</value>
    public int Stride { get; init; } = 16;

    /// <summary>D of the image tower.</summary> <value>768.</value>
    public int ImageWidth { get; init; } = 768;

    /// <summary>Transformer blocks of the image tower.</summary> <value>12.</value>
    public int ImageLayers { get; init; } = 12;

    /// <summary>A of the image tower.</summary> <value>12: one for each 64 of the width.</value>
    public int ImageHeads { get; init; } = 12;

    /// <summary>Word pieces.</summary> <value>49408.</value>
    public int VocabularySize { get; init; } = 49408;

    /// <summary>L, the longest text in word pieces, start and end included.</summary> <value>77.</value>
    public int TextLength { get; init; } = 77;

    /// <summary>D of the text tower.</summary> <value>512.</value>
    public int TextWidth { get; init; } = 512;

    /// <summary>Transformer blocks of the text tower.</summary> <value>12.</value>
    public int TextLayers { get; init; } = 12;

    /// <summary>A of the text tower.</summary> <value>8: one for each 64 of the width.</value>
    public int TextHeads { get; init; } = 8;

    /// <summary>E, width of the embedding that both towers share.</summary> <value>512.</value>
    public int EmbeddingWidth { get; init; } = 512;

    /// <summary>How the picture is cut.</summary>
    public PatchGrid Grid => new(Height, Width, Patch, Stride);

    /// <exception cref="ArgumentException">An option is unsound; the message lists every fault.</exception>
    internal ClipOptions Validate()
    {
        OptionFaults.Refuse([.. Faults()]);
        return this;
    }

    /// <summary>Every fault in words; empty when the options are sound.</summary>
    internal IReadOnlyList<string> Faults() =>
    [
        .. OptionFaults.Grid(Grid),
        .. OptionFaults.Transformer(nameof(ImageWidth), ImageWidth, nameof(ImageHeads), ImageHeads),
        .. OptionFaults.Transformer(nameof(TextWidth), TextWidth, nameof(TextHeads), TextHeads),
        .. OptionFaults.Positive(
            (nameof(ImageLayers), ImageLayers), (nameof(TextLayers), TextLayers), (nameof(VocabularySize), VocabularySize),
            (nameof(TextLength), TextLength), (nameof(EmbeddingWidth), EmbeddingWidth)),
    ];
}
