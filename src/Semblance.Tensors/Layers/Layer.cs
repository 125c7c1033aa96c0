namespace Semblance.Tensors.Layers;

/// <summary>A module that makes one tensor of one tensor, and so fits into a <see cref="Sequential"/>.</summary>
public abstract class Layer : Module
{
    /// <summary>Computes the layer's output; the caller, or the open scope, owns it.</summary>
    public abstract Tensor Forward(Tensor input);
}
