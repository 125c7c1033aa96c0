using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>How token ids become the vectors that a text tower reads: trainable word vectors, or an encoder of words.</summary>
public interface ITextInput
{
    /// <summary>Numbers of a vector, E.</summary>
    int Width { get; }

    /// <summary>What the tower registers, so that its parameters are saved and trained with it; a frozen encoder has none that require gradients.</summary>
    Module Module { get; }

    /// <summary>Reads a batch of texts.</summary>
    /// <param name="tokens">Ids with [CLS], [SEP] and padding, <c>[B, L]</c> int64; borrowed.</param>
    /// <param name="attention">True for real tokens, <c>[B, L]</c> bool; borrowed.</param>
    /// <returns><c>[B, L, E]</c>, zero where there is no token.</returns>
    Tensor Read(Tensor tokens, Tensor attention);
}
