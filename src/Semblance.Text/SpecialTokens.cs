namespace Semblance.Text;

/// <summary>The tokens that stand for something other than words, spelt as in BERT's vocabulary files.</summary>
public static class SpecialTokens
{
    public const string Padding = "[PAD]";
    public const string Unknown = "[UNK]";
    public const string Class = "[CLS]";
    public const string Separator = "[SEP]";
    public const string Mask = "[MASK]";

    /// <summary>All five, in the order in which a learnt vocabulary begins: ids 0 to 4. BERT's own file has 0, 100, 101, 102, 103; readers go by name.</summary>
    public static IReadOnlyList<string> All { get; } = [Padding, Unknown, Class, Separator, Mask];
}
