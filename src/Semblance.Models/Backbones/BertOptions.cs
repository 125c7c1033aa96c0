namespace Semblance.Models.Backbones;

/// <summary>Sizes of a <see cref="Bert"/>. The defaults are bert-base-uncased.</summary>
public sealed record BertOptions
{
    /// <summary>Word pieces.</summary> <value>30522.</value>
    public int VocabularySize { get; init; } = 30522;

    /// <summary>Longest text in word pieces, <c>[CLS]</c> and <c>[SEP]</c> included.</summary> <value>512.</value>
    public int Positions { get; init; } = 512;

    /// <summary>Kinds of text in one sequence; captions are always the first.</summary> <value>2.</value>
    public int TokenTypes { get; init; } = 2;

    /// <summary>D.</summary> <value>768.</value>
    public int HiddenWidth { get; init; } = 768;

    /// <summary>Transformer blocks.</summary> <value>12.</value>
    public int Layers { get; init; } = 12;

    /// <summary>A, a divisor of <see cref="HiddenWidth"/>.</summary> <value>12.</value>
    public int Heads { get; init; } = 12;

    /// <summary>Width between the two linear layers of a block.</summary> <value>3072.</value>
    public int MlpWidth { get; init; } = 3072;

    /// <summary>Probability that an element is dropped in training, after the embedding and before each addition.</summary> <value>0.1.</value>
    public double Dropout { get; init; } = 0.1;

    /// <exception cref="ArgumentException">An option is unsound; the message lists every fault.</exception>
    internal BertOptions Validate()
    {
        OptionFaults.Refuse([.. Faults()]);
        return this;
    }

    /// <summary>Every fault in words; empty when the options are sound.</summary>
    internal IReadOnlyList<string> Faults() =>
    [
        .. OptionFaults.Transformer(nameof(HiddenWidth), HiddenWidth, nameof(Heads), Heads),
        .. OptionFaults.Positive(
            (nameof(VocabularySize), VocabularySize), (nameof(Positions), Positions), (nameof(TokenTypes), TokenTypes), (nameof(Layers), Layers), (nameof(MlpWidth), MlpWidth)),
        .. Dropout is >= 0 and < 1 ? Array.Empty<string>() : [$"Dropout is {Dropout}, expected 0 or more and less than 1"],
    ];
}
