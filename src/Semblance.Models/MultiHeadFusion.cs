using Semblance.Tensors;
using Semblance.Tensors.Layers;

namespace Semblance.Models;

/// <summary>MHAF of LCR²S: enriches a sample by other samples of the same person, itself at the centre: <c>f̂ = f + W_O [o_1; …; o_h] + b_O</c>.</summary>
/// <remarks>That it is attention in several heads is the paper's (Yan et al. 2023, arXiv 2310.11210); the inner form is ours.</remarks>
public sealed class MultiHeadFusion : Module
{
    private readonly LayerNorm _norm;
    private readonly MultiheadAttention _attention;

    /// <param name="width">D.</param>
    /// <param name="heads">h, a divisor of D.</param>
    public MultiHeadFusion(int width, int heads)
    {
        _norm = Register("norm", new LayerNorm(width));
        _attention = Register("attention", new MultiheadAttention(width, heads));
        using var scope = new TensorScope();
        foreach (var matrix in (Tensor[])[.. Enumerable.Range(0, 3).Select(i => _attention.InputWeight.Narrow(0, (long)i * width, width)), _attention.Output.Weight])
        {
            Initialise.XavierUniform(matrix);
        }
    }

    /// <summary>The four projections' joint output, for tests: zero weights make the fusion the identity.</summary>
    internal Linear Output => _attention.Output;

    /// <summary>The enriched features.</summary>
    /// <param name="samples">f, <c>[B, D]</c>; borrowed.</param>
    /// <param name="support">s, <c>[B, K, D]</c> in any order; borrowed. Null for none.</param>
    /// <param name="empty">True for slots without a sample, <c>[B, K]</c> bool; borrowed. Null when all are filled.</param>
    /// <returns>f̂, <c>[B, D]</c>.</returns>
    public Tensor Forward(Tensor samples, Tensor? support, Tensor? empty) => ForwardWithWeights(samples, support, empty).Enriched;

    /// <summary>The enriched features with the attention <c>[B, h, 1, 1 + K]</c>.</summary>
    internal (Tensor Enriched, Tensor Weights) ForwardWithWeights(Tensor samples, Tensor? support, Tensor? empty)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var own = samples.Unsqueeze(1);                                                                            // [B, 1, D]
        var z = _norm.Forward(support is null ? own : Tensor.Cat([own, support], 1));                              // [B, 1 + K, D]
        var hidden = support is null || empty is null ? null : empty.Pad([1, 0]);                                  // the sample itself is never hidden
        var (output, weights) = _attention.ForwardWithWeights(z.Narrow(1, 0, 1), z, z, hidden);
        return (samples + output.Squeeze(1), weights);
    }
}
