using System.Numerics;
using System.Runtime.InteropServices;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Optimisers;

/// <summary>
/// What Adam and AdamW share: <c>m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; p ← p - rate/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε)</c>.
/// </summary>
public abstract class AdaptiveMoments : Optimiser
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly bool _isDecoupled;

    private protected AdaptiveMoments(IEnumerable<ParameterGroup> groups, double beta1, double beta2, double epsilon, bool isDecoupled)
        : base(groups, "exp_avg", "exp_avg_sq")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beta1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta1, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(beta2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta2, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _isDecoupled = isDecoupled;
    }

    private protected sealed override void UpdateByOperators(ParameterGroup group, long step, Tensor[] parameters, Tensor[] gradients, Tensor[][] state)
    {
        var rate = group.LearningRate * group.Scale;
        if (group.WeightDecay != 0 && _isDecoupled)
        {
            Operator.InPlace("_foreach_mul_.Scalar", parameters, 1 - (rate * group.WeightDecay));
        }
        else if (group.WeightDecay != 0)
        {
            gradients = Operator.Many("_foreach_add.List", gradients, parameters, group.WeightDecay);
        }

        Operator.InPlace("_foreach_mul_.Scalar", state[0], _beta1);
        Operator.InPlace("_foreach_add_.List", state[0], gradients, 1 - _beta1);
        Operator.InPlace("_foreach_mul_.Scalar", state[1], _beta2);
        Operator.InPlace("_foreach_addcmul_.Scalar", state[1], gradients, gradients, 1 - _beta2);
        var divisors = Operator.Many("_foreach_sqrt", (Argument)state[1]);
        Operator.InPlace("_foreach_div_.Scalar", divisors, Math.Sqrt(1 - Math.Pow(_beta2, step)));
        Operator.InPlace("_foreach_add_.Scalar", divisors, _epsilon);
        Operator.InPlace("_foreach_addcdiv_.Scalar", parameters, state[0], divisors, -rate / (1 - Math.Pow(_beta1, step)));
    }

    private protected sealed override void UpdatePiece(
        ParameterGroup group, long step, Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
    {
        var learningRate = group.LearningRate * group.Scale;
        float keep = _isDecoupled ? (float)(1 - (learningRate * group.WeightDecay)) : 1, decay = _isDecoupled ? 0 : (float)group.WeightDecay;
        float beta1 = (float)_beta1, rest1 = (float)(1 - _beta1), beta2 = (float)_beta2, rest2 = (float)(1 - _beta2);
        float correction = (float)Math.Sqrt(1 - Math.Pow(_beta2, step)), epsilon = (float)_epsilon, rate = (float)(learningRate / (1 - Math.Pow(_beta1, step)));
        var p = MemoryMarshal.Cast<float, Vector<float>>(parameter);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var m = MemoryMarshal.Cast<float, Vector<float>>(first);
        var v = MemoryMarshal.Cast<float, Vector<float>>(second);
        var corrections = new Vector<float>(correction);
        var epsilons = new Vector<float>(epsilon);
        for (var i = 0; i < p.Length; i++)
        {
            var slope = g[i] + (p[i] * decay);
            m[i] = (m[i] * beta1) + (slope * rest1);
            v[i] = (v[i] * beta2) + (slope * slope * rest2);
            p[i] = (p[i] * keep) - (m[i] / ((Vector.SquareRoot(v[i]) / corrections) + epsilons) * rate);
        }

        for (var i = p.Length * Vector<float>.Count; i < parameter.Length; i++)
        {
            var slope = gradient[i] + (parameter[i] * decay);
            first[i] = (first[i] * beta1) + (slope * rest1);
            second[i] = (second[i] * beta2) + (slope * slope * rest2);
            parameter[i] = (parameter[i] * keep) - (first[i] / ((MathF.Sqrt(second[i]) / correction) + epsilon) * rate);
        }
    }
}
