namespace Semblance.Text;

/// <summary>A text as token ids of fixed length: <c>[CLS] pieces [SEP] [PAD] ...</c>.</summary>
/// <param name="Ids">Token ids <c>[L]</c>.</param>
/// <param name="Count">How many of them are not padding, <c>[CLS]</c> and <c>[SEP]</c> included: the attention mask is 1 before this position.</param>
/// <param name="WordIndex">For each token the word it is a piece of, an index into <paramref name="Words"/>; -1 for special tokens and padding <c>[L]</c>.</param>
/// <param name="Words">The words that fit at least in part, after lower-casing and splitting.</param>
/// <param name="Unknown">How many of the words the vocabulary has no pieces for; another language or script shows here.</param>
/// <param name="Dropped">How many pieces did not fit; 0 when the text is whole.</param>
public sealed record TokenSequence(int[] Ids, int Count, int[] WordIndex, IReadOnlyList<string> Words, int Unknown, int Dropped)
{
    /// <summary>True when the text was longer than the room for it.</summary>
    public bool Truncated => Dropped > 0;

    /// <summary>What a user should be told about this text, or null: it was cut, or the vocabulary hardly knows its words.</summary>
    public string? Warning
    {
        get
        {
            List<string> warnings = [];
            if (Truncated)
            {
                warnings.Add($"the text has {Count + Dropped} tokens and the model reads {Ids.Length}: its last {Dropped} were cut, shorten it to keep them");
            }

            if (Unknown > 0 && 2 * Unknown >= Words.Count)
            {
                warnings.Add($"{Unknown} of {Words.Count} words are unknown to the model's vocabulary (another language or script?): describe the person in English");
            }
            else if (Words.Count == 0)
            {
                warnings.Add("the text has no words: describe the person, for instance \"a woman in a red coat\"");
            }

            return warnings.Count == 0 ? null : string.Join("; ", warnings);
        }
    }
}
