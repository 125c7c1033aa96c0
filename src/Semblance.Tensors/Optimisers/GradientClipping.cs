using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Optimisers;

/// <summary>Keeps one bad batch from throwing the parameters far away.</summary>
public static class GradientClipping
{
    /// <summary>Scales all gradients together, so that their joint Euclidean norm is at most <paramref name="maximum"/>.</summary>
    /// <param name="parameters">On one device; those without a gradient are left out.</param>
    /// <param name="maximum">Positive.</param>
    /// <returns>The norm before; not finite when a gradient is not, and then nothing is scaled: skip that step.</returns>
    /// <remarks>Pascanu et al. 2013, arXiv 1211.5063; the factor is maximum / (norm + 1e-6), as in PyTorch.</remarks>
    public static double ByNorm(IEnumerable<Tensor> parameters, double maximum)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximum);
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.Grad).OfType<Tensor>()];
        if (gradients.Length == 0)
        {
            return 0;
        }

        var norms = Operator.Many("_foreach_norm.Scalar", gradients, 2L);
        var norm = Tensor.Stack(norms).Norm().Item<double>();
        var factor = maximum / (norm + 1e-6);
        if (factor < 1 && double.IsFinite(norm))
        {
            Operator.InPlace("_foreach_mul_.Scalar", gradients, factor);
        }

        return norm;
    }
}
