namespace Semblance.Tensors;

/// <summary>Which number of connections keeps its variance: into a unit (forward pass) or out of it (backward pass).</summary>
public enum FanMode
{
    /// <summary>Inputs of one output.</summary>
    In,

    /// <summary>Outputs that one input reaches.</summary>
    Out,
}
