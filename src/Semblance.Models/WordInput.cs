using Semblance.Models.Backbones;

namespace Semblance.Models;

/// <summary>Makes the text input that options name.</summary>
internal static class WordInput
{
    /// <param name="bert">Sizes of a frozen BERT; null for word vectors that are trained.</param>
    /// <param name="vocabulary">Word pieces.</param>
    /// <param name="width">Of the word vectors.</param>
    /// <param name="shift">Whether word vectors' texts begin at a random place in training.</param>
    public static ITextInput Make(BertOptions? bert, int vocabulary, int width, bool shift) =>
        bert is null ? new WordVectors(vocabulary, width, shift: shift) : new BertWords(new Bert(bert));

    public static IEnumerable<string> Faults(BertOptions? bert, MethodOptions options)
    {
        if (bert is null)
        {
            yield break;
        }

        foreach (var fault in bert.Faults())
        {
            yield return $"Bert: {fault}";
        }

        if (bert.VocabularySize != options.VocabularySize)
        {
            yield return $"a BERT of {bert.VocabularySize} word pieces with a vocabulary of {options.VocabularySize}: give it the vocabulary that it was trained with";
        }

        if (bert.Positions < options.TextLength)
        {
            yield return $"a text length of {options.TextLength}, expected at most the {bert.Positions} places that BERT knows";
        }
    }
}
