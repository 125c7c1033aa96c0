using Semblance.Tensors;

namespace Semblance.Explanation;

/// <summary>Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391) over patch tokens.</summary>
public static class GradCam
{
    /// <summary><c>alpha_c = mean_p G[p, c]</c>, <c>cam_p = max(0, Σ_c alpha_c A[p, c])</c>, divided by the largest; a map of zeros stays zero.</summary>
    /// <param name="activation">A, patch tokens of one picture, <c>[N, D]</c>; borrowed.</param>
    /// <param name="gradient">G, of the score by A, <c>[N, D]</c>; borrowed.</param>
    /// <returns>One number in [0, 1] per patch, row by row.</returns>
    /// <remarks>
    /// A feature is read from a class token, so the patch tokens <em>after</em> the last block of its encoder have gradient 0, and a map from there is empty.
    /// Take the first layer norm of the last block, which the attention still reads.
    /// </remarks>
    public static float[] Map(Tensor activation, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentNullException.ThrowIfNull(gradient);
        using var scope = new TensorScope();
        using var nothing = Autograd.NoGrad();
        var weights = gradient.Mean(0, keepDim: true);                       // [1, D]
        return PatchMap.Normalise((activation * weights).Sum(1).Relu().ToArray<float>());
    }
}
