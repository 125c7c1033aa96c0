namespace Semblance.Tensors;

/// <summary>What becomes of a loss's terms; the numbers are libtorch's own.</summary>
public enum Reduction
{
    /// <summary>They stay apart.</summary>
    None = 0,
    Mean = 1,
    Sum = 2,
}
