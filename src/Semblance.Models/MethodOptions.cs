using Semblance.Text;

namespace Semblance.Models;

/// <summary>What every method's options say, whatever else shapes it: the size of its input. Immutable.</summary>
public abstract record MethodOptions
{
    /// <summary>Input rows in pixels.</summary>
    public abstract int Height { get; init; }

    /// <summary>Input columns in pixels.</summary>
    public abstract int Width { get; init; }

    /// <summary>Longest text in tokens with [CLS] and [SEP], L.</summary>
    public abstract int TextLength { get; init; }

    /// <summary>Entries of the word-piece vocabulary; follows from the vocabulary.</summary>
    public abstract int VocabularySize { get; init; }

    /// <summary>Kind of the public weights that the picture stream may begin with, as <c>import</c> names it; null for a method that has none.</summary>
    public virtual string? BackboneKind => null;

    /// <summary>The same with words read by a frozen BERT of these sizes; null for a method that reads them by itself.</summary>
    /// <param name="bert">Sizes of the BERT.</param>
    public virtual MethodOptions? ReadingWordsBy(Backbones.BertOptions bert) => null;

    /// <summary>Why the method cannot read by a tokenizer; null when it can. Word pieces, if a method does not say otherwise.</summary>
    public virtual string? FaultOf(ITokenizer tokenizer) => tokenizer is WordPieceTokenizer ? null
        : "byte pairs, but this method reads word pieces: name a vocabulary such as BERT's vocab.txt, or leave vocabulary.path out to learn one";

    /// <summary>How a picture becomes the network's input.</summary>
    public abstract Preprocessing Preprocessing();

    /// <summary>Every fault in words; empty when the options are sound.</summary>
    public abstract IReadOnlyList<string> Faults();
}
