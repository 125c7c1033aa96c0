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

    /// <summary>Where the frozen start weights look: the attention of their last block from the class token; needs a model's folder in <c>model.start_weights</c>.</summary>
    Attention,

    /// <summary>The data set's mask or key points, else the mean of the masks that other sources have: a prior learnt where masks are, for sets without.</summary>
    MeanMask,
}
