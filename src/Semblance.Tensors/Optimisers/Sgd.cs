using System.Numerics;
using System.Runtime.InteropServices;
using Semblance.Tensors.Interop;

namespace Semblance.Tensors.Optimisers;

/// <summary>
/// Gradient descent: <c>g ← g + decay·p; v ← momentum·v + g; p ← p - rate·v</c>, with Nesterov's look ahead <c>p ← p - rate·(g + momentum·v)</c>.
/// </summary>
/// <remarks>As PyTorch's SGD without dampening; the first step starts the momentum with the gradient itself.</remarks>
public sealed class Sgd : Optimiser
{
    private readonly double _momentum;
    private readonly bool _nesterov;

    /// <param name="groups">At least one; no parameter twice.</param>
    /// <param name="momentum">From 0 to below 1.</param>
    /// <param name="nesterov">Whether to look ahead; needs a momentum.</param>
    public Sgd(IEnumerable<ParameterGroup> groups, double momentum = 0, bool nesterov = false)
        : base(groups, momentum > 0 ? ["momentum_buffer"] : [])
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(momentum, 1);
        if (nesterov && momentum == 0)
        {
            throw new ArgumentException("Nesterov's look ahead needs a momentum above 0", nameof(nesterov));
        }

        _momentum = momentum;
        _nesterov = nesterov;
    }

    private protected override void UpdateByOperators(ParameterGroup group, long step, Tensor[] parameters, Tensor[] gradients, Tensor[][] state)
    {
        var moves = group.WeightDecay == 0 ? gradients : Operator.Many("_foreach_add.List", gradients, parameters, group.WeightDecay);
        if (_momentum > 0)
        {
            Operator.InPlace("_foreach_mul_.Scalar", state[0], _momentum);
            Operator.InPlace("_foreach_add_.List", state[0], moves, 1.0);
            moves = _nesterov ? Operator.Many("_foreach_add.List", moves, state[0], _momentum) : state[0];
        }

        Operator.InPlace("_foreach_add_.List", parameters, moves, -group.LearningRate * group.Scale);
    }

    private protected override void UpdatePiece(
        ParameterGroup group, long step, Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
    {
        var rate = (float)(group.LearningRate * group.Scale);
        float decay = (float)group.WeightDecay, momentum = (float)_momentum;
        var p = MemoryMarshal.Cast<float, Vector<float>>(parameter);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var v = MemoryMarshal.Cast<float, Vector<float>>(first);
        for (var i = 0; i < p.Length; i++)
        {
            var move = g[i] + (p[i] * decay);
            if (momentum > 0)
            {
                v[i] = (v[i] * momentum) + move;
                move = _nesterov ? move + (v[i] * momentum) : v[i];
            }

            p[i] -= move * rate;
        }

        for (var i = p.Length * Vector<float>.Count; i < parameter.Length; i++)
        {
            var move = gradient[i] + (parameter[i] * decay);
            if (momentum > 0)
            {
                first[i] = (first[i] * momentum) + move;
                move = _nesterov ? move + (first[i] * momentum) : first[i];
            }

            parameter[i] -= move * rate;
        }
    }
}
