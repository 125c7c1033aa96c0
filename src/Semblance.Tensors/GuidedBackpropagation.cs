namespace Semblance.Tensors;

/// <summary>
/// Changes the backward pass of the activations that run while it is on: the ordinary gradient, times [incoming gradient > 0], times [input > 0].
/// The forward pass is unchanged.
/// </summary>
/// <remarks>Springenberg and others, "Striving for Simplicity", 2015 (arXiv 1412.6806), defined for ReLU; the same rule for GELU is ours.</remarks>
public static class GuidedBackpropagation
{
    [ThreadStatic]
    private static bool _isOn;

    /// <summary>Whether activations that run now on this thread get the guided backward pass.</summary>
    public static bool IsOn => _isOn;

    /// <summary>Guides the activations that run on this thread until the answer is disposed; their backward passes may come later.</summary>
    public static IDisposable On() => new Switch();

    internal static Tensor Apply(Tensor input, Tensor output)
    {
        if (_isOn && output.RequiresGrad)
        {
            using var seen = input.Detach();
            var positive = TensorScope.Release(seen.Gt(0));
            Interop.GradientHook.Register(output, gradient => gradient.ClampMin(0) * positive, needed: positive);
        }

        return output;
    }

    private sealed class Switch : IDisposable
    {
        private readonly bool _before = _isOn;

        internal Switch() => _isOn = true;

        public void Dispose() => _isOn = _before;
    }
}
