namespace Semblance.Models;

/// <summary>Who decides how much of each scale an AXM-Block keeps.</summary>
public enum AxmGates
{
    /// <summary>One gate per block for pictures and words.</summary>
    Shared,

    /// <summary>A gate of its own for each modality.</summary>
    PerModality,

    /// <summary>No gate: the plain sum of the scales.</summary>
    None,
}
