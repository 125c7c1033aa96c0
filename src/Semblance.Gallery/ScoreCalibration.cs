namespace Semblance.Gallery;

/// <summary>How the similarities of a question's terms are brought to one scale before they are added.</summary>
public enum ScoreCalibration
{
    /// <summary>
    /// Each term's cosines are standardised by their own mean and standard deviation over the whole gallery (before any filter): 0 is as alike as the average item, 1 is one
    /// standard deviation more. Pictures lie close together in the image space and words far from pictures in the joint space, so raw cosines of the two do not add up;
    /// standardised, each term counts by how well it tells this gallery's items apart.
    /// </summary>
    Standardised,

    /// <summary>Raw cosines, for terms of one space or for scores that must not depend on the rest of the gallery.</summary>
    None,
}
