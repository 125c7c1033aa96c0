using Semblance.Tensors;

namespace Semblance.Explanation;

/// <summary>Attention rollout (Abnar and Zuidema 2020, arXiv 2005.00928): where the class token's information comes from, without a gradient and without a question.</summary>
public static class AttentionRollout
{
    /// <summary>The product over blocks of <c>½ (mean over heads + I)</c>; its row of the class token, without the class token, divided by the largest.</summary>
    /// <param name="attentions">Probabilities of each block from the first on, <c>[A, L, L]</c>, token 0 being the class token; borrowed.</param>
    /// <returns>One number in [0, 1] per other token.</returns>
    /// <exception cref="ArgumentException">There are no blocks.</exception>
    public static float[] Map(IReadOnlyList<Tensor> attentions)
    {
        ArgumentNullException.ThrowIfNull(attentions);
        if (attentions.Count == 0)
        {
            throw new ArgumentException("no attention to roll out, expected one tensor [A, L, L] per block", nameof(attentions));
        }

        using var scope = new TensorScope();
        using var nothing = Autograd.NoGrad();
        var identity = Tensor.Eye(attentions[0].Size(1), device: attentions[0].Device);
        var rolled = identity;
        foreach (var attention in attentions)
        {
            rolled = ((attention.To(ScalarType.Float32).Mean(0) + identity) * 0.5).MatMul(rolled);    // rows of both sum to 1, so the product's do
        }

        return PatchMap.Normalise(rolled.Select(0, 0).Narrow(0, 1, identity.Size(0) - 1).ToArray<float>());
    }
}
