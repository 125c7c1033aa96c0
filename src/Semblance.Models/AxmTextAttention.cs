namespace Semblance.Models;

/// <summary>How the words of an AXM-Net take note of each other after the last block.</summary>
public enum AxmTextAttention
{
    /// <summary>One context for the whole text, added to every place.</summary>
    Context,

    /// <summary>Every place asks every other: the first version's, for comparison.</summary>
    NonLocal,

    /// <summary>Not at all.</summary>
    None,
}
