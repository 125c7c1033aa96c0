using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>
/// What an encoder gives: the states after its last block, and on demand the same after its final layer norm. The fusion reads the first, every head and feature the second.
/// </summary>
public sealed class EncoderStates
{
    private readonly LayerNorm _norm;

    internal EncoderStates(Tensor last, LayerNorm norm)
    {
        Last = last;
        _norm = norm;
    }

    /// <summary><c>hidden_last</c>, before the final layer norm: <c>[B, L, D]</c>; of the tokens that were asked for, when not all were.</summary>
    public Tensor Last { get; }

    /// <summary>h of every token that was asked for, <c>[B, L, D]</c>.</summary>
    public Tensor Normalised() => _norm.Forward(Last);

    /// <summary>h of these rows of the flattened batch: <c>[M, D]</c>. A layer norm acts row by row, so only what is read is computed.</summary>
    /// <param name="rows">Indices into <c>[B L]</c>, int64.</param>
    public Tensor NormalisedAt(Tensor rows) => _norm.Forward(Last.Flatten(0, 1).IndexSelect(0, rows));

    /// <summary>h of the class token, which stands first: <c>[B, D]</c>.</summary>
    public Tensor ClassToken() => _norm.Forward(Last.Narrow(1, 0, 1).Squeeze(1));
}
