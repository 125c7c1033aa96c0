namespace Semblance.Tensors.Layers;

/// <summary>What stands between the two linear layers of a block.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x Φ(x), exact.</summary>
    Gelu,
}
