namespace Semblance.Training.Recipes;

/// <summary>How pedestrian masking finds the person.</summary>
public enum ForegroundKind
{
    /// <summary>The data set's mask, else its key points, else the ellipse (decision D11).</summary>
    Auto,

    /// <summary>The central ellipse, whatever the data set knows.</summary>
    Ellipse,

    /// <summary>Everywhere: this is random masking.</summary>
    None,
}
