using Semblance.Tensors;

namespace Semblance.Models.Backbones;

/// <summary>Scaled dot-product attention over heads that stand side by side in the width.</summary>
internal static class ScaledAttention
{
    /// <summary><c>softmax(q kᵀ / √(D/A)) v</c> for each head, joined: <c>[B, L, D] -> [B, L, D]</c>.</summary>
    /// <param name="q"><c>[B, L, D]</c>.</param>
    /// <param name="k"><c>[B, L, D]</c>.</param>
    /// <param name="v"><c>[B, L, D]</c>.</param>
    /// <param name="heads">A, a divisor of D.</param>
    /// <param name="absent">Bool <c>[B, L]</c>, true where there is no token; null when all places count.</param>
    public static Tensor Apply(Tensor q, Tensor k, Tensor v, int heads, Tensor? absent = null)
    {
        using var scope = new TensorScope();
        var scores = Heads(q * (1 / Math.Sqrt(q.Size(2) / (double)heads))).MatMul(Heads(k).Transpose(-2, -1));        // [B, A, L, L]
        if (absent is not null)
        {
            scores = scores.MaskedFill(absent.Unsqueeze(1).Unsqueeze(1), double.NegativeInfinity);
        }

        return scope.Keep(scores.Softmax(-1).MatMul(Heads(v)).Transpose(1, 2).Flatten(2, 3));

        Tensor Heads(Tensor x) => x.Reshape(x.Size(0), x.Size(1), heads, x.Size(2) / heads).Transpose(1, 2);          // [B, A, L, D/A]
    }
}
