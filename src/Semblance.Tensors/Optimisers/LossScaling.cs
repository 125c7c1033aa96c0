using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Optimisers;

/// <summary>
/// Dynamic loss scaling for Float16 (Micikevicius et al. 2018, arXiv 1710.03740): gradients are computed of a loss many times larger, so that small ones do not round to 0,
/// and divided again before they are used. A step whose gradients overflow is left out and the factor halved; after many good steps it doubles.
/// </summary>
/// <remarks>The defaults are those of PyTorch's GradScaler.</remarks>
public sealed class LossScaling
{
    private const double LargestFactor = 1 << 24;

    /// <summary>What the next loss is multiplied by.</summary>
    public double Factor { get; private set; } = 65536;

    /// <summary>Good steps since the factor last changed.</summary>
    public int GoodSteps { get; private set; }

    /// <summary>Good steps in a row after which the factor doubles.</summary>
    public int GrowthInterval { get; init; } = 2000;

    /// <summary>Goes on with a factor that was reached before.</summary>
    public void Restore(double factor, int goodSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfNegative(goodSteps);
        (Factor, GoodSteps) = (factor, goodSteps);
    }

    /// <summary>Divides every gradient by the factor that its loss was multiplied by.</summary>
    /// <param name="parameters">Those without a gradient are left alone.</param>
    public void Unscale(IEnumerable<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.Grad).OfType<Tensor>()];
        if (gradients.Length > 0)
        {
            Operator.InPlace("_foreach_mul_.Scalar", gradients, 1 / Factor);
        }
    }

    /// <summary>Adapts the factor to what came of a step.</summary>
    /// <param name="finite">Whether its gradients were finite; if not, the step is not to be made.</param>
    /// <exception cref="ArithmeticException">Gradients overflow though the loss is no longer enlarged: something other than the number format is wrong.</exception>
    public void Note(bool finite)
    {
        if (!finite)
        {
            if (Factor <= 1)
            {
                throw new ArithmeticException("the gradients are not finite in Float16 though the loss is not enlarged: lower the learning rate, or train in bfloat16");
            }

            (Factor, GoodSteps) = (Math.Max(1, Factor / 2), 0);
        }
        else if (++GoodSteps >= GrowthInterval)
        {
            (Factor, GoodSteps) = (Math.Min(LargestFactor, Factor * 2), 0);
        }
    }
}
