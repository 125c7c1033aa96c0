using Semblance.Tensors.Interop;

namespace Semblance.Tensors;

/// <content>Gradients.</content>
public sealed partial class Tensor
{
    /// <summary>Whether operations on this tensor are recorded. Only a tensor of real numbers can ask for it, only a leaf can give it up.</summary>
    public bool RequiresGrad
    {
        get => Native.RequiresGrad(Handle) != 0;
        set => Native.Check(Native.SetRequiresGrad(Handle, value ? 1 : 0), "requires_grad", ToString());
    }

    /// <summary>Whether the tensor came from no recorded operation: a parameter or an input.</summary>
    public bool IsLeaf => Native.Check(Native.IsLeaf(Handle), "is_leaf") != 0;

    /// <summary>
    /// The sum of the gradients that backward passes brought to this leaf; null before the first. Each read gives a new object on the same
    /// memory; what is set is shared, not copied.
    /// </summary>
    public Tensor? Grad
    {
        get
        {
            Native.Check(Native.Grad(Handle, out var gradient), "grad", ToString());
            return gradient == 0 ? null : new Tensor(gradient);
        }

        set
        {
            Native.Check(Native.SetGrad(Handle, value?.Handle.DangerousGetHandle() ?? 0), "grad", $"{this}, {value}");
            GC.KeepAlive(value);
        }
    }

    /// <summary>Adds the gradient of this tensor to the <see cref="Grad"/> of every leaf that it was computed from.</summary>
    /// <param name="gradient">The gradient of what is sought by this tensor; not needed for a scalar.</param>
    /// <param name="keepGraph">Whether the graph stays for another pass.</param>
    /// <param name="createGraph">Whether the gradients themselves are recorded.</param>
    public void Backward(Tensor? gradient = null, bool keepGraph = false, bool createGraph = false)
    {
        var status = Native.Backward(
            Handle, gradient?.Handle.DangerousGetHandle() ?? 0, keepGraph || createGraph ? 1 : 0, createGraph ? 1 : 0);
        GC.KeepAlive(gradient);
        GradientHook.Check(status, "backward", ToString());
    }

    /// <summary>
    /// Calls <paramref name="hook"/> with the gradient of this tensor whenever a backward pass works it out; what it returns replaces the
    /// gradient, null leaves it. The tensors it makes are freed afterwards; an exception in it stops the pass and comes out of the call
    /// that started it.
    /// </summary>
    public void RegisterHook(Func<Tensor, Tensor?> hook) => GradientHook.Register(this, hook);
}
